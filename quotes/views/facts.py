"""What every view says about a report: numbers, words, labels, counts. Plain values, no layout."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from itertools import accumulate

import attrs

from quotes.certainty import UNCERTAIN, is_uncertain
from quotes.records import Article, Claim, Correction, Hop, Issue, Passage, Report, Source, Span

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2061-\u206f\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_KINDS = {
    "person": ("person", "people"),
    "organization": ("organization", "organizations"),
    "outlet": ("outlet", "outlets"),
    "document": ("document", "documents"),
    "group": ("group", "groups"),
    "anonymous": ("unnamed source", "unnamed sources"),
}
_USES = {"scare": "scare quotes", "title": "title", "nickname": "nickname", "term": "term"}
_RELAYS_SHOWN = 5


@attrs.frozen(kw_only=True)
class Numbered:
    """A claim and the number that reports show for it: 1, 2, … for speech, b1, b2, … for belief."""

    number: str
    claim: Claim


@attrs.frozen(kw_only=True)
class SourceRow:
    """An origin: how many claims rest on it, how many in its own words, and through whom (name, stated, carried)."""

    name: str
    source: Source | None
    claims: int
    direct: int
    through: tuple[tuple[str, int, int], ...]


@attrs.frozen(kw_only=True)
class RelayRow:
    """A source between origins and the page: claims stated and carried, and for whom."""

    name: str
    source: Source | None
    stated: int
    carried: int
    origins: tuple[str, ...]


def _picture(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """The text with control characters and direction overrides shown (␛, \\u202e), line ends and tabs kept."""
    return _UNSAFE.sub(_picture, _INVISIBLE.sub("", text))


def one_line(text: str) -> str:
    """`visible` on one line, every run of white space a single space."""
    return " ".join(visible(text).split())


def number_claims(report: Report, *, include_belief: bool = False) -> list[Numbered]:
    """The claims in reading order with their numbers, which do not depend on what is shown."""
    counts: Counter[str] = Counter()
    numbered = []
    for claim in sorted(report.claims, key=lambda each: min((span.start for span in each.content), default=0)):
        counts[claim.act] += 1
        prefix = "b" if claim.act == "belief" else ""
        if include_belief or claim.act != "belief":
            numbered.append(Numbered(number=f"{prefix}{counts[claim.act]}", claim=claim))
    return numbered


def places(numbered: Iterable[Numbered]) -> dict[str, int]:
    """Where each number's claim stands among them."""
    return {each.number: at for at, each in enumerate(numbered)}


def told_apart(numbered: Iterable[Numbered]) -> tuple[list[Numbered], list[Numbered]]:
    """The claims that are likely right, and the uncertain ones, each in their order."""
    apart: tuple[list[Numbered], list[Numbered]] = ([], [])
    for each in numbered:
        apart[is_uncertain(each.claim)].append(each)
    return apart


def uncertain_note(count: int) -> str:
    """`3 uncertain claims (confidence below .50)`."""
    return f"{plural(count, 'uncertain claim')} (confidence below {score(UNCERTAIN)})"


def left_out_note(count: int) -> str:
    """What a view says that counts the likely claims only; empty where there are no others."""
    if not count:
        return ""
    return f"{count} more {'is' if count == 1 else 'are'} uncertain and not counted."


def hidden_note(count: int) -> str:
    """What a view says in the place of uncertain claims that it does not list."""
    verb, which = ("is", "it") if count == 1 else ("are", "them")
    return f"{uncertain_note(count)} {verb} not listed: --uncertain show lists {which}."


def words(claim: Claim) -> str:
    """What was communicated, on one line: verbatim in quotation marks, an ellipsis where a cue splits it."""
    parts = [one_line(span.text) for span in claim.content]
    if claim.kind == "direct":
        parts = [f"“{part}”" for part in parts]
    return " … ".join(parts)


def score(confidence: float) -> str:
    """A confidence as .97 or 1.00."""
    return f"{confidence:.2f}".removeprefix("0")


def listed(parts: Sequence[str]) -> str:
    """a; a and b; a, b and c."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def plural(count: int, one: str, many: str | None = None) -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"


def hop_sources(hop: Hop) -> list[tuple[str, str]]:
    """(id, name) of a hop's own source and of those beside it."""
    return [(hop.source, hop.name), *((each.source, each.name) for each in hop.beside)]


