"""A corpus whose truth is known: claims planted in one to twelve articles each, and distractors that share their names.

All of it invented and drawn by a seed. What varies from one article to the next: the words (as they were, trimmed,
punctuated anew, paraphrased by hand-written sentences) and the attribution (the speaker by another name, through other
outlets, or to an outlet alone). Nothing here knows how claims are linked. `held_out` draws from sentences that no
threshold was chosen by.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

import attrs

from quotes.link import Cluster
from quotes.records import Article, Beside, Claim, Hop, Origin, Report, Source, Span, digest

Shape = Literal["one", "several", "unnamed", "circle", "circle with origin"]
SHAPES: dict[Shape, int] = {"one": 55, "several": 18, "unnamed": 9, "circle": 10, "circle with origin": 8}
CHANGES = {"verbatim": 35, "trimmed": 20, "punctuated": 20, "paraphrased": 25}

SENTENCES = tomllib.loads((Path(__file__).parent / "planted_wordings.toml").read_text("utf-8"))
PEOPLE = [
    ("Ana", "Duarte", "Harbour Master"), ("Ilmari", "Koski", "Mayor"), ("Wen", "Baoqing", "Defence Minister"),
    ("Salma", "Idrissi", "Judge"), ("Tomas", "Brandt", "Transport Minister"), ("Lidia", "Serrat", "Ambassador"),
    ("Omar", "Raheem", "Colonel"), ("Greta", "Voss", "Professor"), ("Piotr", "Lasko", "Senator"),
    ("Mei", "Tanaka", "Doctor"), ("Yusuf", "Okello", "General"), ("Clara", "Montes", "President"),
    ("Henrik", "Aas", "Bishop"), ("Nadia", "Petrov", "Chairwoman"), ("Rui", "Falcao", "Captain"),
    ("Edda", "Stein", "Director"), ("Kofi", "Asante", "Commissioner"), ("Marta", "Lindqvist", "Governor"),
    ("Jonas", "Brandt", "Inspector"), ("Pilar", "Duarte", "Councillor"), ("Sven", "Ahlgren", "Engineer"),
    ("Rosa", "Kimathi", "Spokeswoman"), ("Dario", "Venn", "Prosecutor"), ("Lotte", "Huber", "Chancellor"),
]  # fmt: skip
OUTLETS = [
    "Coast Courier", "Inland Post", "Radio Meridian", "Velna News", "The Ansel Herald", "Kestrin Daily",
    "Brell Gazette", "Morning Ledger", "Tarsia Today", "Channel Nine North", "The Quarry Voice", "Lantern Online",
    "Sarn Observer",
    "Farm and Field", "Evening Signal",
]  # fmt: skip
# Outlets of the world, and the name that articles may give them instead.
KNOWN = {
    "Reuters": "Reuters news agency",
    "Agence France-Presse": "AFP",
    "Associated Press": "AP",
    "TASS": "TASS",
    "Xinhua": "Xinhua News Agency",
}
PLACES = [
    "Vellamo", "Port Ansel", "Turva", "Brell", "Kestrin", "Sarnholm", "Oda Bay", "Mirefield", "Lower Tarn", "Quenby",
    "Ostrava Mill", "Halden Cross", "Peniscale", "Dunmarrow", "Calloway", "Iskander", "Vantry", "Elmsee", "Rothbeck",
    "Sankt Arn", "Tolmin Ford", "Garrowby", "Nevis Point", "Lhasdun", "Marisol", "Grauwald", "Pellworm", "Ashgrove",
    "Kirunavik", "Zelinka",
]  # fmt: skip
HEADS = ["Ald", "Bex", "Corn", "Dray", "Esk", "Fen", "Gild", "Hex", "Ing", "Jarl", "Kel", "Lang", "Mar", "Nor", "Oster"]
TAILS = ["acre", "borough", "combe", "dale", "ey", "field", "gate", "ham", "ley", "minster", "port", "stead", "wick"]
BODIES = ["Norvind", "Carrow Holdings", "the Lakes Agency", "Orbit Freight", "Tern and Sons", "the Pilots' Union"]
UNNAMED = ["officials", "a senior official", "people familiar with the matter", "two officers"]
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
SMALL = [*ONES.split(), "eighteen", "nineteen"]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


@attrs.frozen(kw_only=True)
class Carry:
    """One article's claim before it is a report; chain: outermost first; ends_in: what kind of source it ends in."""

    outlet: str
    text: str
    chain: tuple[str, ...]
    origin: Origin
    direct: bool
    role: str | None = None
    beside: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Planted:
    """A claim and all that is true of it.

    carries: in order of publication; origins: how many independent ones; circles: outlets that cite one another in a
    ring; losses: (outlet, outlet that it cites, what it leaves out of that one's chain).
    """

    name: str
    shape: Shape
    carries: tuple[Carry, ...]
    origins: int
    circles: frozenset[frozenset[str]] = frozenset()
    losses: frozenset[tuple[str, str, str]] = frozenset()


