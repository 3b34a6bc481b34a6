"""Reports for people: terminal, Markdown, HTML.

Article text is hostile until shown otherwise: every view escapes what its medium takes for commands, and control
characters and overrides of the writing direction are shown, not obeyed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from quotes.errors import QuotesError
from quotes.records import Report
from quotes.views.corpus_facts import Overview, SharedClaim, shared_claim
from quotes.views.merged import Heard, Merged, heard_in, merged

if TYPE_CHECKING:
    from quotes.link import Agreement, Travel

__all__ = [
    "FORMATS",
    "Heard",
    "Merged",
    "Overview",
    "SharedClaim",
    "agreement_values",
    "heard_in",
    "merged",
    "render",
    "render_agreement",
    "render_explanation",
    "render_overview",
    "render_part",
    "render_rows",
    "render_trace",
    "shared_claim",
    "trace_values",
]

FORMATS: Mapping[str, str] = {
    "terminal": "claims with their trees, for reading in a shell",
    "markdown": "a newsroom's notes: claims with their chains, sources, what was left unattributed",
    "html": "one self-contained page: marked text, trees, search, filters, sources; an index of several articles",
    "html-inline": "the same as a light fragment with scoped styles, for notebooks",
}


def render(
    report: Report | Sequence[Report],
    *,
    format: str = "terminal",
    width: int = 100,
    color: bool = False,
    include_belief: bool = False,
    include_uncertain: bool = False,
) -> str:
    """One report or several as text that ends in a line feed.

    format: one of FORMATS; width (terminal cells) and color hold for the terminal view only;
    include_belief: show claims of belief and intent too; include_uncertain: list the uncertain claims too, apart from
    the others (pages have them always, folded unless this is asked for). Raises QuotesError for an unknown format.
    """
    reports = [report] if isinstance(report, Report) else list(report)
    included = {"include_belief": include_belief, "include_uncertain": include_uncertain}
    if format == "terminal":
        from quotes.views import terminal

        return "\n".join(terminal.render(each, width=width, color=color, **included) for each in reports)
    if format == "markdown":
        from quotes.views import markdown

        return "\n".join(markdown.render(each, **included) for each in reports)
    if format in {"html", "html-inline"}:
        from quotes.views import html

        if format == "html":
            return html.render(reports, **included)
        return html.render_inline(reports, part="article", **included)
    raise QuotesError(f"There is no view called {format!r}.", f"Choose one of: {', '.join(FORMATS)}.")


def render_part(
    report: Report | Sequence[Report],
    part: Literal["article", "trees", "network", "sources"],
    *,
    include_belief: bool = False,
    include_uncertain: bool = False,
) -> str:
    """One part of the inline view, as HTML under 200 kB: the marked text with all that was found, the claims with
    their trees, the picture of who reaches the reader through whom, or the sources.
    """
    from quotes.views import html

    reports = [report] if isinstance(report, Report) else list(report)
    return html.render_inline(reports, part=part, include_belief=include_belief, include_uncertain=include_uncertain)


def render_explanation(report: Report, claim_id: str, *, width: int = 100, color: bool = False) -> str:
    """Every rule, span and rejected rival behind one claim, as text for the terminal. KeyError for an unknown id."""
    from quotes.views import explain

    return explain.render(report, claim_id, width=width, color=color)


def render_rows(rows: Sequence[Mapping[str, str]], *, width: int = 100, color: bool = False) -> str:
    """Rows with the same keys as a table for the terminal, one line each; at least one row."""
    from quotes.views import rows as table

    return table.render(rows, width=width, color=color)


def render_trace(
    ways: Sequence[Travel], *, format: str = "terminal", asked: str = "", width: int = 100, color: bool = False
) -> str:
    """How claims came to the articles that carry them, for reading: `terminal`, or `html` for a page.

    asked: the words that were looked for.
    """
    if format == "html":
        from quotes.views import corpus_pages

        return corpus_pages.trace_page(ways, asked=asked)
    from quotes.views import trace_terminal

    return trace_terminal.render(ways, width=width, color=color)


def trace_values(ways: Sequence[Travel]) -> list[dict[str, Any]]:
    """The same as plain values for JSON, with the links and confidences that each verdict rests on."""
    from quotes.views import trace_data

    return trace_data.values(ways)


def render_agreement(found: Sequence[Agreement], *, show: int = 0, width: int = 100, color: bool = False) -> str:
    """How often outlets give the same words the same origin, as text for the terminal.

    show: how many disagreements of each kind of link are shown.
    """
    from quotes.views import agreement

    return agreement.render(found, show=show, width=width, color=color)


def agreement_values(found: Sequence[Agreement], *, show: int = 0) -> dict[str, Any]:
    """The same as plain values for JSON."""
    from quotes.views import agreement

    return agreement.values(found, show=show)


def render_overview(found: Overview, *, format: str = "markdown") -> str:
    """A corpus as a whole: `markdown`, or `html` for a page with plots."""
    if format == "html":
        from quotes.views import corpus_pages

        return corpus_pages.overview_page(found)
    from quotes.views import corpus_markdown

    return corpus_markdown.render(found)
