"""How often outlets that carry the same words are given the same origin, on the articles of data/events.

    python tests/quality_events.py DIR

DIR is a corpus that `quotes corpus run` made of them. quality.py analyses them itself.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

ARTICLES = "articles.jsonl"
NAMES = {"verbatim": "verbatim", "near-verbatim": "near_verbatim", "fragment": "part"}


def figures(analyzer: Any, events: Path, folder: Path) -> dict[str, float]:
    """The shares in % of pairs with the same origin, of all and of those where both are named.

    events: the folder with the articles; folder: where the corpus is written.
    """
    from quotes.corpus import analyze_corpus

    analyze_corpus([events / ARTICLES], folder, make_analyzer=lambda **_: analyzer)
    return of_corpus(folder)


def of_corpus(folder: Path) -> dict[str, float]:
    """The same of a corpus that is there."""
    from quotes.corpus import agreement
    from quotes.link import share

    found = {NAMES[each.reason]: each for each in agreement(folder) if each.reason in NAMES}
    all_pairs = {name: round(share(each.pairs) or 0.0, 1) for name, each in found.items()}
    named = {f"{name}_named": round(share(each.named) or 0.0, 1) for name, each in found.items()}
    return all_pairs | named


if __name__ == "__main__":
    for name, value in of_corpus(Path(sys.argv[1])).items():
        print(f"{name:<20}{value:>6.1f}")