@attrs.frozen(kw_only=True)
class Corpus:
    """planted: the claims; distractors: further ones, each in one article; reports: all of it, in no order; truth: by
    claim id, the planted claim's name, or the id itself for a distractor.
    """

    planted: tuple[Planted, ...]
    reports: tuple[Report, ...]
    truth: dict[str, str]


@attrs.frozen(kw_only=True)
class Scores:
    """Over pairs of claims: the share of linked pairs that are one claim, and of pairs of one claim that are linked."""

    precision: float
    recall: float
    missed: tuple[tuple[str, str], ...]
    wrong: tuple[tuple[str, str], ...]


def plant(seed: int, *, claims: int = 200, distractors: int = 400, held_out: bool = False) -> Corpus:
    """The corpus of a seed."""
    draw = random.Random(seed)
    sentences = SENTENCES["held_out" if held_out else "tuned"]
    planted, fillings = [], []
    used: set[tuple[int, Any]] = set()
    while len(planted) < claims:
        at, filling = draw.randrange(len(sentences)), _filling(draw)
        told_by = {(at, filling["place"]), (at, filling["n"])}  # what a trimmed claim keeps of these tells it apart
        if told_by & used:
            continue
        used |= told_by
        fillings.append((at, filling))
        planted.append(_planted(draw, f"claim {len(planted)}", sentences[at], filling))
    reports, truth = [], {}
    for each in planted:
        for day, carry in enumerate(each.carries):
            report = as_report(carry, day)
            reports.append(report)
            truth[report.claims[0].id] = each.name
    for _ in range(distractors):
        carry = _distractor(draw, sentences, fillings, used)
        report = as_report(carry, draw.randrange(20))
        reports.append(report)
        truth[report.claims[0].id] = report.claims[0].id
    draw.shuffle(reports)
    return Corpus(planted=tuple(planted), reports=tuple(reports), truth=truth)


def scores(corpus: Corpus, clusters: Sequence[Cluster]) -> Scores:
    found = {pair for each in clusters for pair in _pairs(sorted({member.claim for member in each.members}))}
    groups: dict[str, list[str]] = {}
    for claim, name in corpus.truth.items():
        groups.setdefault(name, []).append(claim)
    true = {pair for claims in groups.values() for pair in _pairs(sorted(claims))}
    return Scores(
        precision=100 * len(found & true) / max(len(found), 1),
        recall=100 * len(found & true) / max(len(true), 1),
        missed=tuple(sorted(true - found)),
        wrong=tuple(sorted(found - true)),
    )


def cluster_of(corpus: Corpus, planted: Planted, clusters: Sequence[Cluster]) -> Cluster | None:
    """The cluster that holds most of a planted claim's articles."""
    counts = [(sum(corpus.truth[member.claim] == planted.name for member in each.members), each) for each in clusters]
    count, best = max(counts, key=lambda each: (each[0], each[1].id), default=(0, None))
    return best if count else None


