"""Variants of our own texts: edits keep what is expected, generators do what they say, shares keep their floors."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from random import Random

import pytest
import test_tables as tables
import variants as measured
import variants_cases as cases
from hypothesis import given
from hypothesis import strategies as st
from variants_cases import Case, Edit, edited

from quotes.analyzer import Analyzer

ROW = {
    "name": "own",
    "text": "The quay, Ida Brook said, is shut. “It is shut,” she added.",
    "claims": [
        {"content": ["The quay", "is shut"], "chain": ["Ida Brook"], "cue": "said"},
        {"content": ["It is shut"], "chain": [["Ida Brook", "Max Oduya"]], "names": [["Brook"]]},
    ],
    "passages": [{"text": "It is shut", "use": "speech"}],
}
# key, kind of variant, what the variant's text matches
EXAMPLES = [
    ("verbs/said-that", "that", r"Ana Duarte said the northern quay would stay shut until spring\."),
    ("verbs/said-without-that", "that", r"Ana Duarte said that the northern quay would"),
    ("verbs/said-that", "time", r"Ana Duarte said (?:on|late|last) [\w ]+ that the northern quay"),
    ("verbs/said-that", "apposition", r"Ana Duarte, (?:a|the) [\w ]+, said that the northern"),
    ("verbs/said-that", "title", r"[A-Z][a-z ]+ Ana Duarte said that"),
    ("verbs/said-that", "relative", r"Ana Duarte, who [\w ]+, said that the northern quay"),
    ("verbs/said-that", "hearsay", r"the northern quay would reportedly stay shut until spring\."),
    ("verbs/said-that", "order", r"The northern quay(?:, Ana Duarte said,)? would stay shut until spring"),
    ("position/direct-after", "order", r"Ana Duarte said[:,] “The inspectors come on Monday\.”"),
    ("position/direct-after", "straight", r'"The inspectors come on Monday," Ana Duarte said\.'),
    ("split/straight-marks", "curly", r"“The cranes are old,” Ana Duarte said, “and the ropes are older\.”"),
    ("nested/outlet-quoted-as-saying", "passive", r"Tomas Brandt was quoted by TASS as saying that the bridge"),
    ("interview/told-two-outlets", "passive", r"Reuters and the BBC were told by Hugh Hill that the men"),
    ("inversion/said-name", "apposition", r"said Ana Duarte, (?:a|the) [\w ]+\."),
    ("restraint/never-said", "apposition", r"Ana Duarte, (?:a|the) [\w ]+, never said the cranes were safe\."),
    ("nouns/survey-found", "relative", r"The survey, which [\w ]+, found that"),
]
# a day stands there; an apposition stands there; two contents hang on "that"; no row of the list; nothing is in marks
NOT_APPLIED = [
    ("verbs/announced-that", "time"),
    ("inversion/said-name-role", "apposition"),
    ("verbs/that-and-that", "that"),
    ("verbs/said-that", "passive"),
    ("verbs/said-that", "straight"),
    ("outlets/agency-reported", "relative"),
    ("headlines/name-says", "that"),
]


def test_edits_move_what_is_expected() -> None:
    text = ROW["text"]
    name, shut = text.index("Ida Brook"), text.index("shut")
    row = edited(
        ROW,
        [Edit(name, name + 9, "Eva Stone"), Edit(shut, shut, "still ")],
        lambda each: each.replace("Ida Brook", "Eva Stone"),
    )
    assert row is not None
    assert row["text"] == "The quay, Eva Stone said, is still shut. “It is shut,” she added."
    assert [claim["content"] for claim in row["claims"]] == [["The quay", "is still shut"], ["It is shut"]]
    assert [claim["chain"] for claim in row["claims"]] == [["Eva Stone"], [["Eva Stone", "Max Oduya"]]]
    assert row["passages"] == [{"text": "It is shut", "use": "speech"}]


def test_what_is_inserted_at_an_edge_stays_outside() -> None:
    end = ROW["text"].index(", Ida")
    row = edited(ROW, [Edit(0, 0, "Now then: "), Edit(end, end, " here")])
    assert row is not None
    assert row["claims"][0]["content"] == ["The quay", "is shut"]


def test_an_edit_across_an_edge_is_refused() -> None:
    assert edited(ROW, [Edit(4, 12, "pier")]) is None
    assert edited(ROW, [Edit(0, 8, "a"), Edit(4, 10, "b")]) is None


@given(st.lists(st.tuples(st.integers(0, len(ROW["text"])), st.text("xyz ", min_size=1, max_size=5)), max_size=6))
def test_insertions_leave_the_expected_words_in_order(places: list[tuple[int, str]]) -> None:
    row = edited(ROW, [Edit(at, at, new) for at, new in places])
    assert row is not None
    assert all(tables.in_order(row["text"], claim["content"]) for claim in row["claims"])
    assert len(row["text"]) == len(ROW["text"]) + sum(len(new) for _, new in places)


def test_figures() -> None:
    def outcomes(family: str, right: int, wrong: int) -> list[measured.Outcome]:
        case = Case(family=family, key=f"{family}/x", row=ROW, gold=False, parse=None, report=None)  # type: ignore[arg-type]
        variant = measured.Variant(case=case, kind="time", row=ROW)
        return [measured.Outcome(variant=variant, faults=[])] * right + [
            measured.Outcome(variant=variant, faults=["wrong chain"])
        ] * wrong

    found = [*outcomes("verbs", 9, 1), *outcomes("split", 3, 3), *outcomes("held_out", 0, 1)]
    assert measured.figures(found) == {"share": 70.6, "least": 50.0}
    assert re.search(r"^verbs +90\.0 +90\.0 +10$", measured.table(found), re.MULTILINE)
    assert "wrong chain" in measured.shown(found, ["split"])
    assert measured.shown(found, ["held_out"]) == ""


def test_the_sample_is_small() -> None:
    keys = [key for _, key, _, _ in cases.read_rows()]
    assert 30 <= sum(measured.in_sample(key) for key in keys) <= 80


@pytest.fixture(scope="module")
def analyzer() -> Analyzer:
    return Analyzer()


@pytest.fixture(scope="module")
def outcomes(analyzer: Analyzer) -> list[measured.Outcome]:
    return measured.sampled(analyzer)


@pytest.fixture(scope="module")
def examples(analyzer: Analyzer) -> Mapping[str, Case]:
    keys = {key for key, *_ in (*EXAMPLES, *NOT_APPLIED)} | {"speakers/acronym", "outlets/short-form-resolved"}
    return {case.key: case for case in cases.read_cases(analyzer, keys.__contains__)}


@pytest.mark.models
@pytest.mark.parametrize(("key", "kind", "expected"), EXAMPLES)
def test_a_kind_gives(examples: Mapping[str, Case], key: str, kind: str, expected: str) -> None:
    found = measured.variants([examples[key]], 8)
    texts = {each.row["text"] for each in found if each.kind == kind}
    assert any(re.search(expected, text) for text in texts), texts


@pytest.mark.models
@pytest.mark.parametrize(("key", "kind"), NOT_APPLIED)
def test_a_kind_does_not_apply(examples: Mapping[str, Case], key: str, kind: str) -> None:
    assert measured.KINDS[kind](examples[key], Random(1)) is None


@pytest.mark.models
def test_names_change_everywhere(examples: Mapping[str, Case]) -> None:
    found = measured.variants([examples["speakers/acronym"], examples["outlets/short-form-resolved"]], 2)
    for each in found:
        if each.kind.startswith("names"):
            assert not re.search("Vallmere|New York|Times", json.dumps(each.row["claims"]) + each.row["text"])
    texts = [each.row["text"] for each in found if each.kind == "names, the"]
    assert all(re.match(r"The ([\w ]+ )?(\w+) reported that .+\. The \2 said", text) for text in texts)
    assert texts


@pytest.mark.models
def test_variants_are_sound(outcomes: list[measured.Outcome]) -> None:
    """What a variant expects stands in its text, and its text is another one."""
    for each in outcomes:
        row = each.variant.row
        assert row["text"] != each.variant.case.text
        for claim in row.get("claims", []):
            assert tables.in_order(row["text"], claim["content"]), row["text"]
            named = [name for name in tables.names(claim.get("chain", [])) if name != "unnamed"]
            assert all(any(part.casefold() in row["text"].casefold() for part in name.split("|")) for name in named)


@pytest.mark.models
@pytest.mark.parametrize("figure", ["share", "least"])
def test_not_below_the_floor(outcomes: list[measured.Outcome], figure: str) -> None:
    assert measured.figures(outcomes)[figure] >= measured.read_floors()["variants"][figure]
