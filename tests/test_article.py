"""Reading articles: bytes and encodings, formats, layouts, and whatever else people may hand in."""

from __future__ import annotations

import json
import sys
import time
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.article import article_from_text, language, read_article
from quotes.errors import InputError, MissingExtra
from quotes.lexicon import Lexicon, Outlet, load
from quotes.records import Article

HERE = Path(__file__).parent
MALFORMED = HERE / "malformed"
ROWS = tomllib.loads((HERE / "article_layouts.toml").read_text(encoding="utf-8"))["row"]
KINDS = {
    "b": "banner",
    "u": "url",
    "h": "headline",
    "y": "byline",
    "d": "dateline",
    "c": "credit",
    "p": "paragraph",
    "x": "boilerplate",
}
STORY = "The harbour council closed the northern pier on Monday, and the mayor said that it would not open again soon."
OUTLETS: dict[str, tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]] = {
    "Reuters": ((), ("reuters.com",), frozenset()),
    "Agence France-Presse": (("afp",), (), frozenset()),
    "Associated Press": (("ap",), (), frozenset({"ap"})),
    "Xinhua": ((), (), frozenset()),
    "TASS": ((), (), frozenset()),
    "CNN": ((), (), frozenset()),
    "Bernama": ((), (), frozenset()),
    "The Coast Courier": (("coast courier",), ("thecoastcourier.example",), frozenset()),
}


def stand_in_lexicon() -> Lexicon:
    """The package's lexicon with a few outlets of its own, so that these tests do not hang on the outlets' list."""
    outlets: dict[str, Outlet] = {}
    hosts: dict[str, Outlet] = {}
    for name, (aliases, domains, words) in OUTLETS.items():
        kind = "paper" if "Courier" in name else "agency"
        outlet = Outlet(
            name=name, aliases=aliases, country="", kind=kind, ownership="private", domains=domains, words=words
        )
        outlets |= dict.fromkeys((name.lower(), *aliases), outlet)
        hosts |= dict.fromkeys(domains, outlet)
    return attrs.evolve(load(), outlets=outlets, hosts=hosts)


LEXICON = stand_in_lexicon()


def read(text: str, **given: Any) -> Article:
    return article_from_text(text, lexicon=LEXICON, **given)


def blocks(article: Article) -> list[tuple[str, str]]:
    return [(block.kind, article.text[block.start : block.end]) for block in article.blocks]


def read_or_refuse(reading: Callable[[], Article]) -> Article | None:
    """The article, or None where it was refused in good order; any other exception is a failure."""
    try:
        return reading()
    except InputError as error:
        refused = error
    assert refused.message
    assert refused.hint
    return None


def check_blocks(article: Article) -> None:
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end <= len(article.text)
        assert not article.text[at : block.start].strip()
        assert article.text[block.start : block.end] == article.text[block.start : block.end].strip()
        at = block.end
    assert not article.text[at:].strip()
    for credit in article.credit:
        if credit.start is not None:
            assert article.text[credit.start : credit.end] == credit.name


@pytest.mark.parametrize("row", ROWS, ids=[row["name"] for row in ROWS])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_layouts(row: dict[str, Any], line_end: str) -> None:
    article = read(row["lines"].replace("|", line_end))
    check_blocks(article)
    assert [kind for kind, _ in blocks(article)] == [KINDS[kind] for kind in row["kinds"]]
    assert [credit.name for credit in article.credit] == row.get("credit", [])
    for field in ("title", "publisher", "byline", "dateline", "published", "url"):
        assert getattr(article, field) == row.get(field), field


def test_story_goes_on_at_the_first_character_after_the_dateline() -> None:
    article = read("HEFEI, July 18 (Xinhua) -- The council closed the pier.")
    assert blocks(article) == [
        ("dateline", "HEFEI, July 18 (Xinhua) --"),
        ("paragraph", "The council closed the pier."),
    ]
    assert (article.credit[0].start, article.credit[0].end) == (16, 22)


