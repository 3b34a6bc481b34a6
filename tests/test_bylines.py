"""Bylines: whom they name, and what of them is nobody's name."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.article import article_from_text
from quotes.article.authors import authors, best
from quotes.lexicon import load
from quotes.records import Article
from quotes.views.masthead import masthead

BYLINES = tomllib.loads((Path(__file__).parent / "bylines.toml").read_text(encoding="utf-8"))["row"]
STORY = "The harbour council closed the northern pier on Monday, and the mayor said that it would not open again soon."


@pytest.mark.parametrize("row", BYLINES, ids=[row["name"] for row in BYLINES])
def test_bylines(row: dict[str, Any]) -> None:
    found = authors(row["line"], row.get("publisher", "Pellham Courier"), load())
    for field in ("people", "desks", "outlets"):
        assert list(getattr(found, field)) == row.get(field, []), field


def test_of_several_bylines_the_first_that_names_people_counts() -> None:
    lines = ["17 April 2012", "Sports Desk", "By Ana Duarte", "Jo Malm"]
    assert best(lines, None, load()).byline == "Ana Duarte"
    assert best(lines[:2], None, load()).byline == "Sports Desk"
    assert best(lines[:1], None, load()).byline is None
    assert best([], None, load()).byline is None
    assert best(["TASS", *lines, "Reuters"], None, load()).outlets == ("TASS",)


@given(st.text(max_size=400))
def test_any_byline_is_read(line: str) -> None:
    found = authors(line, "Pellham Courier", load())
    assert all(name.strip() == name for name in (*found.people, *found.desks, *found.outlets))


@pytest.mark.parametrize("byline", ["Clara Nuñez, Reuters", "Reuters", "Clara Nuñez (Reuters)"])
def test_an_agency_among_the_authors_is_a_credit(byline: str) -> None:
    article = article_from_text(STORY, byline=byline)
    assert article.byline == ("Clara Nuñez" if "Clara" in byline else None)
    assert [(credit.name, credit.start, credit.end) for credit in article.credit] == [("Reuters", None, None)]
    assert article_from_text(f"{STORY}\n\nSource: Reuters", byline=byline).credit[0].start is not None
    assert len(article_from_text(f"{STORY}\n\nSource: Reuters", byline=byline).credit) == 1


@pytest.mark.parametrize(
    ("byline", "shown"),
    [("Ana Duarte", "by Ana Duarte"), ("Sports Desk", "by the Sports Desk"), ("Peter Desk", "by Peter Desk")],
)
def test_a_desk_is_told_from_a_person(byline: str, shown: str) -> None:
    assert shown in masthead(Article(text=STORY, byline=byline))
