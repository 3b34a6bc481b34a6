"""Quotation marks: every convention, signs that are none, odd marks, and what passages are."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable
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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“The ice came early,’ said Ruth Abara of Harwick.", ["The ice came early,"]),
        ("‘The ice came early,” said Ruth Abara of Harwick.", ["The ice came early,"]),
        ("“The ice came early.“ It was thin.", ["The ice came early."]),
        ("She said it was “too thin. “", ["too thin."]),
        ('"The ice came early, " she said. " It was thin. "', ["The ice came early,", "It was thin."]),
        ("''He said 'trust the ice,''' she said.", ["He said 'trust the ice,'", "trust the ice,"]),
        ("“The ice came early,'' she said.", ["The ice came early,"]),
        ("»Das Eis kam früh«, she said, and »it was thin«.", ["Das Eis kam früh", "it was thin"]),
        ("„Trust ‚thin ice‘ never“, she said.", ["Trust ‚thin ice‘ never", "thin ice"]),
        ("«Trust ‹thin ice› never», she said.", ["Trust ‹thin ice› never", "thin ice"]),
        ('She read from "The Ice "Came" Early" aloud.', ['The Ice "Came" Early', "Came"]),
        ('She said (“too thin”) and left—"too late"—at noon.', ["too thin", "too late"]),
        ("He wrote “rock ‘n’ roll” and ‘the ‘80s were loud’ on it.", ["rock ‘n’ roll", "the ‘80s were loud"]),
        ("'Get 'em out,' he said. 'It's the dockers' hall.'", ["Get 'em out,", "It's the dockers' hall."]),
        ("'Is it true?' he asked the pilots' union.", ["Is it true?"]),
        ("'Tis the pilots' union's hall, and the cooks' too.", []),
        ('A 6\'2" man with a 12" board said "thin ice" once.', ["thin ice"]),
        ('"We lost it in 2012" was all she said.', ["We lost it in 2012"]),
        ('"We ran to platform 12" was all she said.', ["We ran to platform 12"]),
        ('See <a href="https://example.org">the list</a> of "thin ice" days.', ["thin ice"]),
        ("The ‘Nine Winters’ play and the boats’ hulls.", ["Nine Winters"]),
        ("‘We’re talkin’ about ice,’ he said.", ["We’re talkin’ about ice,"]),
    ],
)
def test_conventions_and_slips(text: str, found: list[str]) -> None:
    assert texts(text) == found


def test_marks_and_white_space_stand_outside_the_passage() -> None:
    text = "She said: « thin ice\u00a0»."
    (passage,), issues = read(text)
    assert passage.text == "thin ice"
    assert text[slice(*passage.outer)] == "« thin ice\u00a0»"
    assert (passage.level, passage.closed, issues) == (0, True, [])


def test_levels_follow_nesting() -> None:
    passages, _ = read("“She told me ‘he wrote “no” twice’ at noon,” said Dwyer. “Yes.”")
    assert [passage.level for passage in passages] == [0, 1, 2, 0]


def test_paragraphs_that_reopen_a_passage_are_passages_of_their_own() -> None:
    passages, issues = read("“The ice came early.\n“It left late.\n“It was thin,” said Ruth Abara.")
    assert [(passage.text, passage.closed) for passage in passages] == [
        ("The ice came early.", False),
        ("It left late.", False),
        ("It was thin,", True),
    ]
    assert issues == []


def test_single_marks_reopen_too() -> None:
    passages, issues = read("'The ice came early.\n'It was thin,' said Ruth Abara.")
    assert [passage.closed for passage in passages] == [False, True]
    assert issues == []


def test_a_passage_may_run_on_into_a_paragraph_without_a_new_mark() -> None:
    text = "Dwyer said: “The ice came early and nobody\nwas there to see it,” and left."
    passages, issues = read(text)
    assert [(passage.text, passage.closed) for passage in passages] == [
        ("The ice came early and nobody", False),
        ("was there to see it,", True),
    ]
    assert issues == []


def test_the_name_under_a_quotation_set_apart_is_no_passage() -> None:
    passages, issues = read("“The ice came early.\nRuth Abara, harbour master.”\nThe boats stayed in.")
    assert [passage.text for passage in passages] == ["The ice came early."]
    assert [issue.kind for issue in issues] == ["marks"]


@pytest.mark.parametrize(
    ("odd", "found"),
    [
        ("“The ice came early, Dwyer said.", ["The ice came early, Dwyer said."]),
        ("The “luxury cabins were four huts. Dwyer said no.", []),
        ("The ice came early,” Dwyer said.", []),
        ("“The ice came early, Dwyer said. “It was thin,” he added.", ["It was thin,"]),
        ('"The ice came early, Dwyer said. "It was thin," he added.', ["It was thin,"]),
        ("“He wrote ‘thin ice,” Dwyer said.", ["He wrote ‘thin ice,"]),
    ],
)
def test_an_odd_mark_spoils_its_own_paragraph_at_most(odd: str, found: list[str]) -> None:
    text = f"“Before,” she said.\n{odd}\nThen she said “after”."
    passages, issues = read(text)
    assert [passage.text for passage in passages] == ["Before,", *found, "after"]
    (issue,) = issues
    assert issue.kind == "marks"
    assert issue.start is not None
    assert issue.end is not None
    assert text.index(odd) <= issue.start < issue.end <= text.index(odd) + len(odd)


def test_an_odd_mark_is_told_from_one_that_the_next_paragraph_takes_up() -> None:
    passages, issues = read("“The ice came early, Dwyer said. “It was thin,” he added.\n“After,” she said.")
    assert [passage.text for passage in passages] == ["It was thin,", "After,"]
    assert len(issues) == 1


def test_only_headlines_and_paragraphs_are_read() -> None:
    text = "By “Rusty” Fenner\n“No,” she said."
    blocks = (Block(start=0, end=17, kind="byline"), Block(start=18, end=len(text), kind="paragraph"))
    passages, _ = find_passages(Article(text=text, blocks=blocks), LEXICON)
    assert [passage.text for passage in passages] == ["No,"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("James “Rusty” Fenner ran the yard.", "nickname"),
        ("The yard's owner, nicknamed “Rusty”, left.", "nickname"),
        ("She told Radio Meridian’s “Morning Tide” that the ice was thin.", "title"),
        ("He plays in “Iron Birds,” a drama about pigeons.", "title"),
        ("The documentary “Thaw.” won nothing.", "title"),
        ("The area is known as “the Narrows” to sailors.", "term"),
        ("They coined the term “ice debt” in 1998.", "term"),
        ("His “office” is a shed.", "scare"),
        ("She described the plan as “unfair”.", "speech"),
        ("She called it “a disgrace”.", "speech"),
        ("Critics condemned the “barbaric” plan.", "speech"),
        ("The deal was “unfair”.", "speech"),
        ("The crowd broke into chants of “Free The Boats”.", "speech"),
        ("“Donald Grieve and Ruth Abara.” He paused.", "speech"),
        ("Minister Calls Harbour Plan ‘Unfair Gift’ To Rivals", "speech"),
        ("The report “found nothing new” in the hull.", "speech"),
    ],
)
def test_use(text: str, expected: str) -> None:
    assert use(text) == expected


MARKED = st.text(alphabet="“”\"‘’'«»„‚‹›`as S.,—\n12<>=", max_size=80)


@given(st.one_of(MARKED, st.text(max_size=80)))
@settings(max_examples=400, deadline=None)
def test_any_text_gives_passages_that_slice_and_nest(text: str) -> None:
    article = Article(text=text, blocks=(Block(start=0, end=len(text), kind="paragraph"),))
    passages, issues = find_passages(article, LEXICON)
    around: list[Passage] = []
    for passage in passages:
        start, end = passage.outer
        assert 0 <= start <= passage.start < passage.end <= end <= len(text)
        assert passage.text == text[passage.start : passage.end] == passage.text.strip()
        while around and around[-1].outer[1] <= start:
            around.pop()
        assert passage.level == len(around)
        assert not around or (around[-1].start <= start and end <= around[-1].outer[1])
        around.append(passage)
    assert [passage.start for passage in passages] == sorted(passage.start for passage in passages)
    assert len(issues) <= 1
    assert find_passages(article, LEXICON) == (passages, issues)


def steps(text: str) -> int:
    """How many lines of Python it takes to find the passages of a text."""
    count = 0

    def trace(_frame: Any, event: str, _value: Any) -> Any:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    "make",
    [
        lambda many: "“ice” is " * many,
        lambda many: '"ice" is ' * many,
        lambda many: "“" * many + "ice" + "”" * many,
        lambda many: "“‘" * many + "ice" + "’”" * many,
        lambda many: "“ice " * many,
        lambda many: "'ice " * many,
        lambda many: "ice’ " * many,
        lambda many: '"' * many,
        lambda many: "the ‘boats’ hull " * many,
        lambda many: "“ice\n" * many,
    ],
    ids=lambda make: make(2).strip()[:16],
)
def test_work_grows_with_the_text(make: Callable[[int], str]) -> None:
    steps(make(500))  # fills what is kept between texts
    assert steps(make(1000)) < 2.2 * steps(make(500))