def test_what_the_caller_knows_wins() -> None:
    text = f"September 25, 2023\n\nHarbour News\n\nCouncil closes the northern pier\n\n{STORY}"
    article = read(text, publisher="Coast Courier", title="Pier closed", published="2024-01-02", byline="Jo Malm")
    assert (article.publisher, article.title, article.published, article.byline) == (
        "Coast Courier",
        "Pier closed",
        "2024-01-02",
        "Jo Malm",
    )


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://www.thecoastcourier.example/a", "The Coast Courier"),
        ("https://www.anselgazette.example/a", "anselgazette.example"),
        ("https://en.anselgazette.example/a", "anselgazette.example"),
        ("www.anselgazette.example/a", "anselgazette.example"),
        ("http://[oops", None),
    ],
)
def test_publisher_from_the_address(url: str, publisher: str | None) -> None:
    assert read(f"{url}\n\n{STORY}").publisher == publisher


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("2023-09-25", "2023-09-25"),
        ("25 September 2023", "2023-09-25"),
        ("Monday, Sept. 25, 2023 10:04 AM EDT", "2023-09-25"),
        ("Published: 25th Sep 2023, 18:30 GMT", "2023-09-25"),
        ("25/09/2023", "2023-09-25"),
        ("05/09/2023", None),
        ("September 31, 2023", None),
        ("Monday, September 25", None),
    ],
)
def test_date_lines(line: str, published: str | None) -> None:
    article = read(f"{line}\n\nCouncil closes the northern pier\n\n{STORY}")
    assert article.published == published
    assert [kind for kind, _ in blocks(article)] == ["banner", "headline", "paragraph"]


def test_a_sentence_with_a_date_is_no_date_line() -> None:
    assert blocks(read(f"On September 25, 2023, it rained.\n\n{STORY}"))[0][0] == "paragraph"


def test_seed() -> None:
    seed = HERE.parents[1] / "shared" / "data" / "chains" / "dev" / "seed.txt"
    if not seed.exists():
        pytest.skip("the development articles are not here")
    article = read_article(seed, lexicon=LEXICON)
    assert (article.published, article.publisher, article.dateline) == ("2023-09-25", "Persian News", "TEHRAN")
    assert article.title == "China ready to boost military cooperation with Iran: minister"
    assert article.credit == ()
    assert [kind for kind, _ in blocks(article)][-2:] == ["boilerplate", "boilerplate"]


# Bytes


