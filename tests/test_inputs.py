"""What a corpus reads: tables, web archives, archives, object stores; and what it makes of those that are broken."""

from __future__ import annotations

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from quotes.article import read_article
from quotes.corpus.inputs import Inputs, Item, Reading, check_inputs
from quotes.errors import InputError

pyarrow = pytest.importorskip("pyarrow")

BODY = (
    "The council of Vellamo met on Tuesday and talked about the old harbour and the price of bread.\n\n"
    "“Ferry {0} will sail again before the ice comes,” said Ana Duarte, who runs the port.\n"
)
PAGE = "<html><head><title>Ferry {0}</title></head><body><article><h1>Ferry {0}</h1>{1}</article></body></html>"


def page(number: int) -> str:
    return PAGE.format(number, "".join(f"<p>{part}</p>" for part in BODY.format(number).split("\n\n") * 3))


def items(*given: Path | str, without: Path = Path("nowhere"), **reading: Any) -> list[Item]:
    return list(Inputs(given=given, without=without, reading=Reading(**reading)))


def articles(found: Sequence[Item], **options: Any) -> list[Any]:
    return [item.read(options) for item in found]


def names(found: Sequence[Item]) -> list[str]:
    return [Path(item.name).name for item in found]


ROWS = [{"id": n, "outlet": "Inland Post", "headline": f"Ferry {n}", "body": BODY.format(n)} for n in range(3)]


def as_csv(rows: Sequence[dict[str, Any]], **options: Any) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(rows[0]), **options)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_rows_of_cells_are_articles(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "feed.csv"
    path.write_bytes(as_csv(ROWS, delimiter=delimiter).encode(encoding))
    found = articles(items(path))
    assert [each.path for each in found] == [f"{path}:{n}" for n in (1, 2, 3)]
    assert [each.text for each in found] == [BODY.format(n) for n in range(3)]
    assert {each.publisher for each in found} == {"Inland Post"}
    assert found[2].title == "Ferry 2"


def test_packed_cells_and_cells_of_another_name(tmp_path: Path) -> None:
    rows = [{"what it says": row["body"], "who": "The Vellamo Ledger"} for row in ROWS]
    (tmp_path / "feed.tsv.gz").write_bytes(gzip.compress(as_csv(rows, delimiter="\t").encode()))
    fields = {"text": "what it says", "publisher": "who"}
    found = articles(items(tmp_path / "feed.tsv.gz", fields=fields), fields=fields)
    assert [(each.text, each.publisher) for each in found] == [(row["body"], "The Vellamo Ledger") for row in ROWS]
    (item,) = items(tmp_path / "feed.tsv.gz")
    assert "no column" in str(item.error)
    assert "what it says, who" in str(item.error)
    assert "--field text=COLUMN" in str(item.error)


def test_a_table_beside_articles_is_passed_over(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text("file,words\na.txt,30\n")
    (tmp_path / "a.txt").write_text(BODY)
    assert names(items(tmp_path)) == ["a.txt"]
    assert len(items(tmp_path / "list.csv")) == 1


def test_a_row_with_too_many_cells_is_an_error_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "feed.csv").write_text(f'title,text\nA,"{BODY}"\nB,"{BODY}",and more\nC,"{BODY}"\n')
    found = items(tmp_path / "feed.csv")
    assert [item.error is None for item in found] == [True, False, True]
    assert "has 3 cells" in str(found[1].error)


def test_rows_of_parquet_are_articles(tmp_path: Path) -> None:
    from pyarrow import parquet

    columns: dict[str, list[Any]] = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    columns["picture"] = [b"\xff\xd8"] * 3
    parquet.write_table(pyarrow.table(columns), tmp_path / "feed.parquet")
    found = articles(items(tmp_path))
    assert [(each.path, each.text, each.title) for each in found] == [
        (f"{tmp_path}/feed.parquet:{n + 1}", BODY.format(n), f"Ferry {n}") for n in range(3)
    ]
    (tmp_path / "torn.parquet").write_bytes((tmp_path / "feed.parquet").read_bytes()[:-20])
    (torn,) = items(tmp_path / "torn.parquet")
    assert "torn.parquet cannot be read on" in str(torn.error)


def crawl(*, packed: bool) -> bytes:
    """A web archive: pages, and what a crawl holds beside them."""
    writing = pytest.importorskip("warcio.warcwriter")
    from warcio.statusandheaders import StatusAndHeaders

    out = io.BytesIO()
    writer = writing.WARCWriter(out, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("crawl.warc", {"software": "test"}))

    def fetched(url: str, body: bytes, kind: str, status: str = "200 OK") -> None:
        headers = StatusAndHeaders(status, [("Content-Type", kind)], protocol="HTTP/1.1")
        record = writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers)
        writer.write_record(record)

    fetched("https://inland.example/ferry/0", page(0).encode(), "text/html; charset=UTF-8")
    fetched("https://inland.example/robots.txt", b"User-agent: *", "text/plain")
    fetched("https://inland.example/gone", page(1).encode(), "text/html", "404 Not Found")
    fetched("https://inland.example/ferry/2", page(2).encode("cp1250"), "text/html; charset=windows-1250")
    fetched("https://inland.example/ship.png", b"\x89PNG", "image/png")
    return out.getvalue()


