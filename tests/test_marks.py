"""Quotation marks: every convention, signs that are none, odd marks, and what passages are."""

from __future__ import annotations

import time
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes import lexicon
from quotes.article import article_from_text
from quotes.marks import find_passages
from quotes.records import Article, Block, Issue, Passage

TABLES = Path(__file__).parent / "tables"
EDGES = " \t\r\n\u00a0“”\"‘’'«»„‟‚‹›`.,;:!?…—–-"
LEXICON = lexicon.load()


def rows() -> list[Any]:
    found = []
    for path in sorted(TABLES.glob("*.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8")).get("row", []):
            if "passages" in row:
                found.append(pytest.param(row, id=f"{path.stem}/{row['name']}"))
    return found


def read(text: str) -> tuple[list[Passage], list[Issue]]:
    """The passages and issues of a text, each line of which is a paragraph."""
    blocks, at = [], 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            blocks.append(Block(start=at, end=at + len(line.rstrip()), kind="paragraph"))
        at += len(line)
    passages, issues = find_passages(Article(text=text, blocks=tuple(blocks)), LEXICON)
    return list(passages), list(issues)


def texts(text: str) -> list[str]:
    return [passage.text for passage in read(text)[0]]


def use(text: str) -> str:
    (passage,) = read(text)[0]
    return passage.use


@pytest.mark.parametrize("row", rows())
def test_rows_of_the_tables(row: dict[str, Any]) -> None:
    passages, _ = find_passages(article_from_text(row["text"]), LEXICON)
    expected = row["passages"]
    assert [each.text.strip(EDGES) for each in passages] == [each["text"].strip(EDGES) for each in expected]
    for passage, wanted in zip(passages, expected, strict=True):
        assert passage.use in wanted.get("use", passage.use).split("|"), passage
