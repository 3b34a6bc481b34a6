"""Scores claims and their chains against the gold in tests/gold: short texts in chains/, the samples in samples/.

A row of chains/ holds a text and its claims. `chain` names the sources outermost first, by their fullest form and
without an article; an item that is a list holds sources side by side. `names`, in step with `chain`, adds the other
forms that the text uses (for sources side by side, of all of them together). `carried` names relays that only a
neighbouring sentence states; an `optional` claim counts for nobody.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, get_args

import attrs

from quotes.records import Claim, Kind, Report, SourceKind

GOLD = Path(__file__).parent / "gold" / "chains"
KINDS = frozenset(get_args(Kind))
TYPES = frozenset(get_args(SourceKind))
ARTICLES = frozenset(["the", "a", "an", "its", "his", "her", "their", "our", "my"])
DESCRIBED = frozenset({"group", "anonymous", "document"})

Hop = tuple[str, ...]


@attrs.frozen(kw_only=True)
class GoldHop:
    """One hop: the sources side by side, all forms in which the text names any of them, and their type."""

    sources: Hop
    forms: Hop
    type: str


@attrs.frozen(kw_only=True)
class GoldClaim:
    """A claim of the gold; spans are half-open code points of the text."""

    spans: tuple[tuple[int, int], ...]
    content: tuple[str, ...]
    kind: str
    chain: tuple[GoldHop, ...]
    carried: tuple[str, ...]
    optional: bool

    @property
    def chars(self) -> set[int]:
        return {at for start, end in self.spans for at in range(start, end)}


@attrs.frozen(kw_only=True)
class GoldText:
    """A text of the gold, the file that it stands in, and its claims."""

    family: str
    name: str
    publisher: str
    text: str
    claims: tuple[GoldClaim, ...]

    @property
    def deep(self) -> bool:
        return any(len(claim.chain) > 1 and not claim.optional for claim in self.claims)

    @property
    def negative(self) -> bool:
        return not any(len(claim.chain) > 1 or claim.carried for claim in self.claims)


@attrs.frozen(kw_only=True)
class Found:
    """A predicted claim: its characters, its stated chain and its carried relays, outermost first."""

    content: tuple[str, ...]
    chars: frozenset[int]
    chain: tuple[Hop, ...]
    carried: tuple[Hop, ...]


@attrs.frozen(kw_only=True)
class Score:
    """claims_f1, exact and deep_exact in percent: claims found, chains exact over all gold claims, over deep ones.

    false_hops: relays in texts that have none; misses: a few lines each.
    """

    claims_f1: float
    exact: float
    deep_exact: float
    false_hops: int
    misses: tuple[str, ...] = attrs.field(repr=False)


def gold_files() -> list[Path]:
    return sorted(GOLD.glob("*.toml"))


def gold_digest(paths: Iterable[Path]) -> str:
    """Changes with any byte of these files."""
    joined = b"".join(path.name.encode() + path.read_bytes() for path in paths)
    return hashlib.sha256(joined).hexdigest()[:12]


def read_gold(paths: Iterable[Path]) -> list[GoldText]:
    """The texts of these files; ValueError where a content is not in its text or a row is malformed."""
    return [as_text(row, path.stem) for path in paths for row in tomllib.loads(path.read_text("utf-8"))["text"]]


def read_samples(texts: Path, gold: Path) -> list[GoldText]:
    """The articles in a folder, with the gold of the same name: JSON whose hops are objects that list all forms."""
    found = []
    for path in sorted(gold.glob("*.json")):
        row = json.loads(path.read_text("utf-8"))
        text = (texts / f"{path.stem}.txt").read_bytes().decode("utf-8")
        found.append(
            as_text(row | {"name": row["doc"], "publisher": next(iter(row["publisher"]), ""), "text": text}, "samples")
        )
    return found


def as_text(row: dict[str, Any], family: str) -> GoldText:
    claims, at = [], 0
    for given in row["claims"]:
        claim = _claim(given, row["text"], at)
        at = at if claim.optional else claim.spans[0][0]
        claims.append(claim)
    return GoldText(family=family, name=row["name"], publisher=row["publisher"], text=row["text"], claims=tuple(claims))


def _claim(row: dict[str, Any], text: str, at: int) -> GoldClaim:
    return GoldClaim(
        spans=tuple(locate(text, row["content"], at)),
        content=tuple(row["content"]),
        kind=row["kind"],
        chain=tuple(_hops(row)),
        carried=tuple(row.get("carried", ())),
        optional=row.get("optional", False),
    )


def _hops(row: dict[str, Any]) -> Iterator[GoldHop]:
    if "types" not in row:
        yield from (_full_hop([hop, *hop.get("with", [])]) for hop in row["chain"])
        return
    names = row.get("names", [[] for _ in row["chain"]])
    yield from (_hop(item, kind, forms) for item, kind, forms in zip(row["chain"], row["types"], names, strict=True))


def _full_hop(sources: list[dict[str, Any]]) -> GoldHop:
    forms = tuple(form for source in sources for form in source["names"])
    return GoldHop(sources=tuple(source["names"][0] for source in sources), forms=forms, type=sources[0]["type"])


def _hop(item: str | list[str], kind: str, forms: list[str]) -> GoldHop:
    sources = (item,) if isinstance(item, str) else tuple(item)
    return GoldHop(sources=sources, forms=sources + tuple(forms), type=kind)


def locate(text: str, parts: Sequence[str], at: int) -> Iterable[tuple[int, int]]:
    for part in parts:
        start = text.find(part, at)
        start = start if start >= 0 else text.find(part)
        if start < 0:
            raise ValueError(f"not in the text: {part!r}")
        at = start + len(part)
        yield start, at


def found_in(report: Report) -> list[Found]:
    """What a report claims was communicated, in the shape that is scored."""
    return [_found(claim) for claim in report.claims if claim.act == "speech"]


def _found(claim: Claim) -> Found:
    hops = [((hop.name, *(beside.name for beside in hop.beside)), hop.basis) for hop in claim.chain]
    return Found(
        content=tuple(span.text for span in claim.content),
        chars=frozenset(at for span in claim.content for at in range(span.start, span.end)),
        chain=tuple(names for names, basis in hops if basis == "stated"),
        carried=tuple(names for names, basis in hops if basis == "carried"),
    )


def words(name: str) -> list[str]:
    """The words of a name without case, possessives, points and articles."""
    bare = re.sub(r"[’']s\b", "", name.lower()).replace(".", "")
    return [word for word in re.findall(r"[^\W_]+", bare) if word not in ARTICLES]


def same(name: str, form: str, *, described: bool = False) -> bool:
    """Equal names; of a description ("two officials familiar with the talks") a part will do."""
    got, want = words(name), words(form)
    if not got or not want:
        return False
    if described:
        return any(got == want[at : at + len(got)] for at in range(len(want) - len(got) + 1))
    return got == want


def hop_right(got: Hop, gold: GoldHop) -> bool:
    """As many sources as stand side by side, each of them one of the gold's."""
    described = gold.type in DESCRIBED
    return len(got) == len(gold.sources) and all(
        any(same(name, form, described=described) for form in gold.forms) for name in got
    )