def as_report(carry: Carry, day: int) -> Report:
    """A report on an article that holds the claim and nothing else, published so many days after the first of May."""
    head = f"{carry.outlet}, {day}\n"
    article = Article(
        text=f"{head}{carry.text}\n{' < '.join(carry.chain)}",
        publisher=carry.outlet,
        published=f"2024-05-{day + 1:02d}",
        path=f"{carry.outlet.lower().replace(' ', '-')}-{day}-{digest(carry.text)}.txt",
    )
    names = dict.fromkeys((*carry.chain, *carry.beside))
    sources = {name: _source(name, carry) for name in names}
    hops = [_hop(sources[name]) for name in carry.chain]
    hops[-1] = attrs.evolve(hops[-1], beside=tuple(Beside(source=sources[name].id, name=name) for name in carry.beside))
    start = len(head)
    claim = Claim(
        id=digest(article.id, carry.outlet), kind="direct" if carry.direct else "indirect", act="speech",
        origin=carry.origin, path="relayed" if len(hops) > 1 else "straight",
        content=(Span(start=start, end=start + len(carry.text), text=carry.text),), cue=None, source=None,
        confidence=0.9, chain=tuple(hops),
    )  # fmt: skip
    return Report(article=article, sources=tuple(sources.values()), passages=(), claims=(claim,), trees=())


def as_text(carry: Carry) -> str:
    """The same as a short article, for those who want it parsed."""
    said = f"“{carry.text},”" if carry.direct else carry.text[0].upper() + carry.text[1:] + ","
    *relays, origin = carry.chain
    through = f", according to {relays[0]}" if relays else ""
    return f"{carry.outlet}\n\n{said} {origin} said{through}.\n\nThe town has been quiet since the spring.\n"


def _pairs(claims: Sequence[str]) -> list[tuple[str, str]]:
    return list(combinations(claims, 2))


def _source(name: str, carry: Carry) -> Source:
    outlets = {alias: known for known, alias in KNOWN.items()} | {known: known for known in KNOWN}
    if name in outlets:
        kind: Any = "outlet"
    elif name in OUTLETS:
        kind = "outlet"
    elif name in UNNAMED or name == "unnamed":
        kind = "anonymous"
    else:
        kind = "person"
    role = carry.role if kind == "person" else None
    return Source(id=digest("source", name), name=name, kind=kind, canonical=outlets.get(name), role=role)


def _hop(source: Source) -> Hop:
    return Hop(
        source=source.id, name=source.name, relation="said", basis="stated", cue=None, mention=None, rule="planted",
        confidence=0.9,
    )  # fmt: skip


# ------------------------------------------------------------------ a claim and its articles


def _filling(draw: random.Random) -> dict[str, Any]:
    first, last, _ = draw.choice(PEOPLE)
    return {
        "place": draw.choice(PLACES),
        "n": draw.randrange(8, 96),
        "m": draw.randrange(2, 8),
        "body": draw.choice(BODIES),
        "name": f"{first} {last}",
    }


def _planted(draw: random.Random, name: str, sentence: dict[str, Any], filling: dict[str, Any]) -> Planted:
    shape: Shape = draw.choices(list(SHAPES), list(SHAPES.values()))[0]
    count = draw.randint(1, 12)
    if shape.startswith("circle"):
        count = max(count, 3)
    if shape == "several":
        count = max(count, 2)
    outlets = draw.sample([*OUTLETS, *KNOWN], count)
    people = draw.sample([each for each in PEOPLE if f"{each[0]} {each[1]}" != filling["name"]], 3)
    chains = _Chains(draw, outlets, people)
    origins, circles, losses = chains.fill(shape)
    carries = tuple(
        Carry(
            outlet=outlet,
            text=worded(draw, sentence, filling, first=not at),
            chain=tuple(_as_written(draw, stop) for stop in chains.shown[outlet]),
            origin=chains.origin[outlet],
            direct=draw.random() < 0.7,
            role=chains.role[outlet],
        )
        for at, outlet in enumerate(outlets)
    )
    return Planted(name=name, shape=shape, carries=carries, origins=origins, circles=circles, losses=losses)


