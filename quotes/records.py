"""The records that travel through the pipeline: frozen, without input or output.

Every offset counts Unicode code points of `Article.text` and every span is half-open:
`article.text[span.start:span.end] == span.text`, always.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import attrs

if TYPE_CHECKING:
    from pandas import DataFrame

Kind = Literal["direct", "indirect", "mixed"]
Act = Literal["speech", "belief"]
SourceKind = Literal["person", "organization", "outlet", "document", "group", "anonymous"]
Relation = Literal["said", "told", "wrote", "reported", "quoted", "cited", "published", "credited"]
Basis = Literal["stated", "carried"]
Origin = Literal["named", "document", "unnamed", "unsourced"]
Path = Literal["straight", "relayed", "circular"]
Form = Literal["name", "description", "pronoun"]
Use = Literal["speech", "scare", "title", "nickname", "term"]
Review = Literal["accepted", "changed", "added"]
Edit = Literal["accept", "reject", "attribute", "content", "add", "join", "part"]
Outcome = Literal["applied", "already", "lost"]
BlockKind = Literal["banner", "url", "headline", "byline", "dateline", "credit", "paragraph", "boilerplate", "foreign"]

SCHEMA = "quotes/1"


def digest(*parts: object) -> str:
    """Twelve hexadecimal digits that depend on nothing but the parts, in their order."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:12]


@attrs.frozen(kw_only=True, order=True)
class Span:
    """A run of the article's text, half-open, in code points."""

    start: int
    end: int
    text: str

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@attrs.frozen(kw_only=True)
class Credit:
    """An outlet that the article as a whole is taken from, and where the text says so (None: only its page does)."""

    name: str
    start: int | None
    end: int | None


@attrs.frozen(kw_only=True)
class Block:
    """A run of lines that belong together, and what it is: a paragraph, the headline, the site's banner, …"""

    start: int
    end: int
    kind: BlockKind


@attrs.frozen(kw_only=True)
class Place:
    """A run of an article's text and the run of its input that it was read from, in code points of both.

    Runs of the same length stand for each other character by character, others (an entity, white space) as a whole.
    """

    start: int
    end: int
    raw_start: int
    raw_end: int


