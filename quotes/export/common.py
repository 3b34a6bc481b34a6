"""What several formats share: which claims they show, and text that no reader obeys."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import quote

from quotes.records import Claim, Report, Span

NAMESPACE = "urn:x-quotes:"

# Controls (tab and line ends apart), line separators, bidirectional overrides, lone surrogates, noncharacters.
_UNSAFE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """The text with control characters and bidirectional overrides as visible signs; no longer, no shorter."""
    return _UNSAFE.sub(_sign, text)


def one_line(text: str) -> str:
    """The text on one line, safe to show: every run of white space becomes a blank."""
    return " ".join(visible(text).split())


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


def qualified_name(*parts: str) -> str:
    """A qualified name of NAMESPACE; what a local name cannot hold is percent-encoded."""
    return "quotes:" + "-".join(quote(part, safe="", errors="surrogatepass").replace(".", "%2E") for part in parts)


def shown_claims(report: Report, *, include_belief: bool) -> list[Claim]:
    return [claim for claim in report.claims if include_belief or claim.act == "speech"]


def content_text(content: Sequence[Span]) -> str:
    """The words of a claim; … stands where the article breaks them off."""
    return " … ".join(span.text for span in content)