def _as_written(draw: random.Random, stop: str) -> str:
    return KNOWN[stop] if stop in KNOWN and draw.random() < 0.4 else stop


@attrs.define
class _Chains:
    """Who has it from whom. shown: by outlet, its chain as it is written, outermost first."""

    draw: random.Random
    outlets: list[str]
    people: list[tuple[str, str, str]]
    shown: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    origin: dict[str, Origin] = attrs.field(factory=dict)
    role: dict[str, str | None] = attrs.field(factory=dict)
    lost: set[tuple[str, str, str]] = attrs.field(factory=set)

    def fill(self, shape: Shape) -> tuple[int, frozenset[frozenset[str]], frozenset[tuple[str, str, str]]]:
        circles: frozenset[frozenset[str]] = frozenset()
        origins = 1
        at = 0
        if shape.startswith("circle"):
            size = self.draw.randint(2, min(4, len(self.outlets) - 1))
            ring = self.outlets[:size]
            circles = frozenset({frozenset(ring)})
            self._ring(ring, with_origin=shape == "circle with origin")
            at = size
        elif shape == "unnamed":
            self._put(self.outlets[0], (self.draw.choice(UNNAMED),), "unnamed")
            at = 1
        elif shape == "several":
            origins = min(self.draw.randint(2, 3), len(self.outlets))
            for at in range(origins):
                self._hear(self.outlets[at], at)
            at = origins
        else:
            self._hear(self.outlets[0], 0)
            at = 1
        for place in range(at, len(self.outlets)):
            if shape in ("one", "several") and self.draw.random() < 0.2:
                self._hear(self.outlets[place], self.draw.randrange(origins))
            else:
                self._cite(self.outlets[place], self.draw.choice(self.outlets[:place]))
        return origins, circles, frozenset(self.lost)

    def _put(self, outlet: str, chain: tuple[str, ...], origin: Origin, role: str | None = None) -> None:
        self.shown[outlet] = chain
        self.origin[outlet] = origin
        self.role[outlet] = role

    def _hear(self, outlet: str, person: int) -> None:
        """From the speaker's own mouth, by one form of the name."""
        name, role = self._name(person)
        self._put(outlet, (name,), "named", role)

    def _name(self, person: int) -> tuple[str, str | None]:
        first, last, role = self.people[person]
        family = first if first == "Wen" else last
        form = self.draw.randrange(4)
        return [(f"{first} {last}", None), (family, role), (f"{role} {first} {last}", None), (f"{first} {last}", role)][
            form
        ]

    def _ring(self, ring: list[str], *, with_origin: bool) -> None:
        for at, outlet in enumerate(ring):
            self._put(outlet, (ring[(at + 1) % len(ring)],), "named")
        if len(ring) > 2 and self.draw.random() < 0.5:  # one of them names the next but one too
            self._put(ring[0], (ring[1], ring[2]), "named")
        if with_origin:
            name, role = self._name(0)
            self._put(ring[0], (*self.shown[ring[0]], name), "named", role)
        self.lost |= {(ring[-1], ring[0], stop) for stop in self.shown[ring[0]] if stop != ring[-1]}

    def _cite(self, outlet: str, other: str) -> None:
        """Through an outlet that has it: its whole chain, less its relays, or that outlet alone."""
        whole = self.shown[other]
        if outlet in whole:
            whole = ()
        form = self.draw.random()
        kept = whole if form < 0.45 else whole[-1:] if form < 0.75 else ()
        if not kept:
            self._put(outlet, (other,), "named")
        else:
            self._put(outlet, (other, *kept), self.origin[other], self.role[other])
        for stop in whole:
            if stop not in kept:
                self.lost.add((outlet, other, stop))


