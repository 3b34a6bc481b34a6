"""Bytes -> text, and refusals of what is no text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

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
META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE)
XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")
# Codecs of Python that are no encodings of pages, or that hide what they hold.
NO_CHARSETS = frozenset(
    ("utf-7", "idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem")
)
SINGLE_BYTE = "cp1252"
SAMPLE = 200_000
UTF8_HINT = "Save it as UTF-8 text and try again."
# UTF-8 that somebody read as Windows-1252: a lead byte and what follows it, as that shows them.
MOJIBAKE = re.compile(
    r"â€[\u0080-\u00bfœžŸŒŠŽšž‘’“”„†‡‰‹›•…–—˜™€‚ƒˆ]|Ã[\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œŸ]|Â[\u00a0-\u00bf]"
)
FEWEST_MOJIBAKE = 2


def decode(data: bytes, name: str, *, declared: str | None = None) -> tuple[str, tuple[Issue, ...]]:
    """The text, line ends untouched and without a byte order mark, and what was odd about its encoding.

    By its mark, or as strict UTF-8; then as what a server or header (declared) or the page itself says; then as
    Windows-1252; last by a guess. Raises InputError where the bytes are no text.
    """
    marked = next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)
    if marked is not None:
        text = _strict(data, marked, name)
        return text, _odd(text)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _other(data, name, declared, error.start)
    return text, _odd(text)


def glimpse(data: bytes) -> str:
    """The beginning of a text, as far as its form is concerned: what is not UTF-8 is replaced."""
    encoding = next((encoding for mark, encoding in MARKS if data.startswith(mark)), "utf-8")
    return data.decode(encoding, "replace")


def refuse_control_characters(text: str, name: str) -> None:
    """Raise InputError where NULs or more than one control character in a hundred say that this is no text."""
    sample = text[:SAMPLE]
    controls = len(CONTROL.findall(sample))
    if "\0" in text or controls * 100 > len(sample):
        raise InputError(f"{name} is not text: it holds control characters.", "Give a text, HTML or JSON file.")


def refuse_binary(data: bytes, name: str) -> None:
    """Raise InputError for bytes that cannot be text in any encoding that is read without a mark."""
    if any(data.startswith(mark) for mark, _ in MARKS):
        return
    if data.startswith(b"PK\x03\x04"):
        raise InputError(f"{name} is a zip or office file, not text.", "Save it as plain text and try again.")
    if b"\0" in data:
        raise InputError(f"{name} is not text: it holds binary data.", "Give a text, HTML or JSON file in UTF-8.")


def _other(data: bytes, name: str, declared: str | None, at: int) -> tuple[str, tuple[Issue, ...]]:
    for encoding in _declared(data, declared):
        try:
            text = data.decode(encoding)
        except (UnicodeDecodeError, ValueError):
            continue
        message = f"Not UTF-8 (byte {at}): read as {encoding}, as it declares."
        return text, (Issue(kind="encoding", message=message), *_odd(text))
    try:
        text = data.decode(SINGLE_BYTE)
    except UnicodeDecodeError as error:
        return _guessed(data, name, at, error)
    message = f"Not UTF-8 (byte {at}): read as {SINGLE_BYTE}; some characters may be wrong."
    return text, (Issue(kind="encoding", message=message), *_odd(text))


def _guessed(data: bytes, name: str, at: int, error: Exception) -> tuple[str, tuple[Issue, ...]]:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE]).best()
    if best is None:
        raise InputError(f"{name} is not text in {SINGLE_BYTE} or any other encoding.", UTF8_HINT) from error
    text = _strict(data, best.encoding, name)
    message = f"Not UTF-8 (byte {at}), and no encoding is declared: {best.encoding} is a guess."
    return text, (Issue(kind="encoding", message=message), *_odd(text))


def _declared(data: bytes, declared: str | None) -> Iterator[str]:
    """The encodings that are declared and known, that of a header first."""
    head = data[:4_000]
    inside = [found[1].decode("ascii") for pattern in (XML_CHARSET, META_CHARSET) if (found := pattern.search(head))]
    for each in [declared, *inside]:
        try:
            encoding = codecs.lookup(each or "").name
            b"".decode(encoding)
        except (LookupError, ValueError):
            continue
        if encoding not in NO_CHARSETS | {"utf-8"}:
            yield "cp1252" if encoding in ("iso8859-1", "ascii") else encoding


def _odd(text: str) -> tuple[Issue, ...]:
    """What says that a text was damaged before it came here."""
    found = [match for match, _ in zip(MOJIBAKE.finditer(text), range(1_000), strict=False)]
    lost = text.find("\ufffd")
    issues = []
    if len(found) >= FEWEST_MOJIBAKE:
        message = (
            f"UTF-8 was read as Windows-1252 somewhere before: {found[0][0]!r} and the like stand in {len(found)} "
            "places. Quotation marks may be missed; repair the text first, for example with ftfy."
        )
        issues.append(Issue(kind="encoding", message=message, start=found[0].start(), end=found[0].end()))
    if lost >= 0:
        message = f"{text.count(chr(0xFFFD))} characters were lost before it came here (U+FFFD stands for them)."
        issues.append(Issue(kind="encoding", message=message, start=lost, end=lost + 1))
    return tuple(issues)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError, ValueError) as error:
        raise InputError(f"{name} is not text in {encoding}.", UTF8_HINT) from error
