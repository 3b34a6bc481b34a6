"""JSON and HTML -> the text of the article and its metadata."""

from __future__ import annotations

import json
import re
from typing import Any

import attrs

from quotes.errors import InputError, MissingExtra

FORMATS = ("auto", "text", "json", "html")
SUFFIXES = {".json": "json", ".html": "html", ".htm": "html", ".xhtml": "html"}
HTML_START = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html\b)", re.IGNORECASE)
TAG = re.compile(r"<[^<>]{0,2000}>")
BREAK = re.compile(r"</?(?:p|div|br|h[1-6]|li|blockquote)\b[^<>]{0,500}>", re.IGNORECASE)
JSON_HINT = 'Give one object with "text" or "body_text", such as {"text": "…", "title": "…", "publisher": "…"}.'


@attrs.frozen(kw_only=True)
class Content:
    """The text of an article as its container holds it, and what the container says of it."""

    text: str
    title: str | None = None
    publisher: str | None = None
    byline: str | None = None
    published: str | None = None
    url: str | None = None


def guess(text: str, suffix: str) -> str:
    """The format of a text from its file's suffix, or else from how it begins."""
    if suffix.lower() in SUFFIXES:
        return SUFFIXES[suffix.lower()]
    if HTML_START.match(text):
        return "html"
    return "json" if text.lstrip().startswith("{") and _is_json(text) else "text"


def read(text: str, input_format: str, name: str) -> Content:
    """The content of a text in one of FORMATS but "auto". Raises InputError, and MissingExtra for HTML."""
    if input_format == "json":
        return _from_json(text, name)
    return _from_html(text, name) if input_format == "html" else Content(text=text)


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _from_json(text: str, name: str) -> Content:
    try:
        item = json.loads(text)
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be an article.", JSON_HINT) from error
    except ValueError as error:
        raise InputError(f"{name} is not valid JSON: {error}.", JSON_HINT) from error
    if not isinstance(item, dict):
        raise InputError(f"{name} holds no JSON object but a {type(item).__name__}.", JSON_HINT)
    body = _string(item, "body_text", "text") or _without_tags(_string(item, "body_html", "body_xhtml") or "")
    if not body.strip():
        raise InputError(f"{name} holds no text of an article.", JSON_HINT)
    date = _string(item, "versioncreated", "firstcreated", "published", "date")
    return Content(
        text=body,
        title=_string(item, "headline", "title"),
        publisher=_string(item, "publisher", "provider"),
        byline=_string(item, "byline", "author"),
        published=date,
        url=_string(item, "url", "uri"),
    )


def _string(item: dict[str, Any], *keys: str) -> str | None:
    """The first of these fields that is a text, or an object with a name."""
    for key in keys:
        value = item.get(key)
        value = value.get("name") if isinstance(value, dict) else value
        if isinstance(value, str) and value.strip():
            return value
    return None


def _without_tags(markup: str) -> str:
    import html

    return html.unescape(TAG.sub("", BREAK.sub("\n", markup)))


def _from_html(text: str, name: str) -> Content:
    try:
        import trafilatura
    except ImportError as error:
        raise MissingExtra("trafilatura", "html") from error
    found = trafilatura.extract(text, output_format="json", with_metadata=True, include_comments=False)
    item: dict[str, Any] = json.loads(found) if found else {}
    body = _string(item, "text", "raw_text")
    if body is None:
        raise InputError(f"{name} is a web page in which no article was found.", "Copy the article's text to a file.")
    return Content(
        text=body,
        title=_string(item, "title"),
        publisher=_string(item, "source-hostname", "sitename"),
        byline=_string(item, "author"),
        published=_string(item, "date"),
        url=_string(item, "source", "url"),
    )
