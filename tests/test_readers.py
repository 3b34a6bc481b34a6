"""Feeds, records and documents: ninjs, NewsML-G2, JSON Lines, e-mail, Word, PDF, packed files, standard input."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from quotes.article import parts_of, read_article
from quotes.cli import main
from quotes.errors import InputError, MissingExtra
from quotes.records import Article

FIRST = "The harbour council closed the northern pier on Monday, and the mayor said that it would not open again soon."
SECOND = "“We have waited long enough,” said Ana Duarte, who sells fish at the gate of the pier."
STORY = f"{FIRST}\n\n{SECOND}"
MARKUP = f"<p>{FIRST}</p><p>{SECOND}</p>"
BOMB = 200_000_000


def paragraphs(article: Article) -> list[str]:
    return [article.text[block.start : block.end] for block in article.blocks if block.kind == "paragraph"]


# ninjs as the IPTC's guide has it: keys in lower case with one value in 1.x, lists in 2.x, camel case in 3.x

NINJS: dict[str, dict[str, Any]] = {
    "1.3": {"headline": "Pier closed", "byline": "Jo Malm", "body_xhtml": MARKUP, "provider": "Coastwire"},
    "1.5": {"headline_main": "Pier closed", "byline": "Jo Malm", "body_main": FIRST, "body_richtext": MARKUP}
    | {"infosources": [{"name": "Coastwire", "role": "publisher"}]},
    "2.0": {
        "headlines": [{"role": "sub", "value": "Long wait"}, {"role": "main", "value": "Pier closed"}],
        "by": "Jo Malm",
        "infosources": [{"name": "Coastwire"}],
        "bodies": [
            {"role": "main", "contenttype": "text/plain", "value": FIRST},
            {"role": "richtext", "contenttype": "application/xhtml+xml", "value": MARKUP},
        ],
    },
    "3.0": {
        "headlines": [{"role": "main", "value": "Pier closed"}],
        "by": "Jo Malm",
        "copyrightHolder": "Coastwire",
        "bodies": [{"role": "html", "contentType": "text/html", "value": f"<section>{MARKUP}</section>"}],
    },
}


@pytest.mark.parametrize("version", list(NINJS))
def test_ninjs(version: str) -> None:
    created = "versionCreated" if version == "3.0" else "versioncreated"
    item = {"uri": "http://wire.example/1", "type": "text", created: "2024-05-14T10:37:00Z", **NINJS[version]}
    article = read_article(json.dumps(item).encode())
    assert paragraphs(article) == [FIRST, SECOND]
    assert (article.title, article.byline, article.publisher) == ("Pier closed", "Jo Malm", "Coastwire")
    assert (article.published, article.url) == ("2024-05-14", "http://wire.example/1")


def test_a_picture_of_ninjs_holds_no_text() -> None:
    item = {"uri": "urn:1", "type": "picture", "headlines": [{"value": "Pier"}], "renditions": [{"href": "x.jpg"}]}
    with pytest.raises(InputError, match="holds no text of an article"):
        read_article(json.dumps(item).encode())


def test_fields_with_names_of_ones_own() -> None:
    item = {"doc": {"brødtekst": STORY, "meta.name": "Pier closed"}, "who": ["Jo Malm", "Ida Holm"], "text": "no"}
    fields = {"text": "doc.brødtekst", "byline": "who", "title": "doc.meta.name"}
    article = read_article(json.dumps(item).encode(), fields=fields)
    assert (article.text, article.byline) == (STORY, "Jo Malm, Ida Holm")
    assert article.title == "Pier closed"
    with pytest.raises(InputError, match=r"in 'doc\.text'"):
        read_article(b'{"title": "x"}', fields={"text": "doc.text"})


# NewsML-G2

NEWSML = """<?xml version="1.0" encoding="UTF-8"?>
<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:newsml:coastwire:1" version="1" standard="NewsML-G2">
<itemMeta><itemClass qcode="ninat:text"/><provider qcode="nprov:cw"><name>Coastwire</name></provider>
<versionCreated>2024-05-14T10:37:00Z</versionCreated></itemMeta>
<contentMeta><by>By Jo Malm</by><headline>Pier &amp; quay closed</headline></contentMeta>
<contentSet>{}</contentSet></newsItem>"""
XHTML = f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{MARKUP}</body></html>'
NITF = (
    '<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"><body><body.head><dateline><location>PORT SELWYN</location>'
    f"</dateline></body.head><body.content>{MARKUP}</body.content></body></nitf>"
)


@pytest.mark.parametrize(
    ("content", "first"),
    [
        (f'<inlineXML contenttype="application/xhtml+xml">{XHTML}</inlineXML>', FIRST),
        (f'<inlineXML contenttype="application/nitf+xml">{NITF}</inlineXML>', FIRST),
        (f'<inlineData contenttype="text/plain">{STORY}</inlineData>', FIRST),
        (f"<inlineData contenttype='text/html'><![CDATA[{MARKUP}]]></inlineData>", FIRST),
    ],
    ids=["xhtml", "nitf", "plain", "html"],
)
def test_newsml(content: str, first: str) -> None:
    article = read_article(NEWSML.format(content).encode())
    assert paragraphs(article) == [first, SECOND]
    assert (article.title, article.byline) == ("Pier & quay closed", "Jo Malm")
    assert (article.publisher, article.published) == ("Coastwire", "2024-05-14")


def test_newsml_with_the_dateline_of_nitf() -> None:
    assert read_article(NEWSML.format(f"<inlineXML>{NITF}</inlineXML>").encode()).dateline == "PORT SELWYN"


def test_a_message_of_several_items_is_read_item_by_item(tmp_path: Path) -> None:
    items = "".join(
        NEWSML.format(f"<inlineData>{STORY} It was day {day}.</inlineData>").partition("?>")[2] for day in range(3)
    )
    message = f'<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>{items}</itemSet></newsMessage>'
    path = tmp_path / "message.xml"
    path.write_text(message, encoding="utf-8")
    parts = list(parts_of(path))
    assert [part.name for part in parts] == [f"{path}:{number}" for number in (1, 2, 3)]
    texts = [read_article(part.data or b"", input_format=part.input_format).text for part in parts]
    assert [text[-2] for text in texts] == ["0", "1", "2"]
    with pytest.raises(InputError, match="holds 3 news items"):
        read_article(path)


@pytest.mark.parametrize(
    ("entity", "words"),
    [
        ('<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>', "defines entities"),
        ('<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>', "defines entities"),
        ('<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">', None),
    ],
    ids=["bomb", "file", "network"],
)
def test_xml_is_read_without_entities(entity: str, words: str | None) -> None:
    document = NEWSML.format("<inlineData>&a;</inlineData>" if words else f"<inlineData>{STORY}</inlineData>")
    data = document.replace("?>", "?>" + entity, 1).encode()
    if words is None:
        assert FIRST in read_article(data, input_format="newsml").text
        return
    with pytest.raises(InputError, match=words):
        read_article(data, input_format="newsml")


def test_deep_xml_is_refused() -> None:
    data = ("<newsItem>" + "<a>" * 100_000).encode()
    with pytest.raises(InputError, match="nested too deeply"):
        read_article(data, input_format="newsml")


# E-mail


def message(**parts: str) -> EmailMessage:
    found = EmailMessage()
    found["From"] = "Jo Malm <jo@coastwire.example>"
    found["Subject"] = "Pier closed – what now?"
    found["Date"] = "Tue, 14 May 2024 10:37:00 +0200"
    found["MIME-Version"] = "1.0"
    if "plain" in parts:
        found.set_content(parts["plain"], charset="iso-8859-15")
    if "html" in parts:
        (found.add_alternative if "plain" in parts else found.set_content)(parts["html"], subtype="html")
    return found


@pytest.mark.parametrize("parts", [{"plain": STORY.replace("“", '"').replace("”", '"')}, {"html": MARKUP}])
def test_mail(parts: dict[str, str]) -> None:
    article = read_article(bytes(message(**parts)))
    expected = STORY.replace("“", '"').replace("”", '"') if "plain" in parts else STORY
    assert article.text.strip() == expected
    assert (article.title, article.byline, article.published) == ("Pier closed – what now?", "Jo Malm", "2024-05-14")


def test_mail_prefers_its_plain_part_and_leaves_attachments() -> None:
    found = message(plain=FIRST, html="<p>Other words.</p>")
    found.add_attachment("Attached words.", filename="a.txt")
    assert read_article(bytes(found), input_format="eml").text.strip() == FIRST


@pytest.mark.parametrize("data", [b"\n", b"Content-Type: multipart/mixed; boundary=x\n\n--x\n--x--", b"\xff\xfe", b""])
def test_mail_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="e-mail"):
        read_article(data, input_format="eml")


# Word and PDF


def word(*texts: str, title: str | None = None) -> bytes:
    docx = pytest.importorskip("docx")
    document = docx.Document()
    if title:
        document.add_heading(title, 0)
    for text in texts:
        document.add_paragraph(text)
    table = document.add_table(1, 1)
    table.cell(0, 0).text = "The table said so."
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def pdf(*lines: str) -> bytes:
    """A PDF file of one page, written by hand."""
    shown = "".join(f"({line}) Tj 0 -14 Td " for line in lines)
    stream = f"BT /F1 12 Tf 72 720 Td {shown}ET"
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
    ]
    found, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(found))
        found += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"xref\n0 5\n0000000000 65535 f \n{table}trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{len(found)}\n%%EOF"
    return found + tail.encode()


def test_word() -> None:
    article = read_article(word(FIRST, SECOND, title="Pier closed"))
    assert article.title == "Pier closed"
    assert paragraphs(article) == [FIRST, SECOND, "The table said so."]


def test_pdf() -> None:
    halves = ("The harbour council closed the pier on Monday,", "and the mayor said that it was old.")
    article = read_article(pdf(*halves))
    assert " ".join(article.text.split()) == " ".join(halves)
    assert [issue.kind for issue in article.issues] == ["pdf"]


@pytest.mark.parametrize("data", [b"%PDF-1.4\n" + bytes(range(256)), b"%PDF-1.4\n1 0 obj << /Kids [1 0 R] >> endobj"])
def test_a_damaged_pdf_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="PDF"):
        read_article(data)


def test_a_word_file_that_is_a_bomb_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", bytes(BOMB))
    with pytest.raises(InputError, match="would unpack to 200,000,000 bytes"):
        read_article(stream.getvalue())


@pytest.mark.parametrize(
    ("library", "make"),
    [("docx", lambda: word(FIRST)), ("pypdf", lambda: pdf(FIRST)), ("backports", lambda: zstd(b"x"))],
)
def test_without_its_library_a_format_names_the_extra(
    library: str, make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make()
    for each in (library, "compression.zstd"):
        monkeypatch.setitem(sys.modules, each, None)
    with pytest.raises(MissingExtra, match=r"pip install 'quotes\[files\]'"):
        read_article(data)


# Packed files


def zstandard() -> Any:
    """The module of Python 3.14, or its backport."""
    return pytest.importorskip("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")


def zstd(data: bytes) -> bytes:
    found: bytes = zstandard().compress(data)
    return found


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_packed_files(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    suffix = ".gz" if pack is gzip.compress else ".zst"
    path = tmp_path / f"a.html{suffix}"
    page = f"<html><body><article>{MARKUP * 5}</article></body></html>"
    path.write_bytes(pack(page.encode()))
    assert FIRST in read_article(path).text
    assert "<p>" not in read_article(path).text


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
def test_a_bomb_is_refused_before_it_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    data = pack(b"a" * BOMB)
    assert len(data) < BOMB / 500
    with pytest.raises(InputError, match="more than 80,000,000 bytes, unpacked"):
        read_article(data)


@pytest.mark.parametrize("pack", [gzip.compress, zstd])
@pytest.mark.parametrize("harm", [lambda data: data[:-9], lambda data: data[:12] + b"\0\0\0" + data[15:]])
def test_a_damaged_packed_file_is_refused(pack: Callable[[bytes], bytes], harm: Callable[[bytes], bytes]) -> None:
    with pytest.raises(InputError):
        read_article(harm(pack(STORY.encode() * 20)))


# Standard input and several articles, through the command line


def lines(*items: object) -> bytes:
    return b"".join(json.dumps(item).encode() + b"\n" for item in items)


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """The command line with the analysis left out: what is read is what is reported."""
    from quotes.records import Report

    class Stub:
        def analyze_all(self, articles: list[Article]) -> list[Report]:
            return [Report(article=each, sources=(), passages=(), claims=(), trees=()) for each in articles]

    monkeypatch.setattr("quotes.cli.report.make_analyzer", lambda **_: Stub())
    return lambda *arguments, data=b"": CliRunner().invoke(main, ["report", *arguments], input=data)


INPUTS: dict[str, Callable[[], bytes]] = {
    "text": lambda: STORY.encode(),
    "html": lambda: f"<html><body><article>{MARKUP * 5}</article></body></html>".encode(),
    "json": lambda: json.dumps({"text": STORY}).encode(),
    "jsonl": lambda: lines({"text": STORY}, {"text": STORY + " More."}),
    "newsml": lambda: NEWSML.format(f"<inlineData>{STORY}</inlineData>").encode(),
    "eml": lambda: bytes(message(html=MARKUP)),
    "docx": lambda: word(FIRST, SECOND),
    "pdf": lambda: pdf(FIRST),
}


@pytest.mark.parametrize("named", [True, False], ids=["named", "guessed"])
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("name", list(INPUTS))
def test_standard_input_in_every_format(shell: Callable[..., Result], name: str, packed: bool, named: bool) -> None:
    data = gzip.compress(INPUTS[name]()) if packed else INPUTS[name]()
    chosen = ["--input-format", name] if named else []
    done = shell("-", "--format", "jsonl", *chosen, data=data)
    assert (done.exit_code, done.stderr) == (0, "")
    found = [json.loads(line)["article"] for line in done.stdout.splitlines()]
    assert len(found) == (2 if name == "jsonl" else 1)
    assert all(each["characters"] > 100 for each in found)


def test_one_bad_line_does_not_stop_the_others(shell: Callable[..., Result], tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines({"text": STORY}) + b"{oops\n\n" + lines({"title": "x"}, {"body": STORY + " More."}))
    done = shell(str(path), "--format", "jsonl")
    assert done.exit_code == 3
    assert [json.loads(line)["article"]["path"] for line in done.stdout.splitlines()] == [f"{path}:1", f"{path}:5"]
    assert f"{path}:2: {path}:2 is not valid JSON" in done.stderr
    assert f"{path}:4: {path}:4 holds no text" in done.stderr


@pytest.mark.parametrize("data", [b"", b"\n \n"])
def test_lines_without_an_article_are_refused(shell: Callable[..., Result], data: bytes) -> None:
    done = shell("-", "--input-format", "jsonl", data=data)
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.startswith("error: The input is ")


def test_fields_on_the_command_line(shell: Callable[..., Result]) -> None:
    data = lines({"a": {"b": STORY}, "t": "Pier closed"})
    done = shell(
        "-", "--format", "json", "--input-format", "json", "--field", "text=a.b", "--field", "title=t", data=data
    )
    assert json.loads(done.stdout)["article"]["title"] == "Pier closed"
    assert shell("-", "--field", "body=x", data=data).exit_code == 2
    assert shell("-", "--input-format", "tape", data=data).exit_code == 2
