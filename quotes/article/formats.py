"""Which format an input is in, and the reader of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import attrs

from quotes.article import documents, feeds, jsonfeed, mail, newsml, pages
from quotes.article.content import Content
from quotes.article.decode import decode, refuse_binary, refuse_control_characters
from quotes.article.packed import bare_name
from quotes.errors import InputError

FORMATS = ("auto", "text", "html", "json", "jsonl", "newsml", "eml", "docx", "pdf")
SUFFIXES = {
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
MEDIA_TYPES = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "text/plain": "text",
    "application/json": "json",
    "application/pdf": "pdf",
}
COLLECTIONS: Mapping[feeds.Kind, str] = {
    "feed": "a feed",
    "json feed": "a feed",
    "sitemap": "a sitemap",
    "index": "an index of sitemaps",
    "addresses": "a list of addresses",
}
COLLECTION_HINT = "`quotes report --fetch` and `quotes corpus run --fetch` read its articles."
XML_SUFFIXES = (".xml", ".rss", ".atom", ".rdf")
HTML_START = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html\b)", re.IGNORECASE)
HEADER = re.compile(rb"(?:[A-Za-z][A-Za-z0-9-]{1,60}:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)+(?=\r?\n)")
MAIL = re.compile(rb"^(?:MIME-Version|Message-ID|Received|Return-Path):", re.IGNORECASE | re.MULTILINE)


@attrs.frozen(kw_only=True)
class Given:
    """Bytes to be read: what to call them, in which format they are, and what is known beside them.

    charset: what the server that they came from says; fields: which keys of a JSON object hold what.
    """

    data: bytes = attrs.field(repr=False)
    name: str
    input_format: str = "auto"
    suffix: str = ""
    charset: str | None = None
    fields: Mapping[str, str] | None = None
    max_characters: int


def suffix_of(path: str | None) -> str:
    """The suffix of a file's name, that of a packer left out, in lower case."""
    return Path(bare_name(path or "")).suffix.lower()


def read(given: Given) -> Content:
    """The content of bytes in one of FORMATS. Raises InputError, and MissingExtra where a library is absent."""
    kind = given.input_format if given.input_format != "auto" else _guess_binary(given)
    if kind == "pdf":
        return documents.read_pdf(given.data, given.name, given.max_characters)
    if kind == "docx":
        return documents.read_docx(given.data, given.name, given.max_characters)
    if kind == "eml":
        return mail.read(given.data, given.name)
    refuse_binary(given.data, given.name)
    text, issues = decode(given.data, given.name, declared=given.charset)
    text = text.removeprefix("\ufeff")
    refuse_control_characters(text, given.name)
    if kind in (None, "json", "newsml"):
        _refuse_collection(text, given.name)
    content = _read_text(text, kind or _guess_text(text, given.suffix), given)
    return attrs.evolve(content, issues=(*issues, *content.issues))


def _read_text(text: str, kind: str, given: Given) -> Content:
    if kind in ("json", "jsonl"):
        return jsonfeed.read(text, given.name, given.fields)
    if kind == "newsml":
        return newsml.read(text, given.name)
    if kind == "html":
        return pages.read(text, given.name)
    return Content(text=text)


def _refuse_collection(text: str, name: str) -> None:
    kind = feeds.kind_of(text)
    if kind is not None:
        raise InputError(f"{name} is {COLLECTIONS[kind]}, not an article.", COLLECTION_HINT)


def _guess_binary(given: Given) -> str | None:
    """The format of bytes that are no plain text, by how they begin; an e-mail by its headers."""
    data = given.data
    if data.startswith(b"%PDF"):
        return "pdf"
    if data.startswith(b"PK\x03\x04") and documents.is_docx(data):
        return "docx"
    headers = HEADER.match(data[:20_000])
    return "eml" if given.suffix == ".eml" or (headers and MAIL.search(headers[0])) else None


def _guess_text(text: str, suffix: str) -> str:
    """The format of a text from its file's suffix, or else from how it begins."""
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    if newsml.is_newsml(text):
        return "newsml"
    if HTML_START.match(text[:20_000]):
        return "html"
    if suffix in XML_SUFFIXES:
        return "newsml"
    return "json" if text.lstrip().startswith("{") and jsonfeed.is_object(text) else "text"
