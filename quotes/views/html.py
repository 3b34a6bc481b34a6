"""A page that stands alone, and a fragment for notebooks: jinja2 lays out, everything else is decided before.

The page asks for nothing from anywhere: its security policy forbids it, and admits its own style and script by hash.
Text is cut and marked here, in code points; the script only lights up what stands in the page, so that the units in
which browsers count characters never matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from quotes.records import Report
from quotes.views.article import TOO_LONG, article_values
from quotes.views.overview import merged_values, overview_values
from quotes.views.pages import common_style, environment, fill, policy, trusted

if TYPE_CHECKING:
    from jinja2 import Environment

Part = Literal["article", "trees", "network", "sources"]
Values = dict[str, Any]

LIGHT = 200_000  # bytes of a fragment


def render(reports: Sequence[Report], *, include_belief: bool, include_uncertain: bool) -> str:
    """The page on one article or several; include_uncertain: the uncertain claims are not folded away."""
    templates = environment()
    articles = [
        article_values(report, f"a{number}", include_belief=include_belief, unfolded=include_uncertain)
        for number, report in enumerate(reports, 1)
    ]
    style = _style(templates, articles) + "\n" + fill(templates, "report-page.css")
    script = fill(templates, "report.js")
    page = fill(
        templates,
        "report.html.j2",
        style=trusted(style),
        script=trusted(script),
        policy=policy(style, script),
        heading=articles[0]["title"] if len(articles) == 1 else f"Who said it: {len(articles)} articles",
        articles=articles,
        overview=overview_values(reports, articles) if len(articles) != 1 else None,
    )
    return page + "\n"


def render_inline(reports: Sequence[Report], *, part: Part, include_belief: bool, include_uncertain: bool) -> str:
    """A fragment for notebooks, under LIGHT bytes; what does not fit is left out, and the fragment says so."""
    templates = environment()
    options: Values = {"include_belief": include_belief, "unfolded": include_uncertain, "inline": True}
    if part == "network" and len(reports) > 1:
        return _inline(templates, [merged_values(reports)], part, 0) + "\n"
    written = _inline(templates, [], part, len(reports))
    shown: list[Values] = []
    for number, report in enumerate(reports, 1):
        for no_text in ("", TOO_LONG):
            values = article_values(report, f"a{number}", **options, no_text=no_text)
            longer = _inline(templates, [*shown, values], part, len(reports) - number)
            if len(longer.encode()) < LIGHT:
                break
        else:
            break
        shown.append(values)
        written = longer
    return written + "\n"


def _inline(templates: Environment, articles: Sequence[Values], part: Part, left: int) -> str:
    style = trusted(_style(templates, articles))
    return fill(templates, "report-inline.html.j2", style=style, articles=articles, part=part, left=left)


def _style(templates: Environment, articles: Sequence[Values]) -> str:
    return common_style(templates, max((each["colors"] for each in articles), default=0))
