"""Why one claim is what it is: for each hop the rule, the spans in their places, and what was rejected."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from quotes.certainty import is_uncertain
from quotes.records import Article, Attribution, Candidate, Claim, Hop, Report, Span
from quotes.views import facts
from quotes.views.cells import fit, paragraph, print_lines

_LABEL = 12


def render(report: Report, claim_id: str, *, width: int, color: bool) -> str:
    """The explanation of the claim with this id. KeyError where the report has none."""
    numbered = facts.number_claims(report, include_belief=True)
    places = [at for at, each in enumerate(numbered) if each.claim.id == claim_id]
    if not places:
        raise KeyError(claim_id)
    place = places[0]
    claim = numbered[place].claim
    width = max(width, 40)
    article = report.article
    evidence = next((each for each in report.evidence if each.claim == claim_id), None)
    left = list(evidence.attributions) if evidence else []
    lines = [*_head(numbered[place], width), Text()]
    lines += [line for span in claim.content for line in _place("content", span, article, width)]
    for at, hop in enumerate(claim.chain):
        lines += [Text(), *_hop_head(report, numbered, place, at, width)]
        lines += _hop(hop, article, width)
        behind = _behind(hop, left)
        for attribution in behind:
            left.remove(attribution)
            lines += _attribution(attribution, hop, article, width)
    for attribution in left:
        lines += [Text(), Text("Also taken into account", "bold"), *_attribution(attribution, None, article, width)]
    if evidence is None:
        lines += [Text(), *paragraph("The report holds no evidence of rejected rivals.", width, "dim")]
    return print_lines(lines, width=width, color=color)


def _head(each: facts.Numbered, width: int) -> list[Text]:
    claim = each.claim
    parts = (
        f"id {claim.id}",
        "belief" if claim.act == "belief" else claim.kind,
        f"origin {claim.origin}",
        f"path {claim.path}",
        f"confidence {facts.score(claim.confidence)}{', uncertain' if is_uncertain(claim) else ''}",
        *([facts.review_note(claim)] if claim.review else []),
    )
    lines = [Text(f"Claim {each.number}", "bold"), *paragraph(" · ".join(parts), width, "dim")]
    if len(claim.chain) > 1:
        lines += paragraph(_depth(claim), width, "dim")
    if claim.cue:
        lines += paragraph(f"innermost cue “{facts.one_line(claim.cue.text)}”, {_lemma(claim)}", width, "dim")
    return lines


def _depth(claim: Claim) -> str:
    weak = min(claim.chain, key=lambda hop: hop.confidence)
    name = facts.hop_name(claim, weak, weak.name)
    return f"{len(claim.chain)} hops deep · the weakest is {name} ({facts.score(weak.confidence)})"


def _lemma(claim: Claim) -> str:
    assert claim.cue is not None
    return f"lemma {facts.one_line(claim.cue.lemma)}, class {claim.cue.stance}"


def _hop_head(report: Report, numbered: Sequence[facts.Numbered], place: int, at: int, width: int) -> list[Text]:
    claim = numbered[place].claim
    hop = claim.chain[at]
    sources = facts.sources_by_id(report)
    name = facts.hop_name(claim, hop, hop.name) + facts.describe(sources.get(hop.source), sources)
    basis = facts.carried_note(numbered, place, hop) if hop.basis == "carried" else "stated"
    known = f"{hop.relation} · {basis} · rule {hop.rule} · confidence {facts.score(hop.confidence)}"
    lines = paragraph(f"Hop {at + 1} of {len(claim.chain)}: {name}", width, "bold")
    lines += paragraph(known, width, "cyan", indent=2)
    if hop.beside:
        beside = facts.listed([facts.one_line(each.name) for each in hop.beside])
        lines += paragraph(f"beside it: {beside}", width, indent=2)
    return lines


def _hop(hop: Hop, article: Article, width: int) -> list[Text]:
    lines: list[Text] = []
    for label, span in (("cue", hop.cue), ("mention", hop.mention), ("anonymity", hop.anonymity)):
        if span:
            lines += _place(label, span, article, width)
    if hop.basis == "carried":
        lines.append(Text("  No words here state this hop.", "dim"))
    return lines


def _behind(hop: Hop, attributions: Sequence[Attribution]) -> list[Attribution]:
    """The attributions that a hop rests on: those with its cue, or failing them those with its mention."""
    same_cue = [each for each in attributions if hop.cue and each.cue == hop.cue]
    same_mention = [each for each in attributions if hop.mention and hop.mention in (each.source, each.hearer)]
    return same_cue or same_mention[:1]


def _attribution(attribution: Attribution, hop: Hop | None, article: Article, width: int) -> list[Text]:
    """The attribution's own rule and spans where the hop does not show them already, and its rivals."""
    lines: list[Text] = []
    if hop is None or attribution.rule != hop.rule:
        known = f"attribution by rule {attribution.rule} · confidence {facts.score(attribution.confidence)}"
        lines += paragraph(known, width, "cyan", indent=2)
    shown = (hop.cue, hop.mention) if hop else ()
    for label, span in (("cue", attribution.cue), ("source", attribution.source), ("hearer", attribution.hearer)):
        if span and span not in shown:
            lines += _place(label, span, article, width)
    lines += [line for rival in attribution.rivals for line in _rival(rival, article, width)]
    return lines


def _rival(rival: Candidate, article: Article, width: int) -> list[Text]:
    number = "" if rival.score is None else f" (score {rival.score:.2f})"
    reason = paragraph(f"{facts.one_line(rival.reason)}{number}", width, "yellow", indent=_LABEL + 2)
    if rival.span is None:
        reason[0] = Text().append(f"  {'rejected':<{_LABEL}}", "red").append(reason[0].plain.lstrip(), "yellow")
        return reason
    return [*_place("rejected", rival.span, article, width, style="red"), *reason]


def _place(label: str, span: Span, article: Article, width: int, *, style: str = "bold green") -> list[Text]:
    """A line with the offsets, and below it the words, marked ⟦ ⟧, in their surroundings if there is room for these."""
    line = Text().append(f"  {label:<{_LABEL}}", "red" if label == "rejected" else "")
    line.append(f"[{span.start}, {span.end})", "dim")
    room = max(width - _LABEL - 2, 20)
    return [line, *(Text(" " * (_LABEL + 2)).append_text(each) for each in _surroundings(span, article, room, style))]


def _surroundings(span: Span, article: Article, room: int, style: str) -> list[Text]:
    inner = facts.one_line(span.text)
    if Text(inner).cell_len > room * 2 // 3:
        return paragraph(f"⟦{inner}⟧", room, style)
    side = max((room - Text(inner).cell_len - 4) // 2, 0)
    before = _flat(article.text[max(span.start - 2 * room, 0) : span.start])
    after = _flat(article.text[span.end : span.end + 2 * room])
    left, right = _ending(before, side), after[: fit(after, side)]
    text = Text().append(("…" if left != before else "") + left + "⟦", "dim")
    return [text.append(inner, style).append("⟧" + right + ("…" if right != after else ""), "dim")]


def _flat(text: str) -> str:
    return facts.visible(text).replace("\r", "").replace("\n", " ").replace("\t", " ")


def _ending(text: str, cells: int) -> str:
    """The longest end of a text that takes at most so many cells."""
    start = max(len(text) - cells, 0)
    while start < len(text) and Text(text[start:]).cell_len > cells:
        start += 1
    return text[start:]
