"""From bytes to an Article: encodings, formats, metadata, and what each part of the text is.

Offsets are code points of `Article.text`; its line ends are those of the input, a byte order mark is dropped.
"""

from __future__ import annotations

from pathlib import Path

from quotes.article import dates, formats, layout
from quotes.article.decode import decode, refuse_control_characters
from quotes.article.languages import language
from quotes.article.lines import units
from quotes.errors import InputError
from quotes.lexicon import Lexicon, load
from quotes.records import Article, Issue

__all__ = ["MAX_CHARACTERS", "article_from_text", "language", "read_article"]

MAX_CHARACTERS = 2_000_000
# Markup and metadata around an article's text may be this many times as long as the text.
MARKUP = 10


def read_article(
    source: str | Path | bytes,
    *,
    publisher: str | None = None,
    input_format: str = "auto",
    max_characters: int = MAX_CHARACTERS,
    path: str | None = None,
    lexicon: Lexicon | None = None,
) -> Article:
    """An article from a file, or from bytes such as those of standard input.

    source: a path, or the bytes themselves; publisher: who published it, whatever the text says; input_format: auto,
    text, json (ninjs, or an object with "text") or html; path: what to call bytes in messages and in the report.
    Raises InputError where there is no English text to read, MissingExtra where HTML cannot be read.
    """
    if input_format not in formats.FORMATS:
        raise InputError(f"There is no input format {input_format!r}.", f"Use one of: {', '.join(formats.FORMATS)}.")
    named = path if path is not None or isinstance(source, bytes) else str(source)
    name = named or "The input"
    data = source if isinstance(source, bytes) else _read(Path(source), max_characters)
    text, issues = decode(data, name)
    text = text.removeprefix("\ufeff")
    refuse_control_characters(text, name)
    suffix = Path(named or "").suffix
    kind = formats.guess(text, suffix) if input_format == "auto" else input_format
    _refuse_length(len(text), max_characters * (1 if kind == "text" else MARKUP), max_characters, name)
    _refuse_empty(text, name)
    content = formats.read(text, kind, name)
    return article_from_text(
        content.text,
        path=named,
        publisher=publisher or content.publisher,
        title=content.title,
        byline=content.byline,
        published=content.published,
        url=content.url,
        max_characters=max_characters,
        lexicon=lexicon,
        issues=issues,
    )


def article_from_text(
    text: str,
    *,
    path: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    byline: str | None = None,
    published: str | None = None,
    url: str | None = None,
    max_characters: int = MAX_CHARACTERS,
    lexicon: Lexicon | None = None,
    issues: tuple[Issue, ...] = (),
) -> Article:
    """An article from its text; what is given of title, publisher and so on wins over what the text shows.

    Raises InputError where the text is empty, too long, no text at all, or not English.
    """
    name = path or "The text"
    _refuse_length(len(text), max_characters, max_characters, name)
    text = text.removeprefix("\ufeff")
    _refuse_empty(text, name)
    refuse_control_characters(text, name)
    _refuse_foreign(text, name)
    words = lexicon or load()
    blocks, found = layout.recognise(text, units(text), words, title=title, publisher=publisher, url=url)
    return Article(
        text=text,
        path=path,
        title=found.title,
        publisher=publisher or found.publisher or (layout.readable_host(found.host) if found.host else None),
        byline=byline or found.byline,
        dateline=found.dateline,
        credit=tuple(sorted(set(found.credit), key=lambda credit: (credit.start, credit.end))),
        published=(dates.iso(published) or published) if published else found.published,
        url=url or found.url,
        blocks=blocks,
        issues=issues,
    )


def _read(path: Path, max_characters: int) -> bytes:
    hint = "Check the path; use - to read standard input."
    try:
        if path.is_dir():
            raise InputError(f"{path} is a folder, not an article.", "Name a file in it.")
        size = path.stat().st_size
        # No encoding takes more than four bytes for a character.
        _refuse_length(size // 4, max_characters * MARKUP, max_characters, str(path))
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"There is no file {path}.", hint) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}.", hint) from error


def _refuse_length(length: int, limit: int, max_characters: int, name: str) -> None:
    if length > limit:
        raise InputError(
            f"{name} is too long: {length:,} characters, and the limit is {max_characters:,}.",
            "Raise it with --max-characters, or split the text.",
        )


def _refuse_empty(text: str, name: str) -> None:
    if not text.strip():
        raise InputError(f"{name} is empty.", "Give a file with the text of an article.")


def _refuse_foreign(text: str, name: str) -> None:
    code = language(text)
    if code != "en":
        found = "" if code == "und" else f" (it looks like {code})"
        raise InputError(f"{name} is not in English{found}.", "quotes reads English articles only; translate it first.")