def chain_right(got: Sequence[Hop], gold: Sequence[GoldHop]) -> bool:
    return len(got) == len(gold) and all(hop_right(*pair) for pair in zip(got, gold, strict=True))


def match(found: Sequence[Found], gold: Sequence[GoldClaim]) -> dict[int, int]:
    """Gold claim to predicted claim, one to one: Jaccard of the characters of at least a half, required gold first."""
    pairs = []
    for at, one in enumerate(found):
        for to, claim in enumerate(gold):
            overlap = len(one.chars & claim.chars) / max(1, len(one.chars | claim.chars))
            if overlap >= 0.5:
                pairs.append((not claim.optional, overlap, at, to))
    matched: dict[int, int] = {}
    for _, _, at, to in sorted(pairs, reverse=True):
        if to not in matched and at not in matched.values():
            matched[to] = at
    return matched


def score(texts: Sequence[GoldText], found: Sequence[Sequence[Found]]) -> Score:
    """Scores the predicted claims of each text, in step with the texts."""
    hits = exact = gold_total = found_total = deep_total = deep_hits = false_hops = 0
    misses: list[str] = []
    for text, claims in zip(texts, found, strict=True):
        matched = match(claims, text.claims)
        idle = {at for to, at in matched.items() if text.claims[to].optional} | _inside_optional(text, claims, matched)
        found_total += len(claims) - len(idle)
        for to, gold in enumerate(text.claims):
            if gold.optional:
                continue
            got = claims[matched[to]] if to in matched else None
            right = got is not None and chain_right(got.chain, gold.chain)
            gold_total += 1
            hits += got is not None
            exact += right
            deep_total += len(gold.chain) > 1
            deep_hits += right and len(gold.chain) > 1
            if not right:
                misses.append(_miss(text, gold, got))
        if text.negative:
            wrong = [claim for claim in claims if relays(claim)]
            false_hops += sum(map(relays, wrong))
            misses += [f"{_place(text)}  false relay\n    got   {_shown(claim)}" for claim in wrong]
        misses += [
            f"{_place(text)}  no such claim\n    got   {claims[at].content!r}  {_shown(claims[at])}"
            for at in range(len(claims))
            if at not in matched.values() and at not in idle
        ]
    return Score(
        claims_f1=round(200 * hits / max(1, gold_total + found_total), 1),
        exact=round(100 * exact / max(1, gold_total), 1),
        deep_exact=round(100 * deep_hits / max(1, deep_total), 1),
        false_hops=false_hops,
        misses=tuple(misses),
    )


def relays(claim: Found) -> int:
    """How many hops, stated or carried, stand between the publisher and the origin."""
    return max(0, len(claim.chain) - 1) + len(claim.carried)


def _inside_optional(text: GoldText, claims: Sequence[Found], matched: dict[int, int]) -> set[int]:
    """Unmatched predictions that lie for the most part in optional claims."""
    optional = set().union(*(claim.chars for claim in text.claims if claim.optional))
    free = set(range(len(claims))) - set(matched.values())
    return {at for at in free if claims[at].chars and 2 * len(claims[at].chars & optional) >= len(claims[at].chars)}


def _place(text: GoldText) -> str:
    return f"{text.family}/{text.name}"


def _shown(claim: Found) -> str:
    chain = " <- ".join(" + ".join(hop) for hop in claim.chain) or "no source"
    return chain + (f"  (carried: {', '.join(hop[0] for hop in claim.carried)})" if claim.carried else "")


def _miss(text: GoldText, gold: GoldClaim, got: Found | None) -> str:
    want = " <- ".join(" + ".join(hop.sources) for hop in gold.chain)
    shown = _shown(got) if got else "nothing"
    return f"{_place(text)}  {' … '.join(gold.content)!r}\n    gold  {want}\n    got   {shown}"
