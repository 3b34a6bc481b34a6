"""A page that stands alone, and a fragment for notebooks: jinja2 lays out, everything else is decided before.

The page asks for nothing from anywhere: its security policy forbids it, and admits its own style and script by hash.
Text is cut and marked here, in code points; the script only lights up what stands in the page, so that the units in
which browsers count characters never matter.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from quotes.records import Report
from quotes.views.article import article_values
from quotes.views.overview import merged_values, overview_values

if TYPE_CHECKING:
    from jinja2 import Environment

Part = Literal["article", "trees", "network", "sources"]
Values = dict[str, Any]

LIGHT = 200_000  # bytes of a fragment
_GOLDEN_ANGLE = 137.508  # degrees: hues that follow one another by it stay apart, however many there are
_FIRST_HUE = 212
_FEWEST_HUES = 8


def render(reports: Sequence[Report], *, include_belief: bool) -> str:
    """The page on one article or several."""
    environment = _environment()
    articles = [
        article_values(report, f"a{number}", include_belief=include_belief) for number, report in enumerate(reports, 1)
    ]
    style = _style(environment, articles) + "\n" + _part(environment, "report-page.css")
    script = _part(environment, "report.js")
    page = _part(
        environment,
        "report.html.j2",
        style=_markup(style),
        script=_markup(script),
        policy=_policy(style, script),
        heading=articles[0]["title"] if len(articles) == 1 else f"Who said it: {len(articles)} articles",
        articles=articles,
        overview=overview_values(reports, articles) if len(articles) != 1 else None,
    )
    return page + "\n"


def render_inline(reports: Sequence[Report], *, part: Part, include_belief: bool) -> str:
    """A fragment for notebooks, under LIGHT bytes; what does not fit is left out, and the fragment says so."""
    environment = _environment()
    if part == "network" and len(reports) > 1:
        return _inline(environment, [merged_values(reports)], part, 0) + "\n"
    written = _inline(environment, [], part, len(reports))
    shown: list[Values] = []
    for number, report in enumerate(reports, 1):
        for cut in (False, True):
            values = article_values(report, f"a{number}", include_belief=include_belief, inline=True, too_long=cut)
            longer = _inline(environment, [*shown, values], part, len(reports) - number)
            if len(longer.encode()) < LIGHT:
                break
        else:
            break
        shown.append(values)
        written = longer
    return written + "\n"


def _inline(environment: Environment, articles: Sequence[Values], part: Part, left: int) -> str:
    style = _markup(_style(environment, articles))
    return _part(environment, "report-inline.html.j2", style=style, articles=articles, part=part, left=left)


def _style(environment: Environment, articles: Sequence[Values]) -> str:
    return _part(environment, "report.css", hues=_hues(max(_FEWEST_HUES, *(each["colors"] for each in articles), 0)))


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("quotes", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _part(environment: Environment, name: str, **values: Any) -> str:
    return environment.get_template(name).render(**values).strip()


def _markup(text: str) -> str:
    from markupsafe import Markup

    return Markup(text)


def _hues(count: int) -> list[int]:
    return [round(_FIRST_HUE + at * _GOLDEN_ANGLE) % 360 for at in range(count)]


def _policy(style: str, script: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_hash(style)}'",
            f"script-src '{_hash(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
