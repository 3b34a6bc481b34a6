"""Bytes -> text, and refusals of what is no text."""

from __future__ import annotations

import codecs
import re

from quotes.errors import InputError
from quotes.records import Issue

# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x7f]")
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
UTF8_HINT = "Save it as UTF-8 text and try again."


def decode(data: bytes, name: str) -> tuple[str, tuple[Issue, ...]]:
    """The text, line ends untouched and without a byte order mark, and what was odd about its encoding.

    Strict UTF-8, or UTF-16 and UTF-32 with their mark, then the charset that a page declares, then Windows-1252.
    Raises InputError where the bytes are no text.
    """
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    if marked is not None:
        return _strict(data, marked, name), ()
    _refuse_binary(data, name)
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        encoding = _declared(data) or "cp1252"
        text = _strict(data, encoding, name)
        message = f"Not UTF-8 (byte {error.start}): read as {encoding}; some characters may be wrong."
        return text, (Issue(kind="encoding", message=message),)


def refuse_control_characters(text: str, name: str) -> None:
    """Raise InputError where NULs or more than one control character in a hundred say that this is no text."""
    sample = text[:200_000]
    controls = len(CONTROL.findall(sample))
    if "\0" in text or controls * 100 > len(sample):
        raise InputError(f"{name} is not text: it holds control characters.", "Give a text, HTML or JSON file.")


def _refuse_binary(data: bytes, name: str) -> None:
    if data.startswith(b"%PDF"):
        raise InputError(f"{name} is a PDF file, not text.", "Extract its text first, for example with pdftotext.")
    if data.startswith(b"PK\x03\x04"):
        raise InputError(f"{name} is a zip or office file, not text.", "Save it as plain text and try again.")
    if b"\0" in data:
        raise InputError(f"{name} is not text: it holds binary data.", "Give a text, HTML or JSON file in UTF-8.")


def _declared(data: bytes) -> str | None:
    found = META_CHARSET.search(data[:4_000])
    if not found:
        return None
    try:
        encoding = codecs.lookup(found[1].decode("ascii")).name
        b"".decode(encoding)
    except (LookupError, UnicodeDecodeError):
        return None
    return None if encoding == "utf-8" else encoding


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        raise InputError(f"{name} is not text in {encoding}.", UTF8_HINT) from error