def test_line_ends_and_offsets_are_those_of_the_input(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(f"\ufeffCouncil closes the pier\r\n\r\n{STORY}\r\n".encode())
    article = read_article(path, lexicon=LEXICON)
    assert article.text == f"Council closes the pier\r\n\r\n{STORY}\r\n"
    assert article.path == str(path)
    assert blocks(article)[1] == ("paragraph", STORY)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings(encoding: str) -> None:
    text = f"{STORY} “Enough,” she said. 😀 Then she left."
    article = read_article(text.encode(encoding), lexicon=LEXICON)
    assert (article.text, article.issues) == (text, ())


def test_windows_1252_is_read_and_told() -> None:
    text = f"{STORY} “Enough,” José said – twice."
    article = read_article(text.encode("cp1252"), lexicon=LEXICON)
    assert article.text == text
    assert [issue.kind for issue in article.issues] == ["encoding"]
    assert "cp1252" in article.issues[0].message


def test_a_guess_comes_last_and_is_told() -> None:
    text = f"{STORY} “Enough,” said the owner of “La Fête” – twice."
    article = read_article(text.encode("mac_roman"), lexicon=LEXICON)
    assert article.text == text
    assert "is a guess" in article.issues[0].message


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("empty.txt", "empty"),
        ("white_space.txt", "empty"),
        ("only_mark.txt", "empty"),
        ("nul_bytes.txt", "binary"),
        ("control_characters.txt", "control characters"),
        ("pdf.txt", "PDF"),
        ("zip.txt", "zip"),
        ("utf16_without_mark.txt", "binary"),
        ("torn_utf16.txt", "utf-16"),
        ("french.txt", "not in English (it looks like fr)"),
        ("german.txt", "not in English (it looks like de)"),
        ("russian.txt", "not in English (it looks like ru)"),
        ("chinese.txt", "not in English (it looks like zh)"),
        ("broken.json", "not valid JSON"),
        ("list.json", "no JSON object but a list"),
        ("no_text.json", "holds no text"),
        ("text_is_a_number.json", "holds no text"),
        ("nested.json", "nested too deeply"),
        ("picture.json", "holds no text"),
        ("empty.jsonl", "not valid JSON"),
        ("no_article.html", "no article was found"),
        ("german_page.html", "not in English (it looks like de)"),
        ("entities.xml", "defines entities"),
        ("external_entity.xml", "defines entities"),
        ("deep.xml", "nested too deeply"),
        ("broken.xml", "not valid XML"),
        ("no_text.xml", "holds no text"),
        ("torn.txt.gz", "damaged packed file"),
        ("torn.txt.zst", "damaged packed file"),
        ("damaged.docx", "Word file that cannot be read"),
        ("damaged.pdf", "PDF file that cannot be read"),
        ("picture_only.eml", "without a text part"),
    ],
)
def test_malformed_files_are_refused_with_a_hint(file: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        read_article(MALFORMED / file, lexicon=LEXICON)
    assert words in refused.value.message
    assert file in refused.value.message
    assert refused.value.hint


def test_every_malformed_file_is_refused() -> None:
    for path in MALFORMED.iterdir():
        with pytest.raises(InputError):
            read_article(path, lexicon=LEXICON)


def test_no_file_and_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no file"):
        read_article(tmp_path / "none.txt")
    with pytest.raises(InputError, match="is a folder"):
        read_article(tmp_path)
    with pytest.raises(InputError):
        read_article("a\0b")


def test_unknown_format() -> None:
    with pytest.raises(InputError, match="auto, text, html, json"):
        read_article(STORY.encode(), input_format="tape")


def test_too_long_names_the_option(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(STORY * 50_000, encoding="utf-8")
    with pytest.raises(InputError, match="--max-characters"):
        read_article(path, lexicon=LEXICON)
    with pytest.raises(InputError, match="the limit is 100"):
        read(STORY, max_characters=100)
    assert read(STORY, max_characters=len(STORY)).text == STORY


@pytest.mark.parametrize(
    "text",
    [
        (STORY + " ") * 900,
        "a b\n" * 25_000,
        "A - " * 25_000,
        "“" * 100_000,
        "By A " * 20_000,
        "ABC, " * 20_000,
        "x" * 100_000,
        "the cat sat on the mat and then it went to the other place again and\n" * 1_500,
    ],
    ids=["one line", "short lines", "dashes", "marks", "by", "capitals", "one word", "wrapped"],
)
def test_a_hundred_thousand_characters_are_read_at_once(text: str) -> None:
    begun = time.process_time()
    article = read_or_refuse(lambda: read(text))
    if article is not None:
        check_blocks(article)
    assert time.process_time() - begun < 2


# Formats


def test_plain_json() -> None:
    item = {"text": STORY, "title": "Pier closed", "publisher": "Coast Courier", "date": "2023-09-25T10:00:00Z"}
    item |= {"url": "https://coast.example/1", "byline": "Ana Duarte"}
    article = read_article(json.dumps(item).encode(), lexicon=LEXICON)
    assert (article.text, article.title, article.publisher) == (STORY, "Pier closed", "Coast Courier")
    assert (article.published, article.url, article.byline) == ("2023-09-25", item["url"], "Ana Duarte")


def test_ninjs(tmp_path: Path) -> None:
    path = tmp_path / "item.json"
    item = {
        "uri": "urn:1",
        "headline": "Pier closed",
        "versioncreated": "2023-09-25",
        "provider": {"name": "Coastwire"},
    }
    path.write_text(json.dumps(item | {"body_html": f"<p>{STORY}</p><p>It &amp; all.</p>"}), encoding="utf-8")
    article = read_article(path, lexicon=LEXICON)
    assert [text for _, text in blocks(article)] == [STORY, "It & all."]
    assert (article.title, article.publisher, article.published) == ("Pier closed", "Coastwire", "2023-09-25")


def test_json_that_is_only_braces_is_text() -> None:
    assert read_article(b"{This is no JSON but a line in braces}", lexicon=LEXICON).text.startswith("{This")


def test_html() -> None:
    pytest.importorskip("trafilatura")
    paragraphs = "".join(f"<p>{STORY} It was day {day}.</p>" for day in range(8))
    page = f"<!doctype html><html><head><title>Pier closed</title></head><body>{paragraphs}</body></html>"
    article = read_article(page.encode(), lexicon=LEXICON)
    assert STORY in article.text
    assert "<p>" not in article.text
    assert article.title == "Pier closed"
    check_blocks(article)


def test_html_without_an_article() -> None:
    pytest.importorskip("trafilatura")
    with pytest.raises(InputError, match="no article was found"):
        read_article(b"<html><body></body></html>", lexicon=LEXICON)


def test_html_without_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(MissingExtra, match=r"quotes\[html\]"):
        read_article(b"<html><body><p>Hello</p></body></html>", lexicon=LEXICON)


# Language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (STORY, "en"),
        ("Bonjour tout le monde", "en"),
        ("", "en"),
        (
            "El alcalde dijo que el muelle del norte no se abrirá antes de la primavera, porque no hay nada de dinero.",
            "es",
        ),
        (
            "Der Steg wird nicht vor dem Frühling geöffnet, weil die Stadt für neue Planken und den Bau kein Geld hat.",
            "de",
        ),
        ("Мэр города сказал, что северный причал не откроют", "ru"),
        ("市長は北の桟橋が春まで閉鎖されると述べた", "ja"),
        (
            "lorem ipsum dolor amet " * 6,
            "und",
        ),
    ],
)
def test_language(text: str, code: str) -> None:
    assert language(text) == code


