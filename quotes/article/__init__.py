"""From bytes to an Article: encodings, formats, metadata, and what each part of the text is.

Offsets are code points of `Article.text`; its line ends are those of the input, a byte order mark is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs

from quotes.article import authors, credits, dates, fetch, formats, layout
from quotes.article.addresses import is_address, without_secrets
from quotes.article.decode import refuse_control_characters
from quotes.article.fetch import Fetches
from quotes.article.foreign import tell_apart
from quotes.article.formats import Given
from quotes.article.languages import language
from quotes.article.lines import units
from quotes.article.packed import read_bytes
from quotes.article.part import Part
from quotes.article.parts import Splitter
from quotes.article.publishers import readable_host
from quotes.errors import InputError
from quotes.lexicon import Lexicon, load
from quotes.patience import MAX_SECONDS, Deadline
from quotes.records import Article, Block, Credit, Issue, Place

__all__ = [
    "MAX_CHARACTERS",
    "Part",
    "article_from_text",
    "in_place",
    "language",
    "most_bytes",
    "parts_of",
    "read_article",
]

MAX_CHARACTERS = 2_000_000
# Markup and metadata around an article's text may take this many times as many characters, each of four bytes.
MARKUP = 10
WIDEST = 4
BYTE_ORDER_MARK = "\ufeff"


def read_article(
    source: str | Path | bytes,
    *,
    publisher: str | None = None,
    input_format: str = "auto",
    max_characters: int = MAX_CHARACTERS,
    path: str | None = None,
    lexicon: Lexicon | None = None,
    fields: Mapping[str, str] | None = None,
    url: str | None = None,
    charset: str | None = None,
    facts: Mapping[str, str] | None = None,
    max_seconds: float = MAX_SECONDS,
) -> Article:
    """An article from a file, from bytes such as those of standard input, or from the web.

    source: a path, the bytes themselves, or as a str an address such as https://…, which is fetched; each may be packed
    (gzip, Zstandard). publisher: who published it, whatever the text says; input_format: one of formats.FORMATS;
    path: what to call it in messages and in the report; fields: which keys of a JSON object hold text, title,
    publisher, byline, published and url ("a.b" for b inside a); url, charset: the address that bytes were fetched from
    and the encoding that their server declared; facts: what is known of its title, publisher, byline and publication
    otherwise, for what the input itself does not say; max_seconds: an input is given up that takes longer.
    Raises InputError where there is no English text to read, MissingExtra where the format needs a library.
    """
    if input_format not in formats.FORMATS:
        raise InputError(f"There is no input format {input_format!r}.", f"Use one of: {', '.join(formats.FORMATS)}.")
    if isinstance(source, str) and is_address(source):
        given, url = _fetched(source, path, input_format, max_characters)
        named: str | None = given.name
    else:
        named = path if path is not None or isinstance(source, bytes) else str(source)
        given = _read(source if isinstance(source, bytes) else Path(source), named, input_format, max_characters)
        given = attrs.evolve(given, charset=charset)

    known = facts or {}

    def article() -> Article:
        content = formats.read(attrs.evolve(given, fields=fields))
        return article_from_text(
            content.text,
            path=named,
            publisher=publisher or content.publisher or known.get("publisher"),
            title=content.title or known.get("title"),
            byline=content.byline or known.get("byline"),
            published=content.published or known.get("published"),
            url=content.url or url,
            max_characters=max_characters,
            lexicon=lexicon,
            places=content.places,
            issues=content.issues,
        )

    return Deadline.after(max_seconds).hold(article, named or "The input")


def parts_of(
    source: str | Path | bytes,
    *,
    path: str | None = None,
    input_format: str = "auto",
    max_characters: int = MAX_CHARACTERS,
    fields: Mapping[str, str] | None = None,
    fetch: Fetches | None = None,
) -> Iterator[Part]:
    """The articles of an input, one after another: of JSON Lines one a line, of a NewsML message each news item, of a
    feed each item.

    fetch: what fetches an address and the links of feeds, sitemaps and lists of addresses; without it they are errors.
    All else is one part, which has no bytes of its own: read the input itself. Raises nothing for what is in the input.
    """
    splitter = Splitter(input_format=input_format, max_bytes=most_bytes(max_characters), fields=fields, fetch=fetch)
    if not (isinstance(source, str) and is_address(source)):
        name = path or ("-" if isinstance(source, bytes) else str(source))
        yield from splitter.parts(source if isinstance(source, bytes) else Path(source), name)
    elif fetch is None:
        yield Part(name=without_secrets(source), input_format=input_format)
    else:
        yield from splitter.linked(source)


def most_bytes(max_characters: int) -> int:
    """How many bytes an article of so many characters may take, unpacked, with the markup around it."""
    return max_characters * MARKUP * WIDEST


def in_place(text: str) -> str:
    """A text for `article_from_text` that keeps its offsets: a byte order mark, else taken off, is a blank."""
    return " " + text[1:] if text.startswith(BYTE_ORDER_MARK) else text


def article_from_text(
    text: str,
    *,
    path: str | None = None,
    publisher: str | None = None,
    title: str | None = None,
    byline: str | tuple[str, ...] | None = None,
    published: str | None = None,
    url: str | None = None,
    max_characters: int = MAX_CHARACTERS,
    lexicon: Lexicon | None = None,
    places: tuple[Place, ...] = (),
    issues: tuple[Issue, ...] = (),
) -> Article:
    """An article from its text; what is given of title, publisher and so on wins over what the text shows.

    byline: of several lines that name the authors, the first that names people counts; places: where runs of the text
    stand in what it was read from. Passages in other languages are told apart.
    Raises InputError where the text is empty, too long, no text at all, or not English.
    """
    name = path or "The text"
    _refuse_length(len(text), max_characters, max_characters, name)
    text = text.removeprefix(BYTE_ORDER_MARK)
    _refuse_empty(text, name)
    refuse_control_characters(text, name)
    _refuse_foreign(language(text), name)
    words = lexicon or load()
    blocks, found = layout.recognise(text, units(text), words, title=title, publisher=publisher, url=url)
    blocks, foreign, whole = tell_apart(text, blocks)
    _refuse_foreign(whole, name)
    address = url or found.url
    publisher = publisher or found.publisher or (readable_host(found.host) if found.host else None)
    written = authors.best(_lines(byline, found.byline), publisher, words)
    return Article(
        text=text,
        path=path,
        title=found.title,
        publisher=publisher,
        byline=written.byline,
        dateline=found.dateline,
        credit=_credit(text, blocks, found.credit, written.outlets, words),
        published=(dates.iso(published) or published) if published else found.published,
        url=without_secrets(address) if address else None,
        blocks=blocks,
        places=places,
        issues=(*issues, *foreign),
    )


def _lines(given: str | tuple[str, ...] | None, found: str | None) -> Iterator[str]:
    yield from (given,) if isinstance(given, str) else given or ()
    if found:
        yield found


def _credit(
    text: str, blocks: Iterable[Block], stated: Iterable[Credit], outlets: Iterable[str], lexicon: Lexicon
) -> tuple[Credit, ...]:
    """The credits that the text states, and behind them the outlets among the authors that none of them names."""
    found = sorted(set(stated), key=lambda credit: (credit.start or 0, credit.end or 0))
    known = {credits.canonical(credit.name, lexicon) for credit in found}
    bylines = [block for block in blocks if block.kind == "byline"]
    for name in outlets:
        if credits.canonical(name, lexicon) not in known:
            at = max((text.find(name, block.start, block.end) for block in bylines), default=-1)
            found.append(Credit(name=name, start=at if at >= 0 else None, end=at + len(name) if at >= 0 else None))
    return tuple(found)


def _fetched(source: str, path: str | None, input_format: str, max_characters: int) -> tuple[Given, str]:
    """A page from the web as it is to be read, and the address that it came from in the end."""
    page = fetch.fetch(source)
    url = without_secrets(page.url)
    kind = formats.MEDIA_TYPES.get(page.media_type, "auto") if input_format == "auto" else input_format
    given = _read(page.data, path or url, kind, max_characters)
    return attrs.evolve(given, charset=page.charset), url


def _read(source: Path | bytes, path: str | None, input_format: str, max_characters: int) -> Given:
    name = path or "The input"
    limit = most_bytes(max_characters)
    if isinstance(source, Path):
        _refuse_size(source, name, limit, max_characters)
    data = read_bytes(source, name, limit)
    suffix = formats.suffix_of(path)
    return Given(data=data, name=name, input_format=input_format, suffix=suffix, max_characters=max_characters)


def _refuse_size(path: Path, name: str, limit: int, max_characters: int) -> None:
    """Raise InputError for a file that is too long before it is read."""
    try:
        size = path.stat().st_size if path.is_file() else 0
    except (OSError, ValueError):
        return  # opening it says what is wrong
    if size > limit:
        _refuse_length(size // WIDEST, limit // WIDEST, max_characters, name)


def _refuse_length(length: int, limit: int, max_characters: int, name: str) -> None:
    if length > limit:
        raise InputError(
            f"{name} is too long: {length:,} characters, and the limit is {max_characters:,}.",
            "Raise it with --max-characters, or split the text.",
        )


def _refuse_empty(text: str, name: str) -> None:
    if not text.strip():
        raise InputError(f"{name} is empty.", "Give a file with the text of an article.")


def _refuse_foreign(code: str, name: str) -> None:
    if code != "en":
        found = "" if code == "und" else f" (it looks like {code})"
        raise InputError(f"{name} is not in English{found}.", "quotes reads English articles only; translate it first.")
