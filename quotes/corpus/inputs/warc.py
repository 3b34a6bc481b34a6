"""Articles in the records of a web archive (WARC), such as those of Common Crawl News. The only door to warcio."""

from __future__ import annotations

import io
from collections.abc import Iterator
from email.message import Message
from typing import IO, Any

from quotes.article.fetch import Fetched
from quotes.article.packed import unpacked
from quotes.corpus.inputs.item import Item, Reading
from quotes.errors import InputError, MissingExtra

PAGES = ("text/html", "application/xhtml+xml")


def records(stream: IO[bytes], name: str, reading: Reading) -> Iterator[Item]:
    """The pages that were fetched well, and plain texts made of pages (WET), numbered from 1."""
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise MissingExtra("warcio", "corpus") from None
    number = 0
    with unpacked(stream, name) as plain:
        for record in ArchiveIterator(plain, arc2warc=True):
            kind, charset = _form(record)
            if kind is not None:
                number += 1
                yield _item(record, f"{name}:{number}", kind, charset, reading)


def archive(page: Fetched) -> bytes:
    """A page as a web archive of one record, packed."""
    try:
        from warcio.statusandheaders import StatusAndHeaders
        from warcio.warcwriter import WARCWriter
    except ImportError:
        raise MissingExtra("warcio", "corpus") from None
    kind = f"{page.media_type}; charset={page.charset}" if page.charset else page.media_type
    headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
    stream = io.BytesIO()
    writer = WARCWriter(stream, gzip=True)
    writer.write_record(
        writer.create_warc_record(page.url, "response", payload=io.BytesIO(page.data), http_headers=headers)
    )
    return stream.getvalue()


def page(stream: IO[bytes]) -> Fetched | None:
    """The page of such an archive; None where it is damaged."""
    try:
        from warcio.archiveiterator import ArchiveIterator
    except ImportError:
        raise MissingExtra("warcio", "corpus") from None
    try:
        for record in ArchiveIterator(stream):
            media, charset = _media(record.http_headers.get_header("Content-Type"))
            url = record.rec_headers.get_header("WARC-Target-URI")
            return Fetched(data=record.content_stream().read(), url=url, media_type=media, charset=charset)
    except Exception:  # whatever is wrong with it, the page can be fetched again
        return None
    return None


def _item(record: Any, name: str, kind: str, charset: str | None, reading: Reading) -> Item:
    data = record.content_stream().read(reading.max_bytes + 1)
    url = record.rec_headers.get_header("WARC-Target-URI")
    if len(data) > reading.max_bytes:
        return Item(name=name, url=url, error=InputError(f"{name} is too long: more than {reading.max_bytes:,} bytes."))
    return Item(name=name, source=data, input_format=kind, url=url, charset=charset)


def _form(record: Any) -> tuple[str | None, str | None]:
    """In which format a record holds an article, or None, and in which encoding it says that it is."""
    if record.rec_type == "conversion":
        return ("text", None) if _media(record.content_type)[0] == "text/plain" else (None, None)
    if record.rec_type != "response" or record.http_headers is None or record.http_headers.get_statuscode() != "200":
        return None, None
    media, charset = _media(record.http_headers.get_header("Content-Type"))
    return ("html", charset) if media in PAGES else (None, None)


def _media(header: str | None) -> tuple[str, str | None]:
    message = Message()
    message["Content-Type"] = header or ""
    return message.get_content_type() if header else "", message.get_content_charset()
