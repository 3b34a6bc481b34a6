"""Addresses of the web as reports may show them: without passwords, keys and what else opens a door."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

SECRET = re.compile(
    r"token|secret|passw|pwd|auth|api_?key|signature|session|credential|jwt|ticket"
    r"|^(?:key|sig|hmac|sid|code|hash|otp|pass|user|login|email|phpsessid|jsessionid|gift|unlock|policy|key-pair-id)$"
    r"|^x-(?:amz|goog|ms)-",
    re.IGNORECASE,
)


def is_address(text: str) -> bool:
    """Whether a text asks for something to be fetched: it begins with a scheme and two slashes."""
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", text) is not None


def without_secrets(url: str) -> str:
    """The address without user, password, fragment, and parameters whose names say that they are secret."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
        host = parts.hostname or ""
    except ValueError:
        return "(an address that cannot be read)"
    if not parts.netloc:
        return url
    host = f"[{host}]" if ":" in host else host
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not SECRET.search(name)]
    query = parts.query if len(kept) == len(parts.query.split("&")) else urlencode(kept)
    path = re.sub(r";[^/]*", "", parts.path) if SECRET.search(parts.path.partition(";")[2]) else parts.path
    return urlunsplit((parts.scheme, host + port, path, query, ""))