@pytest.mark.parametrize("packed", [False, True])
def test_pages_of_a_web_archive_are_articles(tmp_path: Path, packed: bool) -> None:
    pytest.importorskip("trafilatura")
    path = tmp_path / ("crawl.warc.gz" if packed else "crawl.warc")
    path.write_bytes(crawl(packed=packed))
    found = articles(items(tmp_path))
    assert [(each.path, each.url) for each in found] == [
        (f"{path}:1", "https://inland.example/ferry/0"),
        (f"{path}:2", "https://inland.example/ferry/2"),
    ]
    assert all("“Ferry" in each.text for each in found)
    assert found[1].publisher


def test_a_web_archive_that_breaks_off_keeps_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes((crawl(packed=True) * 100)[:-300])
    found = items(path)
    assert found[0].error is None
    assert "damaged packed file" in str(found[-1].error)


def files() -> dict[str, bytes]:
    return {
        "news/a.txt": BODY.format(1).encode(),
        "news/b.txt.gz": gzip.compress(BODY.format(2).encode()),
        "news/feed.jsonl": "".join(json.dumps({"text": BODY.format(n)}) + "\n" for n in (3, 4)).encode(),
        "news/rows.csv": as_csv([{"text": BODY.format(5)}]).encode(),
        "news/list.csv": b"file,words\na.txt,30\n",
        "news/picture.png": b"\x89PNG",
        "__MACOSX/._a.txt": b"\0",
        ".hidden/b.txt": b"hidden",
        "../outside.txt": BODY.format(6).encode(),
    }


