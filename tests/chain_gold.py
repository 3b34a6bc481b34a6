"""Chain gold train: reporting chains of real articles, kept as offsets and names; the texts lie outside the repository.

Each file of `gold/news` holds the readings of one article by the rules of CHAINS.md, in code points of its text:
`text` (its path under the data folder), `sha256` of the text's bytes, `readings` (how many independent readings
it rests on), `publisher`, `credit` and `claims`. A claim has `content` (spans), `kind`, `chain` (outermost first; each
hop with `names`, `type`, the spans `cue` and `mention`, null where no words at the claim state it, and `with`) and,
where they hold, `carried` and `optional`.

Where `readings` is 2, two readings were made apart and their differences settled by a third look. On 78 articles the
two agreed on 97 of 100 claims (F1) and, of those, on 99 of 100 chains; all readers were of one kind, so that two of
another kind would agree less.

    python tests/chain_gold.py READING.json… --texts DIR [--readings N]
                                             keeps readings (CHAINS.md's form, with `cue` and `mention`)
    python tests/chain_gold.py --lay-out FOLDER --texts DIR
                                             writes NAME.txt and NAME.json of all, as scorer and training take them
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "gold" / "news"
TEXTS = ("news", "polnear/train/text")
Span = list[int]


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def load(path: Path, data: Path) -> tuple[dict[str, Any], str]:
    """An article's gold and its text; ValueError where the text is not the one that was read."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    raw = (data / gold["text"]).read_bytes()
    if hashlib.sha256(raw).hexdigest() != gold["sha256"]:
        raise ValueError(f"{gold['text']} is not the text that {path.name} was made from.")
    return gold, raw.decode("utf-8")


def spans(gold: dict[str, Any]) -> Iterator[Span]:
    """Every span of an article's gold."""
    for claim in gold["claims"]:
        yield from claim["content"]
        for hop in claim["chain"]:
            yield from (hop[name] for name in ("cue", "mention") if hop[name])


def lay_out(folder: Path, data: Path) -> None:
    """Writes NAME.txt and NAME.json of every article as the scorer of chains takes them. folder: is made."""
    folder.mkdir()
    for path in files():
        gold, text = load(path, data)
        (folder / f"{path.stem}.txt").write_bytes(text.encode())
        claims = [
            claim | {"content": [text[start:end] for start, end in claim["content"]], "spans": claim["content"]}
            for claim in gold["claims"]
        ]
        (folder / path.name).write_text(json.dumps(gold | {"doc": path.stem, "claims": claims}), encoding="utf-8")


def keep(reading: Path, data: Path, readings: int = 1) -> dict[str, Any]:
    """A reading as it is kept. readings: how many it was settled from. ValueError where words are not in the text."""
    read = json.loads(reading.read_text(encoding="utf-8"))
    place = next(
        f"{folder}/{reading.stem}.txt" for folder in TEXTS if (data / folder / f"{reading.stem}.txt").is_file()
    )
    raw = (data / place).read_bytes()
    text = raw.decode("utf-8")
    at = 0
    claims = []
    for claim in read["claims"]:
        content = _content(text, claim, at)
        if not claim.get("optional"):
            at = content[0][0]
        kept = {
            "content": content,
            "kind": claim["kind"],
            "chain": [_hop(text, hop, content) for hop in claim["chain"]],
        }
        claims.append(kept | {name: claim[name] for name in ("carried", "optional") if claim.get(name)})
    head = {"text": place, "sha256": hashlib.sha256(raw).hexdigest(), "readings": readings}
    return head | {"publisher": read["publisher"], "credit": read["credit"], "claims": claims}


def _content(text: str, claim: dict[str, Any], at: int) -> list[Span]:
    """The spans of a claim's parts in their order, from where the claim before begins."""
    found: list[Span] = []
    at = claim.get("from", at)
    for part in claim["content"]:
        pattern = re.compile(re.escape(part).replace("\\\n", "\\r?\n"))
        match = pattern.search(text, at) or pattern.search(text)
        if match is None:
            raise ValueError(f"Not in the text: {part!r}.")
        at = match.end()
        found.append([match.start(), at])
    return found


def _hop(text: str, hop: dict[str, Any], content: list[Span]) -> dict[str, Any]:
    kept = {name: hop[name] for name in ("names", "type", "with") if hop.get(name)}
    return kept | {name: _nearest(text, hop.get(name), content) for name in ("cue", "mention")}


def _nearest(text: str, words: str | None, content: list[Span]) -> Span | None:
    """Where words stand nearest to a claim's content, outside it if they can."""
    if not words:
        return None
    places = [[match.start(), match.end()] for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    if not places:
        raise ValueError(f"Not in the text: {words!r}.")

    def distance(place: Span) -> tuple[bool, int]:
        inside = any(start < place[1] and place[0] < end for start, end in content)
        return inside, min(max(start - place[1], place[0] - end, 0) for start, end in content)

    return min(places, key=distance)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reading", type=Path, nargs="*")
    parser.add_argument("--lay-out", type=Path)
    parser.add_argument("--texts", type=Path, required=True)
    parser.add_argument("--readings", type=int, default=1)
    options = parser.parse_args()
    if options.lay_out:
        lay_out(options.lay_out, options.texts)
    for reading in options.reading:
        kept = keep(reading, options.texts, options.readings)
        (FOLDER / reading.name).write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
