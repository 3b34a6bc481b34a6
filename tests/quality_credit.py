"""Measures article-level wire credits against PolNeAR's metadata.tsv, which is kept outside this repository.

    python tests/quality_credit.py --data DIR        DIR holds data/polnear

A wire credit is a credit to an agency. Recall counts the articles with an agency in the metadata whose first or last
200 characters name an agency; precision counts articles with `None`; `NA` and empty cells are left out. All articles
on which text and metadata disagree are listed: the metadata errs too.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from pathlib import Path

import attrs

from quotes import lexicon
from quotes.article import read_article
from quotes.records import Article

EDGE = 200


@attrs.frozen(kw_only=True)
class Checked:
    """An article, what the metadata say, the agencies that we credit, and whether its edges name any agency."""

    name: str
    wire: str
    credited: tuple[str, ...]
    others: tuple[str, ...]
    shown: bool


def checked(data: Path) -> Iterator[Checked]:
    lists = lexicon.load()
    with (data / "metadata.tsv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows, delimiter="\t"):
            paths = (data / part / "text" / f"{row['filename'].removesuffix('.txt')}.txt" for part in ("train", "dev"))
            path = next((each for each in paths if each.exists()), None)
            if path is not None and row["wire"] not in ("", "NA"):
                yield _checked(read_article(path, lexicon=lists), path.stem, row["wire"], lists)


def _checked(article: Article, name: str, wire: str, lists: lexicon.Lexicon) -> Checked:
    agencies = {form for form, outlet in lists.outlets.items() if outlet.kind == "agency"}
    names = [each.name for each in article.credit]
    edges = article.text[:EDGE] + " " + article.text[-EDGE:]
    said = {wire, wire.upper(), wire.title()}
    return Checked(
        name=name,
        wire=wire,
        credited=tuple(each for each in names if each.lower() in agencies),
        others=tuple(each for each in names if each.lower() not in agencies),
        shown=any(f"({each}" in edges or f"- {each}" in edges or f"{each})" in edges for each in said),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with data/polnear")
    found = list(checked(parser.parse_args().data / "data" / "polnear"))
    wired = [each for each in found if each.wire != "None"]
    shown = [each for each in wired if each.shown]
    right = sum(bool(each.credited) for each in wired)
    wrong = [each for each in found if each.wire == "None" and each.credited]
    for each in wired:
        if not each.credited:
            print(f"{each.name}: {each.wire} in the metadata, {'missed' if each.shown else 'not in the text'}")
    for each in found:
        if each.wire == "None" and (each.credited or each.others):
            print(f"{each.name}: None in the metadata, the text credits {', '.join((*each.credited, *each.others))}")
    recall = 100 * sum(bool(each.credited) for each in shown) / len(shown)
    print(f"recall {recall:.1f} % of {len(shown)}, precision {100 * right / (right + len(wrong)):.1f} %")


if __name__ == "__main__":
    main()