# ------------------------------------------------------------------ words


def worded(draw: random.Random, sentence: dict[str, Any], filling: dict[str, Any], *, first: bool) -> str:
    change = "verbatim" if first else draw.choices(list(CHANGES), list(CHANGES.values()))[0]
    if change == "paraphrased":
        text = draw.choice(sentence["again"]).format(**filling)
        return _repunctuated(draw, text) if draw.random() < 0.3 else text
    text: str = sentence["whole"].format(**filling)
    if change == "trimmed":
        return _trimmed(draw, text, (filling["place"].split()[-1], str(filling["n"])))
    return _repunctuated(draw, text) if change == "punctuated" else text


def _trimmed(draw: random.Random, text: str, telling: tuple[str, str]) -> str:
    """A part of it that keeps one of the words by which it is told from others of its kind."""
    words = text.split()
    while True:
        keep = draw.randint(max(8, len(words) // 2), len(words) - 2)
        cut = draw.randint(4, len(words) - 6)
        parts = (words[:keep], words[-keep:], [*words[:cut], "…", *words[cut + 2 :]])
        kept = draw.choice(parts)
        if any(each in re.findall(r"\w+", " ".join(kept)) for each in telling):
            return " ".join(kept).rstrip(",")


def _repunctuated(draw: random.Random, text: str) -> str:
    if draw.random() < 0.5:
        text = text.replace(",", draw.choice(["", " –", ";"]))
    if draw.random() < 0.5:
        text = re.sub(r"\b\d+\b", lambda found: in_words(int(found[0])), text)
    if draw.random() < 0.4:
        text = text[0].lower() + text[1:]
    if draw.random() < 0.4:
        text = text.replace("'", "’")
    if draw.random() < 0.3:
        word = draw.choice(re.findall(r"\b[a-z]{4,}\b", text))
        text = re.sub(rf"\b{word}\b", f"“{word}”", text, count=1)
    return text + draw.choice(["", ".", ",", "!", "…"])


def in_words(number: int) -> str:
    """A whole number below a thousand in words."""
    if number >= 100:
        rest = f" and {in_words(number % 100)}" if number % 100 else ""
        return f"{SMALL[number // 100]} hundred{rest}"
    if number < 20:
        return SMALL[number]
    tens, ones = divmod(number, 10)
    return TENS[tens] + (f"-{SMALL[ones]}" if ones else "")


def _distractor(
    draw: random.Random,
    sentences: Sequence[dict[str, Any]],
    fillings: Sequence[tuple[int, dict[str, Any]]],
    used: set[tuple[int, Any]],
) -> Carry:
    """Another sentence with the names and numbers of a planted claim, or that claim with another place or number.

    used: which places and numbers each sentence has had; no two claims share either.
    """
    at, filling = draw.choice(fillings)
    form = draw.random()
    if form < 0.9:
        at = draw.choice([each for each in range(len(sentences)) if each != at])
    if form >= 0.95:
        filling = {**filling, "place": draw.choice(PLACES)}
    while (at, filling["place"]) in used:
        filling = {**filling, "place": f"{draw.choice(HEADS)}{draw.choice(TAILS)}"}
    while (at, filling["n"]) in used:
        filling = {**filling, "n": draw.randint(100, 999)}
    used |= {(at, filling["place"]), (at, filling["n"])}
    first, last, role = draw.choice(PEOPLE)
    outlets = draw.sample([*OUTLETS, *KNOWN], 2)
    chain = (f"{first} {last}",) if draw.random() < 0.6 else (outlets[1], f"{first} {last}")
    text = worded(draw, sentences[at], filling, first=False)
    return Carry(outlet=outlets[0], text=text, chain=chain, origin="named", direct=True, role=role)


def shapes(corpus: Corpus) -> Counter[str]:
    return Counter(each.shape for each in corpus.planted)