GERMAN = (
    "Der Bürgermeister sagte am Montag, dass der nördliche Steg nicht vor dem Frühling geöffnet wird, weil die Stadt "
    "für neue Planken kein Geld hat."
)


@pytest.mark.parametrize(
    ("passage", "code"),
    [
        (GERMAN, "(de)"),
        (unicodedata.normalize("NFD", GERMAN), "(de)"),
        ("Мэр города сказал, что северный причал не откроют до весны.", "(ru)"),
        ("市長は北の桟橋が春まで閉鎖されると述べた。", "(ja)"),
        ("zorb flim gnar spelk trum woff drelb " * 6, "an unknown language"),
    ],
)
def test_foreign_passages_are_told_apart(passage: str, code: str) -> None:
    article = read(f"{STORY}\n\n{passage.strip()}\n\n{passage.strip()}\n\n{STORY} {STORY}")
    kinds = [kind for kind, _ in blocks(article)]
    assert kinds == ["paragraph", "foreign", "foreign", "paragraph"]
    [issue] = article.issues
    assert (issue.kind, code in issue.message) == ("language", True)
    assert article.text[issue.start : issue.end] == f"{passage.strip()}\n\n{passage.strip()}"


@pytest.mark.parametrize(
    "passage",
    [
        "“Ich bin ein Berliner,” he said.",
        "Physics - Bavisha Orrin, Lavanya Duarte. Chemistry - Wasil Malm, Nahla Shammer, Affrin Holm. " * 4,
        "Liverpool 3, Everton 1. Leeds 0, Hull 0. Derby 2, Stoke 4. Luton 1, Preston 1.",
        "La Liga leaders Real Madrid beat Atletico de Madrid in the derby.",
    ],
)
def test_english_passages_stay(passage: str) -> None:
    article = read(f"{STORY}\n\n{passage.strip()}\n\n{STORY}")
    assert article.issues == ()
    assert "foreign" not in {kind for kind, _ in blocks(article)}


# What was damaged or declared


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{STORY} “Enough,” José said – “now.”".encode().decode("cp1252", "replace"), "read as Windows-1252"),
        (f"{STORY} \ufffdEnough,\ufffd he said.", "2 characters were lost"),
        (f"{STORY} “Enough,” José said. Â is a letter, and so is Ã.", ""),
    ],
)
def test_damage_is_noticed(text: str, words: str) -> None:
    messages = [issue.message for issue in read_article(text.encode(), lexicon=LEXICON).issues]
    assert any(words in message for message in messages) if words else messages == []


@pytest.mark.parametrize(
    ("head", "encoding", "told"),
    [
        ('<meta charset="iso-8859-2">', "iso8859-2", "iso8859-2"),
        ('<meta http-equiv=Content-Type content="text/html; charset=windows-1250">', "cp1250", "cp1250"),
        ('<meta charset="latin1">', "cp1252", "cp1252, as it declares"),
        ('<meta charset="utf-7">', "cp1252", "cp1252; some"),
        ('<meta charset="no-such-thing">', "cp1252", "cp1252; some"),
    ],
)
def test_a_declared_encoding_is_believed_where_it_is_one(head: str, encoding: str, told: str) -> None:
    body = "".join(f"<p>{STORY} It was day {day}, said José Malý.</p>" for day in range(6))
    page = f"<html><head>{head}<title>x</title></head><body><article>{body}</article></body></html>"
    article = read_article(page.encode(encoding), lexicon=LEXICON)
    assert "said José Malý." in article.text
    assert told in article.issues[0].message


# Properties

PIECES = st.sampled_from(
    [
        *("LONDON (Reuters) - ", "MOSCOW, September 25. ", "/TASS/. ", "(AP)", "Source: AFP", "By Ana Duarte"),
        *("https://a.example/2022/01/02/x", "September 25, 2023", "1 May 2020", "Harbour News", "Read more"),
        *("The council said so.", "Jo said the pier is closed and", "— ", ": ", "“", "”", ".", "😀"),
        *("\n", "\r\n", "\n\n", " ", "\u200b", "\u2028", "\x1c", "\ud800"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=14).map("".join)))
def test_any_text_is_an_article_or_refused(text: str) -> None:
    article = read_or_refuse(lambda: read(text))
    if article is not None:
        assert article.text == text.removeprefix("\ufeff")
        check_blocks(article)
        assert read(text) == article


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes_are_an_article_or_refused(data: bytes) -> None:
    article = read_or_refuse(lambda: read_article(data, lexicon=LEXICON))
    if article is not None:
        check_blocks(article)