def sources_by_id(report: Report) -> dict[str, Source]:
    return {source.id: source for source in report.sources}


def describe(source: Source | None, sources: dict[str, Source]) -> str:
    """What is known of a source, ready to stand after its name: ", role, for body", " [outlet, country, ownership]"."""
    if source is None:
        return ""
    if source.kind in {"outlet", "document"}:
        known = (source.kind, source.country, source.ownership)
        return f" [{', '.join(one_line(each) for each in known if each)}]"
    parts = [source.role] if source.role else []
    body = sources.get(source.speaks_for) if source.speaks_for else None
    if body and (not source.role or body.name.casefold() not in source.role.casefold()):
        parts.append(f"for {body.name}")
    return "".join(f", {one_line(part)}" for part in parts)


def hop_name(claim: Claim, hop: Hop, name: str) -> str:
    """How a view names a source of a hop."""
    if claim.origin == "unsourced" and hop is claim.chain[-1] and name == "unnamed":
        return "no source given"
    return one_line(name) if hop.resolved else f"{one_line(name)} (not resolved)"


def hop_cue(hop: Hop) -> str:
    """The words at a hop that signal it: the cue, and the mention beside it where that says less than the name."""
    if hop.cue is None:
        return ""
    first, last = hop.cue, hop.mention
    if last is None or len(last.text) >= len(hop.name) or last.overlaps(first):
        return one_line(first.text)
    if last.start < first.start:
        first, last = last, first
    return one_line(f"{first.text} {last.text}" if last.start - first.end <= 1 else hop.cue.text)


def carried_from(numbered: Sequence[Numbered], place: int, hop: Hop) -> str | None:
    """The number of the nearest earlier claim that states the hop which the claim at `place` carries."""
    for each in reversed(numbered[:place]):
        if any(other.basis == "stated" and other.source == hop.source for other in each.claim.chain):
            return each.number
    return None


def carried_note(numbered: Sequence[Numbered], place: int, hop: Hop) -> str:
    """`carried from 3`, or `carried` where no earlier claim states the hop."""
    origin = carried_from(numbered, place, hop)
    return f"carried from {origin}" if origin else "carried"


def review_note(claim: Claim) -> str:
    """`changed by a reader`; empty where no reader has touched the claim."""
    return f"{claim.review} by a reader" if claim.review else ""


def corrections(report: Report) -> list[str]:
    """What a reader has corrected, a sentence each, those that found nothing to correct among them."""
    return [_correction(each) for each in report.corrections]


def _correction(each: Correction) -> str:
    said = _quoted(each.claim or each.content)
    chain = " < ".join(one_line(party.name) for party in each.chain)
    sources = listed([one_line(name) for name in each.sources])
    before = one_line(each.was)
    sentence = {
        "accept": f"accepted: {said}",
        "reject": f"rejected{f', was given to {before}' if before else ''}: {said}",
        "attribute": f"from {chain}{f', not {before}' if before else ''}: {said}",
        "content": f"the words are {_quoted(each.content)}, not “{before}”",
        "add": f"added, from {chain}: {said}",
        "join": f"one source: {sources}",
        "part": f"not {sources}, but {chain}: {_quoted(each.mentions)}",
    }[each.do]
    note = f" ({one_line(each.note)})" if each.note else ""
    lost = " (not applied: the article holds nothing that this is about)" if each.outcome == "lost" else ""
    return sentence + note + lost


def _quoted(spans: Sequence[Span]) -> str:
    return f"“{one_line(' … '.join(span.text for span in spans))}”"


def relays(claim: Claim, basis: str) -> list[tuple[str, str]]:
    """(id, name) of the sources between the origin and the page, outermost first."""
    return [pair for hop in claim.chain[:-1] if hop.basis == basis for pair in hop_sources(hop)]


def _speech(report: Report) -> list[Claim]:
    """The claims of speech that are likely right."""
    return [each.claim for each in told_apart(number_claims(report))[0]]


def uncertain_count(report: Report) -> int:
    """How many claims of speech are uncertain."""
    return len(told_apart(number_claims(report))[1])


def _origins(claim: Claim) -> list[tuple[str, str]]:
    """(id, name) of the sources that a claim ends in; none where no source is given."""
    return hop_sources(claim.chain[-1]) if claim.chain and claim.origin != "unsourced" else []


