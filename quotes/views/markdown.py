"""A newsroom's notes: what goes into a story's file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from quotes.records import Claim, Hop, Report, Source
from quotes.views import facts
from quotes.views.masthead import masthead

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!+=-])")


def escape(text: str) -> str:
    """One line of text in which Markdown finds no markup."""
    return re.sub(r"^(\d+)([.)])", r"\1\\\2", _SPECIAL.sub(r"\\\1", facts.one_line(text)))


def render(report: Report, *, include_belief: bool, include_uncertain: bool) -> str:
    """The notes on one article."""
    numbered = facts.number_claims(report, include_belief=include_belief)
    likely, doubtful = facts.told_apart(numbered)
    parts = [
        f"# {escape(facts.title(report.article))}",
        escape(" · ".join(masthead(report.article))),
        escape(" ".join(facts.summary(report))),
        *_claims(report, numbered, likely, "Claims"),
        *(_claims(report, numbered, doubtful, "Uncertain claims") if include_uncertain else _hidden(doubtful)),
        *_sources(report),
        *_left_over(report),
        *_corrections(report),
        *_issues(report),
    ]
    return "\n\n".join(parts) + "\n"


def _hidden(doubtful: Sequence[facts.Numbered]) -> list[str]:
    return [escape(facts.hidden_note(len(doubtful)))] if doubtful else []


def _claims(
    report: Report, numbered: Sequence[facts.Numbered], shown: Sequence[facts.Numbered], title: str
) -> list[str]:
    """Those of the numbered claims that are to be shown, under a title."""
    items = []
    sources = facts.sources_by_id(report)
    places = facts.places(numbered)
    for each in shown:
        claim, place = each.claim, places[each.number]
        kind = "belief" if claim.act == "belief" else claim.kind
        hops = " → ".join(_hop(numbered, place, hop, sources) for hop in claim.chain) or "no source given"
        items.append(
            f"- **{each.number}.** {escape(facts.words(claim))}\n"
            f"  - {hops}\n"
            f"  - {kind}, origin {claim.origin}, path {claim.path}, confidence {facts.score(claim.confidence)},"
            f" id {escape(claim.id)}{f', **{facts.review_note(claim)}**' if claim.review else ''}"
        )
    return [f"## {title}", "\n".join(items)] if items else []


def _hop(numbered: Sequence[facts.Numbered], place: int, hop: Hop, sources: dict[str, Source]) -> str:
    claim = numbered[place].claim
    text = facts.listed([_name(claim, hop, sources, *each) for each in facts.hop_sources(hop)])
    if hop.basis == "carried":
        return f"{text} ({facts.carried_note(numbered, place, hop)})"
    if hop.cue:
        text += f": *{escape(facts.hop_cue(hop))}*"
    return f"{text} (“{escape(hop.anonymity.text)}”)" if hop.anonymity else text


def _name(claim: Claim, hop: Hop, sources: dict[str, Source], source_id: str, name: str) -> str:
    known = facts.describe(sources.get(source_id), sources) if hop.basis == "stated" else ""
    return f"**{escape(facts.hop_name(claim, hop, name))}**{_escape_after(known)}"


def _escape_after(text: str) -> str:
    """`escape` for text that stands after other text: a space in front is kept."""
    return (" " if text.startswith(" ") else "") + escape(text)


def _sources(report: Report) -> list[str]:
    sources = facts.sources_by_id(report)
    origins = [
        (each.name + facts.describe(each.source, sources), str(each.claims), str(each.direct), facts.heard(each))
        for each in facts.source_rows(report)
    ]
    relays = [
        (
            each.name + facts.describe(each.source, sources),
            str(each.stated),
            str(each.carried),
            facts.listed(each.origins),
        )
        for each in facts.relay_rows(report)
    ]
    parts = ["## Sources", _table(("source", "claims", "direct", "heard through"), origins)] if origins else []
    return [*parts, "## Relays", _table(("relay", "stated", "carried", "for"), relays)] if relays else parts


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_line(heads), "| --- | ---: | ---: | --- |", *(_line([escape(cell) for cell in row]) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _left_over(report: Report) -> list[str]:
    loose = [
        f"- {f'paragraph {number}' if number else f'at {passage.start}'}: “{escape(passage.text)}”"
        for number, passage in facts.unattributed(report)
    ]
    others = [f"“{escape(text)}” ({use})" for text, use in facts.no_speech(report)]
    parts = ["## Not attributed to anybody", "\n".join(loose)] if loose else []
    return [*parts, f"No speech: {', '.join(others)}"] if others else parts


def _corrections(report: Report) -> list[str]:
    found = [f"- {escape(each)}" for each in facts.corrections(report)]
    return ["## Corrected by a reader", "\n".join(found)] if found else []


def _issues(report: Report) -> list[str]:
    found = [f"- {escape(issue.message)}" for issue in facts.issues(report)]
    return ["## Notes", "\n".join(found)] if found else []
