"""Word and PDF files -> their text, through python-docx and pypdf (extra "files")."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from quotes.article.content import Content
from quotes.errors import InputError, MissingExtra
from quotes.patience import within
from quotes.records import Issue

EXTRA = "files"
SECONDS = 60.0
MOST_PAGES = 2_000
UNPACKED = 100_000_000  # bytes
HINT = "Save it as plain text and try again."

T = TypeVar("T")


def read_docx(data: bytes, name: str, max_characters: int) -> Content:
    """The paragraphs of a Word file, those of tables among them. Raises InputError, MissingExtra."""
    try:
        import docx
    except ImportError as error:
        raise MissingExtra("python-docx", EXTRA) from error
    _refuse_bomb(data, name)
    document = _read(lambda: docx.Document(io.BytesIO(data)), name, "Word")
    paragraphs = _read(lambda: list(_bounded(_paragraphs(document), max_characters, name)), name, "Word")
    title = next((text for text, style in paragraphs if style in ("Title", "Heading 1")), None)
    return Content(text=_text([text for text, _ in paragraphs], name), title=title)


def read_pdf(data: bytes, name: str, max_characters: int) -> Content:
    """The text of a PDF file's pages, in the order of their drawing. Raises InputError, MissingExtra."""
    try:
        import pypdf
    except ImportError as error:
        raise MissingExtra("pypdf", EXTRA) from error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)

    def pages() -> tuple[list[str], str | None]:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError(f"{name} is a PDF file with a password.", "Save it without one and try again.")
        if len(reader.pages) > MOST_PAGES:
            raise InputError(f"{name} has more than {MOST_PAGES:,} pages.", "Split it.")
        texts = ((page.extract_text(), "") for page in reader.pages)
        found = [text for text, _ in _bounded(texts, max_characters, name)]
        title = reader.metadata.title if reader.metadata else None
        return found, title if isinstance(title, str) and title.strip() else None

    found, title = _read(lambda: within(SECONDS, pages, name), name, "PDF")
    message = "The text was taken from a PDF file: heads of pages and broken lines may stand in it."
    return Content(text=_text(found, name), title=title, issues=(Issue(kind="pdf", message=message),))


def is_docx(data: bytes) -> bool:
    """Whether a zip file holds what a Word file does."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "word/document.xml" in packed.namelist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def _refuse_bomb(data: bytes, name: str) -> None:
    size = _read(lambda: sum(each.file_size for each in zipfile.ZipFile(io.BytesIO(data)).infolist()), name, "Word")
    if size > UNPACKED:
        raise InputError(f"{name} would unpack to {size:,} bytes, and the limit is {UNPACKED:,}.", HINT)


def _paragraphs(document: Any) -> Iterator[tuple[str, str]]:
    """The text and the style of each paragraph; what a tracked change has put in is read, what it took out is not."""
    from docx.oxml.ns import qn

    shown = {qn("w:t"): None, qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
    again = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
    styles = {style.style_id: style.name for style in document.styles}
    for paragraph in document.element.body.iter(qn("w:p")):
        parts, todo, style = [], [paragraph], ""
        while todo:
            each = todo.pop()
            if each.tag in shown:
                parts.append(each.text or "" if shown[each.tag] is None else str(shown[each.tag]))
            elif each.tag == qn("w:pStyle"):
                style = styles.get(each.get(qn("w:val")), "")
            elif each.tag != again and (each is paragraph or each.tag != qn("w:p")):
                todo.extend(reversed(each))
        yield "".join(parts), style


def _bounded(texts: Iterator[tuple[str, str]], limit: int, name: str) -> Iterator[tuple[str, str]]:
    size = 0
    for text, style in texts:
        size += len(text)
        if size > limit:
            raise InputError(
                f"{name} is too long: the limit is {limit:,} characters.", "Raise it with --max-characters."
            )
        if text.strip():
            yield text, style


def _text(paragraphs: list[str], name: str) -> str:
    if not paragraphs:
        raise InputError(f"{name} holds no text.", "A scan has to go through text recognition first.")
    return "\n\n".join(paragraph.strip() for paragraph in paragraphs)


def _read(step: Callable[[], T], name: str, kind: str) -> T:
    try:
        return step()
    except (InputError, MissingExtra):
        raise
    except Exception as error:  # readers of binary formats fail in as many ways as files are damaged
        reason = f"{type(error).__name__}: {error}".rstrip(": ")
        raise InputError(f"{name} is a {kind} file that cannot be read ({reason}).", HINT) from error