def _counts(names: Counter[str]) -> str:
    shown = [f"{one_line(name)} ({count})" for name, count in names.most_common(_RELAYS_SHOWN)]
    more = len(names) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def _whence(claims: Sequence[Claim], sources: dict[str, Source]) -> str:
    kinds: dict[str, set[str]] = {}
    for claim in claims:
        for source_id, _ in _origins(claim):
            source = sources.get(source_id)
            kinds.setdefault(source.kind if source else "anonymous", set()).add(source_id)
    parts = [plural(len(kinds[kind]), *_KINDS[kind]) for kind in _KINDS if kind in kinds]
    total = plural(len(claims), "claim")
    return f"{total} from {listed(parts)}." if parts else f"{total}, none with a source."


def _through(claims: Sequence[Claim]) -> str:
    relayed = [claim for claim in claims if relays(claim, "stated")]
    carried = [claim for claim in claims if not relays(claim, "stated") and relays(claim, "carried")]
    stated_names = Counter(name for claim in relayed for _, name in relays(claim, "stated"))
    carried_names = Counter(name for claim in carried for _, name in relays(claim, "carried"))
    tail = f"; {len(carried)} more probably did: {_counts(carried_names)}." if carried else "."
    if relayed:
        return f"{len(relayed)} reached the page through others: {_counts(stated_names)}{tail}"
    if carried:
        return f"None is stated to have come through others; {len(carried)} probably did: {_counts(carried_names)}."
    return "None is stated to have come through others."


def _unnamed(claims: Sequence[Claim]) -> str:
    unnamed = sum(claim.origin == "unnamed" for claim in claims)
    unsourced = sum(claim.origin == "unsourced" for claim in claims)
    if not unnamed and not unsourced:
        return "None rests on an unnamed source."
    parts = []
    if unnamed:
        parts.append("1 rests on an unnamed source" if unnamed == 1 else f"{unnamed} rest on unnamed sources")
    if unsourced:
        parts.append(f"{unsourced} give{'s' if unsourced == 1 else ''} no source at all")
    return f"{listed(parts)}."


def _carrier(rows: Sequence[SourceRow], total: int) -> str:
    if not rows or rows[0].claims < 2:
        return ""
    top = [row.name for row in rows if row.claims == rows[0].claims]
    if len(top) == 1:
        return f"{top[0]} is the origin of {'all' if rows[0].claims == total else rows[0].claims} of the {total}."
    return f"{listed(top)} are the origins of {rows[0].claims} each." if len(top) <= 3 else ""


def summary(report: Report) -> list[str]:
    """Sentences that say first what an editor asks first: from whom, through whom, on whose word."""
    claims, left_out = _speech(report), uncertain_count(report)
    if not claims and left_out:
        return [f"No claim is likely right; {left_out} {'is' if left_out == 1 else 'are'} uncertain."]
    if not claims:
        return ["Nothing quoted or reported was found in this article."]
    sentences = [_whence(claims, sources_by_id(report)), _through(claims), _unnamed(claims)]
    circular = sum(claim.path == "circular" for claim in claims)
    if circular:
        sentences.append(f"{circular} {'returns to where it' if circular == 1 else 'return to where they'} started.")
    sentences += [_carrier(source_rows(report), len(claims)), left_out_note(left_out)]
    return [sentence for sentence in sentences if sentence]


def source_rows(report: Report) -> list[SourceRow]:
    """The origins of the likely claims, those with most claims first."""
    sources = sources_by_id(report)
    found: dict[str, list[Claim]] = {}
    names: dict[str, str] = {}
    for claim in _speech(report):
        for source_id, name in _origins(claim):
            found.setdefault(source_id, []).append(claim)
            source = sources.get(source_id)
            names.setdefault(source_id, hop_name(claim, claim.chain[-1], source.name if source else name))
    rows = [
        SourceRow(
            name=names[source_id],
            source=sources.get(source_id),
            claims=len(claims),
            direct=sum(claim.kind == "direct" for claim in claims),
            through=_heard(claims),
        )
        for source_id, claims in found.items()
    ]
    return sorted(rows, key=lambda row: -row.claims)


