"""What models and rules see of a text: whole graphemes, nothing invisible, every character with its place."""

from __future__ import annotations

import unicodedata

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes.article import article_from_text
from quotes.legible import see, still
from quotes.lexicon import load
from quotes.marks import find_passages
from quotes.parse import lay_out

ODD = (
    "e\u0301",
    "\u200b",
    "\u00ad",
    "\u202e",
    "\u2066",
    "ﬁ",
    "ﬄ",
    "👩‍👩‍👧",
    "🇳🇴",
    "👍🏽",
    "\u00a0",
    "\r\n",
    "\r",
    "각",
    "x\u030c",
)
PIECES = st.lists(st.sampled_from((*ODD, "“", "”", "'", '"', "He said", " ", ",", ".", "‘Go’", "\n\n")), max_size=20)


def clusters(text: str) -> set[int]:
    """Where a text may be cut; between the two halves of a line end nobody sees it."""
    return {0, *(found.end() for found in regex.finditer(r"\X", text.replace("\r\n", "\x01\x01")))}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("plain “text”", "plain “text”"),
        ("cafe\u0301", "café"),
        ("co\u00adoper\u200bate \u202eevil\u202c", "cooperate evil"),
        ("ﬁnal oﬃce", "final office"),
        ("👩‍👩‍👧 and 🇳🇴", "👩 and 🇳"),
        ("x\u030c", "x"),
        ("“" * 1000 + " he", "“" * 6 + " he"),
        ("\u0301a", "a"),
    ],
)
def test_what_is_seen(text: str, seen: str) -> None:
    found = see(text)
    assert found.text == seen
    assert text[found.ends[-1] :] in ("", "\u202c")


@settings(max_examples=150, deadline=None)
@given(PIECES.map("".join) | st.text())
def test_every_character_stands_for_whole_graphemes(text: str) -> None:
    found = see(text)
    assert len(found.text) == len(found.starts) == len(found.ends)
    assert sorted(found.starts) == list(found.starts)
    cuts = clusters(text)
    for character, start, end in zip(found.text, found.starts, found.ends, strict=True):
        assert start < end
        assert {start, end} <= cuts
        real = text[start:end]
        assert character == real or character.isspace() or character in unicodedata.normalize("NFKC", real)


@settings(max_examples=150, deadline=None)
@given(PIECES.map("".join) | st.text())
def test_passages_cut_no_grapheme(text: str) -> None:
    try:
        article = article_from_text(f"He said so.\n\n{text}")
    except Exception:
        return
    assert len(still(article.text)) == len(article.text)
    cuts = clusters(article.text)
    for passage in find_passages(article, load())[0]:
        assert {passage.start, passage.end} <= cuts, (passage, article.text)
        assert passage.text == article.text[passage.start : passage.end]


@pytest.mark.parametrize(
    ("text", "passage"),
    [
        ("She said, \u200b“We are\u200b done.\u200b” Then she left.", "We are\u200b done.\u200b"),
        ("She said, “We are done.”\u200b Then she left.", "We are done."),
        ("She said, \u202a“We are done.”\u202c Then she left.", "We are done."),
        ("She said, \u00ad\"We are\u00ad done.\u00ad\" Then she left.", "We are\u00ad done.\u00ad"),
        ("She said,\u00a0“We are done.”\u00a0Then she left.", "We are done."),
        ("She said, “Le cafe\u0301.” Then she left.", "Le cafe\u0301."),
    ],
)  # fmt: skip
def test_invisible_characters_hide_no_quotation(text: str, passage: str) -> None:
    found, odd = find_passages(article_from_text(text), load())
    assert [each.text for each in found] == [passage]
    assert odd == ()


def test_the_models_see_each_block_with_its_places() -> None:
    article = article_from_text("He said the cafe\u0301 was ﬁne.\r\n\r\nShe co\u00adoperated, “fully”.\r\n")
    text, pieces = lay_out(article)
    assert text == 'He said the café was fine.\n\nShe cooperated, "fully".'
    for piece in pieces:
        for at, start in enumerate(piece.seen.starts):
            shown = text[piece.at + at]
            real = article.text[piece.start + start : piece.start + piece.seen.ends[at]]
            assert shown == real or real in ("e\u0301", "ﬁ", "“", "”"), (shown, real)


def test_doubled_marks_are_one_mark_to_the_models() -> None:
    article = article_from_text("Ms. Orr said, ''It is late.'' Then ``no,'' he said.")
    text, (piece,) = lay_out(article)
    assert text == 'Ms. Orr said, "It is late." Then "no," he said.'
    assert article.text[piece.seen.starts[text.index("It")] :].startswith("It is late")