@attrs.frozen(kw_only=True)
class Article:
    """A text and what is known of its publication.

    blocks cover all that is not white space, in order; only headlines and paragraphs are parsed.
    places: where each run of the text stands in the input; none where the text is all that the input holds.
    issues: what the reader of the report should know of how the text was read.
    """

    text: str = attrs.field(repr=False)
    path: str | None = None
    title: str | None = None
    publisher: str | None = None
    byline: str | None = None
    dateline: str | None = None
    credit: tuple[Credit, ...] = ()
    published: str | None = None
    url: str | None = None
    language: str = "en"
    blocks: tuple[Block, ...] = attrs.field(default=(), repr=False)
    places: tuple[Place, ...] = attrs.field(default=(), repr=False)
    issues: tuple[Issue, ...] = ()

    @cached_property
    def id(self) -> str:
        return digest("article", self.text)

    def raw(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the decoded input, in code points without a byte order mark, half-open.

        Of a run that stands for its input as a whole, the whole; what no input stands behind adds nothing.
        """
        if not self.places:
            return start, end
        first = bisect_right(self.places, start, key=lambda place: place.end)
        last = max(first, bisect_left(self.places, end, key=lambda place: place.start) - 1)
        if first == len(self.places):
            return self.places[-1].raw_end, self.places[-1].raw_end
        head, tail = self.places[first], self.places[last]
        begin = head.raw_start + (max(0, start - head.start) if _copied(head) else 0)
        finish = tail.raw_end - (max(0, tail.end - end) if _copied(tail) else 0)
        return begin, max(begin, finish)

    def span(self, start: int, end: int) -> Span:
        return Span(start=start, end=end, text=self.text[start:end])


def _copied(place: Place) -> bool:
    return place.end - place.start == place.raw_end - place.raw_start


@attrs.frozen(kw_only=True)
class Word:
    """A syntactic word (Universal Dependencies).

    index: its place in the sentence, from 0; head: the index of its head, -1 for the root;
    start, end: code points in the article; the words of one multiword token share the token's span
    where they cannot be told apart.
    """

    index: int
    text: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    start: int
    end: int


@attrs.frozen(kw_only=True)
class Sentence:
    """A parsed sentence. block: the index of the article's block that it stands in.

    vectors: (words, size), what the bundled encoder makes of its words; None where other models parsed it.
    """

    index: int
    block: int
    start: int
    end: int
    words: tuple[Word, ...] = attrs.field(repr=False)
    vectors: Any = attrs.field(default=None, eq=False, repr=False)

    @cached_property
    def dependents(self) -> tuple[tuple[int, ...], ...]:
        """For each word, the indices of its dependents, in order."""
        found: list[list[int]] = [[] for _ in self.words]
        for word in self.words:
            if word.head >= 0:
                found[word.head].append(word.index)
        return tuple(tuple(each) for each in found)

    def subtree(self, index: int) -> list[int]:
        """The indices of a word and of all that hangs from it, in order."""
        found, todo = [], [index]
        while todo:
            at = todo.pop()
            found.append(at)
            todo.extend(self.dependents[at])
        return sorted(found)


@attrs.frozen(kw_only=True)
class Entity:
    """A named entity.

    kind: PERSON, ORG, NORP, PLACE, DATE, MONEY, WORK, PRODUCT or MISC, whatever the models call it.
    """

    start: int
    end: int
    text: str
    kind: str


@attrs.frozen(kw_only=True)
class Parse:
    """What the models found in an article, in reading order.

    failed: why there is nothing, where parsing failed; seconds: the article's share of the time that parsing took.
    """

    sentences: tuple[Sentence, ...]
    entities: tuple[Entity, ...]
    model: str
    failed: str | None = None
    seconds: float = attrs.field(default=0.0, eq=False)


@attrs.frozen(kw_only=True)
class Passage:
    """A run of text between quotation marks, marks left out.

    outer: the span with its marks; level: 0 for an outermost passage, 1 for one inside it, …
    closed: whether its closing mark stands in the text; use: what the passage is;
    claim: the id of the claim that it belongs to.
    """

    start: int
    end: int
    text: str
    use: Use = "speech"
    claim: str | None = None
    outer: tuple[int, int] = (0, 0)
    level: int = 0
    closed: bool = True


@attrs.frozen(kw_only=True)
class Candidate:
    """Something that could have stood in a finding, with the score or the reason that decided against it."""

    span: Span | None
    reason: str
    score: float | None = None


@attrs.frozen(kw_only=True)
class Attribution:
    """A cue, what it says was communicated, and the mention of who did.

    relation: what the cue says its source did; hearer: the mention of whom the source spoke to;
    cue_at, source_at, hearer_at: (sentence, word) places of their heads in the parse.
    """

    cue: Span | None
    content: tuple[Span, ...]
    source: Span | None
    kind: Kind
    act: Act
    relation: Relation
    rule: str
    confidence: float
    lemma: str = ""
    hearer: Span | None = None
    cue_at: tuple[int, int] | None = None
    source_at: tuple[int, int] | None = None
    hearer_at: tuple[int, int] | None = None
    rivals: tuple[Candidate, ...] = ()


@attrs.frozen(kw_only=True)
class Mention:
    """A noun phrase or pronoun that stands for a source."""

    start: int
    end: int
    text: str
    form: Form


@attrs.frozen(kw_only=True)
class Source:
    """Whoever stands behind mentions.

    name: the fullest form in which the article names it; canonical: the lexicon's name of an outlet;
    role: what the article says that a person is; speaks_for: the id of the body that a spokesperson speaks for.
    """

    id: str
    name: str
    kind: SourceKind
    canonical: str | None = None
    role: str | None = None
    mentions: tuple[Mention, ...] = ()
    country: str | None = None
    ownership: str | None = None
    speaks_for: str | None = None


@attrs.frozen(kw_only=True)
class Beside:
    """A source that stands side by side with a hop's own."""

    source: str
    name: str


@attrs.frozen(kw_only=True)
class Hop:
    """One link of a chain, with the words that show it.

    source: the source's id; name: its fullest form in the article, or the mention where it was not resolved.
    """

    source: str
    name: str
    relation: Relation
    basis: Basis
    cue: Span | None
    mention: Span | None
    rule: str
    confidence: float
    resolved: bool = True
    beside: tuple[Beside, ...] = ()
    anonymity: Span | None = None


@attrs.frozen(kw_only=True)
class Cue:
    """The words that signal an attribution, their lemma and the lexicon's class for it."""

    start: int
    end: int
    text: str
    lemma: str
    stance: str = "neutral"


@attrs.frozen(kw_only=True)
class Claim:
    """The innermost content of an attribution, with its chain: outermost hop first, the origin last.

    confidence: how sure it is that the mention at the cue is given these words as its own; whom the mention means,
    and through whom the words came, is each hop's confidence. review: what a reader's corrections made of it; None
    where no reader has touched it.
    """

    id: str
    kind: Kind
    act: Act
    origin: Origin
    path: Path
    content: tuple[Span, ...]
    cue: Cue | None
    source: Span | None
    confidence: float
    chain: tuple[Hop, ...]
    review: Review | None = None


@attrs.frozen(kw_only=True)
class Party:
    """A source as a correction names it, with what it is and where it is mentioned, if the reader says so."""

    name: str
    kind: SourceKind | None = None
    mention: Span | None = None


@attrs.frozen(kw_only=True)
class Correction:
    """A reader's edit of the findings.

    claim: the words of the claim that it is about; content: what the claim should hold; chain: who the claim is from,
    outermost first, the origin last (whole), or its origin alone (not whole); sources: the names of those who are one
    (join, `mentions` being where each is mentioned), or of whom `mentions` are somebody else, whom `chain` names
    (part); article: the id of the only article that it is about; outcome: what became of it, `lost` where the article
    does not hold what it is about, `already` where there was nothing left to do; was: what the finding said before.
    """

    do: Edit
    claim: tuple[Span, ...] = ()
    content: tuple[Span, ...] = ()
    chain: tuple[Party, ...] = ()
    whole: bool = True
    sources: tuple[str, ...] = ()
    mentions: tuple[Span, ...] = ()
    note: str = ""
    article: str | None = None
    outcome: Outcome | None = None
    was: str = ""


@attrs.frozen(kw_only=True)
class Node:
    """A source in a provenance tree; its children are the sources that it had the claim from.

    distance: how many hops lie between it and the origin, 0 for the origin itself.
    """

    source: str
    children: tuple[Node, ...] = ()
    distance: int = 0


@attrs.frozen(kw_only=True)
class Tree:
    """A claim at the root, the sources nearest the reader below it, origins as leaves.

    depth: how many hops the chain has; weakest: the place in the chain, from 0, of the hop that is least sure.
    """

    claim: str
    children: tuple[Node, ...]
    depth: int = 0
    weakest: int | None = None


@attrs.frozen(kw_only=True)
class Issue:
    """Something in the article that could not be read as it should; the rest of the report stands."""

    kind: str
    message: str
    start: int | None = None
    end: int | None = None


@attrs.frozen(kw_only=True)
class Evidence:
    """Why a claim is what it is: the attributions behind its hops, outermost first, and rejected rivals."""

    claim: str
    attributions: tuple[Attribution, ...]


@attrs.frozen(kw_only=True)
class Report:
    """All that was found in one article.

    corrections: a reader's, which the findings are already with, each with what became of it; evidence is for
    `quotes explain`; it is no part of the JSON form.
    """

    article: Article
    sources: tuple[Source, ...]
    passages: tuple[Passage, ...]
    claims: tuple[Claim, ...]
    trees: tuple[Tree, ...]
    issues: tuple[Issue, ...] = ()
    corrections: tuple[Correction, ...] = ()
    settings: Mapping[str, Any] = attrs.field(factory=dict)
    versions: Mapping[str, str] = attrs.field(factory=dict)
    evidence: tuple[Evidence, ...] = attrs.field(default=(), repr=False, eq=False)

    def source(self, source_id: str) -> Source:
        """The source with this id; KeyError where there is none."""
        return self._sources_by_id[source_id]

    @cached_property
    def _sources_by_id(self) -> dict[str, Source]:
        return {source.id: source for source in self.sources}

    def _repr_html_(self) -> str:
        from quotes import views

        return views.render(self, format="html-inline")

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(str(self))

    def __str__(self) -> str:
        from quotes import views

        return views.render(self, format="terminal")

    def claims_frame(self) -> DataFrame:
        """A row per claim, indexed by its id; `text` joins the spans of its content, `chain` names, outermost first.

        Raises MissingExtra without pandas, as do the frames below.
        """
        from quotes import export

        return export.frame([self], "claims")

    def sources_frame(self) -> DataFrame:
        """A row per source of the article, indexed by its id, with the number of its mentions."""
        from quotes import export

        return export.frame([self], "sources")

    def hops_frame(self) -> DataFrame:
        """A row per hop of a claim's chain; `position` counts from 0, the hop nearest the reader."""
        from quotes import export

        return export.frame([self], "hops")