def _heard(claims: Iterable[Claim]) -> tuple[tuple[str, int, int], ...]:
    stated: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    for claim in claims:
        stated.update(one_line(name) for _, name in relays(claim, "stated"))
        carried.update(one_line(name) for _, name in relays(claim, "carried"))
    return tuple((name, stated[name], carried[name]) for name in dict.fromkeys([*stated, *carried]))


def heard(row: SourceRow) -> str:
    """`TASS 1 (+3 carried)`, or a dash for what was heard through nobody."""
    return ", ".join(_heard_once(*each) for each in row.through) or "–"


def _heard_once(name: str, stated: int, carried: int) -> str:
    if stated and carried:
        return f"{name} {stated} (+{carried} carried)"
    return f"{name} {stated}" if stated else f"{name} ({carried} carried)"


def relay_rows(report: Report) -> list[RelayRow]:
    """The sources that stand between origins and the page, those with most claims first."""
    stated: Counter[str] = Counter()
    carried: Counter[str] = Counter()
    names: dict[str, str] = {}
    origins: dict[str, dict[str, None]] = {}
    for claim in _speech(report):
        for basis, count in (("stated", stated), ("carried", carried)):
            for source_id, name in relays(claim, basis):
                count[source_id] += 1
                names.setdefault(source_id, one_line(name))
                ends = [hop_name(claim, claim.chain[-1], each) for _, each in hop_sources(claim.chain[-1])]
                origins.setdefault(source_id, {}).update(dict.fromkeys(ends))
    sources = sources_by_id(report)
    rows = [
        RelayRow(
            name=name,
            source=sources.get(source_id),
            stated=stated[source_id],
            carried=carried[source_id],
            origins=tuple(origins[source_id]),
        )
        for source_id, name in names.items()
    ]
    return sorted(rows, key=lambda row: (-row.stated, -row.carried))


def unattributed(report: Report) -> list[tuple[int | None, Passage]]:
    """(paragraph number, passage) for speech that no claim holds."""
    is_claimed = _overlaps(span for claim in report.claims for span in claim.content)
    return [
        (paragraph_of(report.article, passage.start), passage)
        for passage in report.passages
        if passage.use == "speech"
        and passage.claim is None
        and passage.level == 0
        and not is_claimed(passage.start, passage.end)
    ]


def _overlaps(spans: Iterable[Span]) -> Callable[[int, int], bool]:
    """A test whether any of the spans overlaps [start, end), quick for any number of them."""
    ordered = sorted(spans)
    starts = [span.start for span in ordered]
    ends = list(accumulate((span.end for span in ordered), max))

    def overlaps(start: int, end: int) -> bool:
        before = bisect_left(starts, end)
        return before > 0 and ends[before - 1] > start

    return overlaps


def no_speech(report: Report) -> list[tuple[str, str]]:
    """(text, what it is) for passages in quotation marks that are no speech, each once."""
    found = ((one_line(passage.text), _USES[passage.use]) for passage in report.passages if passage.use != "speech")
    return list(dict.fromkeys(found))


def _paragraphs(article: Article) -> list[tuple[int, int]]:
    return [(block.start, block.end) for block in article.blocks if block.kind == "paragraph"]


def paragraph_of(article: Article, offset: int) -> int | None:
    """The number, from 1, of the paragraph that holds a place in the text."""
    for number, (start, end) in enumerate(_paragraphs(article), 1):
        if start <= offset < end:
            return number
    return None


def silent_paragraphs(report: Report) -> tuple[str, int, int]:
    """The numbers of the paragraphs in which nobody is heard, as "2, 4–6"; how many they are; how many there are."""
    paragraphs = _paragraphs(report.article)
    is_claimed = _overlaps(span for each in number_claims(report) for span in each.claim.content)
    silent = [number for number, (start, end) in enumerate(paragraphs, 1) if not is_claimed(start, end)]
    runs: list[list[int]] = []
    for number in silent:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
    return shown, len(silent), len(paragraphs)


def title(article: Article) -> str:
    return one_line(article.title or "") or one_line(article.path or "") or "Untitled article"


def day(published: str) -> str:
    """25 September 2023; a date in another form as it is."""
    try:
        found = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return f"{found.day} {found:%B} {found.year}"


def issues(report: Report) -> list[Issue]:
    """What could not be read as it should, each once."""
    return list(dict.fromkeys((*report.article.issues, *report.issues)))
