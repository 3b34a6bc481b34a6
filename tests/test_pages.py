"""Web pages: 65 saved ones in the layouts that news sites use, their metadata, and every character's place in them.

The last 25 differ in what they say of their authors and publishers; tests/bylines.toml holds more such lines.
"""

from __future__ import annotations

import html
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from quotes.article import read_article
from quotes.article.decode import decode
from quotes.lexicon import load
from quotes.marks import find_passages
from quotes.records import Article

HERE = Path(__file__).parent / "pages"
PAGES = tomllib.loads((HERE / "expected.toml").read_text(encoding="utf-8"))["page"]
NAMES = [page["file"] for page in PAGES]
FIELDS = ("title", "byline", "published", "publisher", "url")
TAG = re.compile(r"""<(?:[^<>"]|"[^"]*")*>""")


@pytest.fixture(params=PAGES, ids=NAMES)
def page(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def read(page: dict[str, Any]) -> Article:
    return read_article(HERE / page["file"])


def source(page: dict[str, Any]) -> str:
    return decode((HERE / page["file"]).read_bytes(), page["file"])[0].removeprefix("\ufeff")


def shown(article: Article, *kinds: str) -> list[str]:
    return [article.text[block.start : block.end] for block in article.blocks if block.kind in kinds]


def as_shown(markup: str) -> str:
    """What a run of a page's source shows: tags gone, entities resolved, white space folded."""
    return " ".join(html.unescape(TAG.sub("", markup)).split())


def test_every_page_is_expected() -> None:
    assert len(PAGES) == 65
    assert sorted(NAMES) == sorted(path.name for path in HERE.glob("*.html"))


def test_metadata(page: dict[str, Any]) -> None:
    article = read(page)
    assert {field: getattr(article, field) for field in FIELDS} == {field: page.get(field) for field in FIELDS}
    assert [credit.name for credit in article.credit] == page.get("credit", [])


def test_body(page: dict[str, Any]) -> None:
    article = read(page)
    body = "\n\n".join(shown(article, "paragraph"))
    assert body == "\n\n".join(page["body"])
    assert [words for words in page["absent"] if words in article.text] == []


def test_quotations(page: dict[str, Any]) -> None:
    """The passages of the page are those of its paragraphs read as plain text."""
    article = read(page)
    plain = Article(text="\n\n".join(page["body"]))
    expected = re.findall(r"[“‘\"]([^“”\"]{12,}?)[”\"’](?=\W|$)", plain.text)
    found, odd = find_passages(article, load())
    texts = [passage.text for passage in found if passage.level == 0]
    assert not odd
    assert expected
    assert [words for words in expected if not any(words in text for text in texts)] == []


def test_places(page: dict[str, Any]) -> None:
    """Every word of the text stands where the article says, in the page's source."""
    article, raw = read(page), source(page)
    if not article.places:
        assert [issue.kind for issue in article.issues] == ["page"]
        return
    marks = set("“”‘’—«»")
    for match in re.finditer(r"[^\s“”‘’—«»]+", article.text):
        start, end = article.raw(*match.span())
        assert as_shown(raw[start:end]) == match[0]
    for block in article.blocks:
        start, end = article.raw(block.start, block.end)
        words = as_shown(raw[start:end])
        text = " ".join(article.text[block.start : block.end].split())
        assert "".join(c for c in words if c not in marks).replace(" ", "") == "".join(
            c for c in text if c not in marks
        ).replace(" ", "")