def zipped(path: Path, held: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in held.items():
            archive.writestr(name, data)


def tarred(path: Path, held: dict[str, bytes], mode: str = "w") -> None:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, data in held.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


MAKERS: dict[str, Callable[[Path, dict[str, bytes]], None]] = {
    "news.zip": zipped,
    "news.tar": tarred,
    "news.tar.gz": lambda path, held: tarred(path, held, "w:gz"),
    "news.tgz": lambda path, held: tarred(path, held, "w:gz"),
    "news.tar.xz": lambda path, held: tarred(path, held, "w:xz"),
}


@pytest.mark.parametrize("name", MAKERS)
def test_archives_hold_what_folders_hold_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    MAKERS[name](path, files())
    found = items(tmp_path / "in")
    assert [each.text for each in articles(found)] == [BODY.format(n) for n in range(1, 7)]
    assert found[2].name == f"{path}/news/feed.jsonl:1"
    assert sorted(tmp_path.rglob("*")) == [tmp_path / "in", path]


def test_what_is_wrong_with_an_archive_is_said(tmp_path: Path) -> None:
    zipped(tmp_path / "empty.zip", {"readme.md": b"nothing"})
    zipped(tmp_path / "nested.zip", {"inner.zip": b"PK", "a.txt": BODY.encode()})
    (tmp_path / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    tarred(tmp_path / "torn.tar", files())
    (tmp_path / "torn.tar").write_bytes((tmp_path / "torn.tar").read_bytes()[:700])
    tarred(tmp_path / "odd.tar", files())
    data = bytearray((tmp_path / "odd.tar").read_bytes())
    data[1024 : 1024 + 100] = b"\xff" * 100
    (tmp_path / "odd.tar").write_bytes(data)
    found = {name: items(tmp_path / name) for name in ("empty.zip", "nested.zip", "broken.zip", "torn.tar", "odd.tar")}
    said = {name: [item.error for item in each if item.error] for name, each in found.items()}
    assert "holds no articles" in str(said["empty.zip"])
    assert "inner.zip is an archive in an archive" in str(said["nested.zip"])
    assert names(found["nested.zip"]) == ["inner.zip", "a.txt"]
    assert "no zip archive, or a damaged one" in str(said["broken.zip"])
    assert "torn.tar" in str(said["torn.tar"])
    assert "no tar archive, or a damaged one" in str(said["odd.tar"])


def test_bombs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from quotes.corpus.inputs import archives

    monkeypatch.setattr(archives, "LEAST_ROOM", 1 << 20)
    held = {f"{n}.txt": b"a " * 400_000 for n in range(9)}
    zipped(tmp_path / "bomb.zip", held)
    tarred(tmp_path / "bomb.tar.gz", held, "w:gz")
    for name in ("bomb.zip", "bomb.tar.gz"):
        assert "would unpack to" in str(items(tmp_path / name)[-1].error)
    monkeypatch.undo()
    long = tmp_path / "long.zip"
    zipped(long, {"a.txt": b"a " * 400_000, "b.txt": BODY.encode()})
    found = items(long, max_characters=1000)
    assert "is too long" in str(found[0].error)
    assert found[1].error is None


def test_a_long_name_in_a_tar_does_not_fill_the_memory(tmp_path: Path) -> None:
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    (tmp_path / "long.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + b"\0" * 4096)
    (item,) = items(tmp_path / "long.tar")
    assert "a name in it is too long" in str(item.error)


def test_links_in_a_tar_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text(BODY)
    with tarfile.open(tmp_path / "links.tar", "w") as archive:
        info = tarfile.TarInfo("a.txt")
        info.type, info.linkname = tarfile.SYMTYPE, "../secret.txt"
        archive.addfile(info)
    (item,) = items(tmp_path / "links.tar")
    assert "holds no articles" in str(item.error)


def make_folder(folder: Path) -> None:
    (folder / "2024" / "inner").mkdir(parents=True)
    (folder / "2023").mkdir()
    (folder / "2024" / "a.txt").write_text(BODY.format(1))
    (folder / "2024" / "inner" / "b.txt").write_text(BODY.format(2))
    (folder / "2024" / ".hidden.txt").write_text("hidden")
    (folder / "2024" / "notes.md").write_text("no article")
    (folder / "2023" / "feed.jsonl.gz").write_bytes(gzip.compress(json.dumps({"text": BODY.format(3)}).encode()))


@pytest.mark.parametrize(
    ("pattern", "read"),
    [
        ("", ["feed.jsonl.gz:1", "a.txt", "b.txt"]),
        ("/2024", ["a.txt", "b.txt"]),
        ("/2024/a.txt", ["a.txt"]),
        ("/202*", ["feed.jsonl.gz:1", "a.txt", "b.txt"]),
        ("/*/*.txt", ["a.txt"]),
        ("/**/*.txt", ["a.txt", "b.txt"]),
        ("/**/*.md", ["notes.md"]),
    ],
)
def test_addresses_are_read_through_pyarrow(tmp_path: Path, pattern: str, read: list[str]) -> None:
    make_folder(tmp_path)
    address = f"file://{tmp_path}{pattern}"
    check_inputs([address])
    found = items(address)
    assert names(found) == read
    assert found[0].name.startswith(f"file://{tmp_path}/202")
    if "notes.md" not in read:
        local = articles(items(f"{tmp_path}{pattern}"))
        assert [each.id for each in articles(found)] == [each.id for each in local]


def test_an_object_store_is_read_like_a_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import fs

    store = fs._MockFileSystem()
    store.create_dir("bucket/news")
    for name, data in {"a.txt": BODY.format(1).encode(), "crawl.zip": b"PK\x03\x04"}.items():
        with store.open_output_stream(f"bucket/news/{name}") as out:
            out.write(data)
    opened: list[str] = []

    def from_uri(uri: str) -> tuple[Any, str]:
        opened.append(uri)
        return store, uri.partition("://")[2].rpartition("@")[2]

    monkeypatch.setattr("quotes.corpus.inputs.files._connect", from_uri)
    check_inputs(["s3://key:secret@bucket/news"])
    found = items("s3://key:secret@bucket/news")
    assert [item.name for item in found] == ["s3://bucket/news/a.txt", "s3://bucket/news/crawl.zip"]
    assert articles(found[:1])[0].text == BODY.format(1)
    assert "damaged" in str(found[1].error)
    with pytest.raises(InputError, match="s3://bucket/other is not there"):
        check_inputs(["s3://key:secret@bucket/other"])
    assert set(opened) == {"s3://key:secret@bucket/news", "s3://key:secret@bucket/other"}


@pytest.mark.parametrize(
    ("given", "connected", "found"),
    [
        ("s3://bucket/news?scheme=http&region=x", "s3://bucket/news?scheme=http&region=x", ["a.txt", "b.txt"]),
        ("s3://bucket/news/b*?scheme=http", "s3://bucket/news?scheme=http", ["b.txt"]),
        ("s3://bucket/news/?.txt", "s3://bucket/news", ["a.txt", "b.txt"]),
    ],
)
def test_options_of_an_address_are_the_stores(
    given: str, connected: str, found: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import fs

    store = fs._MockFileSystem()
    store.create_dir("bucket/news")
    for name in ("a.txt", "b.txt"):
        with store.open_output_stream(f"bucket/news/{name}") as out:
            out.write(BODY.format(name).encode())
    opened: list[str] = []

    def from_uri(uri: str) -> tuple[Any, str]:
        opened.append(uri)
        return store, uri.partition("://")[2].partition("?")[0]

    monkeypatch.setattr("quotes.corpus.inputs.files._connect", from_uri)
    assert [item.name for item in items(given)] == [f"s3://bucket/news/{name}" for name in found]
    assert set(opened) == {connected}


def test_an_address_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InputError, match="nothing://here/news cannot be read"):
        check_inputs(["nothing://here/news"])


def test_a_file_that_two_inputs_name_is_read_once(tmp_path: Path) -> None:
    make_folder(tmp_path)
    assert names(items(tmp_path / "2024", f"{tmp_path}/**/*.txt", tmp_path / "2024/a.txt")) == ["a.txt", "b.txt"]


def test_lines_of_any_name_where_the_format_is_given(tmp_path: Path) -> None:
    (tmp_path / "feed.dat").write_text("".join(json.dumps({"text": BODY.format(n)}) + "\n" for n in range(3)))
    assert len(articles(items(tmp_path / "feed.dat", input_format="jsonl"))) == 3


def test_how_many_there_will_be_is_guessed_without_opening_anything(tmp_path: Path) -> None:
    make_folder(tmp_path)
    lines = "".join(json.dumps({"text": BODY.format(n)}) + "\n" for n in range(20_000))
    (tmp_path / "2025.jsonl").write_text(lines)
    inputs = Inputs(given=[tmp_path], without=Path("nowhere"), reading=Reading())
    inputs.measure()
    assert inputs.expected() == 2
    guesses = [inputs.expected() for _ in inputs]
    assert guesses[-1] == len(guesses) == 20_003
    assert 15_000 < guesses[8000] < 25_000


def test_what_a_server_said_goes_along(tmp_path: Path) -> None:
    data = page(1).replace("“", "\x93").replace("”", "\x94").encode("latin-1")
    pytest.importorskip("trafilatura")
    found = read_article(data, path="p", input_format="html", url="https://a.example/b?token=1", charset="cp1252")
    assert "“Ferry" in found.text
    assert found.url == "https://a.example/b"
    assert str(tmp_path) not in found.text
