"""What pages are made of: templates that escape everything, the common style, the policy that fetches nothing."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

_GOLDEN_ANGLE = 137.508  # degrees: hues that follow one another by it stay apart, however many there are
_FIRST_HUE = 212
_FEWEST_HUES = 8


def environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("quotes", "data"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def fill(templates: Environment, name: str, **values: Any) -> str:
    """A template of quotes/data with its values, without white space around it."""
    return templates.get_template(name).render(**values).strip()


def common_style(templates: Environment, colors: int) -> str:
    """The style that pages and fragments share, with hues for so many sources."""
    count = max(_FEWEST_HUES, colors)
    return fill(templates, "report.css", hues=[round(_FIRST_HUE + at * _GOLDEN_ANGLE) % 360 for at in range(count)])


def trusted(text: str) -> str:
    """Our own style and script, which are not to be escaped."""
    from markupsafe import Markup

    return Markup(text)


def policy(style: str, script: str = "") -> str:
    """A content security policy that admits this style and script, and forbids all else."""
    allowed = ["default-src 'none'", f"style-src '{_hash(style)}'"]
    allowed += [f"script-src '{_hash(script)}'"] if script else []
    return "; ".join((*allowed, "base-uri 'none'", "form-action 'none'"))


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
