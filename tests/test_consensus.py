"""Whom other articles name for the same words: joined where nothing contradicts, told where articles disagree."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import attrs
import pytest
from test_travel import LEXICON, WHOLE, member

from quotes.corpus.queries import trace_rows
from quotes.link import Member, Teller, Travel, link_members, travel
from quotes.link.described import is_named
from quotes.records import Origin, SourceKind
from quotes.views import render_trace

TABLE = tomllib.loads((Path(__file__).parent / "consensus.toml").read_text("utf-8"))
PART = "harbour at Vellamo will stay closed until the last of the 14 barges has been inspected"
JUDGE = Teller(name="the judge", kind="person")
ANA = Teller(name="Ana Doring", kind="person", role="judge")


def carried(publisher: str, source: dict[str, Any], *, day: int = 1) -> Member:
    teller = Teller(**{"kind": "person", "published": f"2024-05-{day:02d}", **source})
    kinds: dict[SourceKind | None, Origin] = {"document": "document", "anonymous": "unnamed"}
    made = member(publisher, teller, day=day, origin=kinds.get(teller.kind, "named"))
    return attrs.evolve(made, published=teller.published, spans=((0, len(WHOLE)),), confidence=0.9)


def traced(*members: Member) -> Travel:
    (cluster,) = link_members(members)
    return travel(cluster)


def elsewhere(way: Travel, publisher: str) -> str | None:
    [found] = [each.elsewhere for each in way.carries if each.publisher == publisher]
    return found.source.name if found else None


@pytest.mark.parametrize("case", TABLE["joined"], ids=str)
def test_a_source_that_another_article_names(case: dict[str, Any]) -> None:
    way = traced(carried("Courier", case["named"]), carried("Post", case["said"], day=2))
    assert elsewhere(way, "Post") == case["named"]["name"]
    assert elsewhere(way, "Courier") is None
    assert [(origin.kind, origin.name) for origin in way.origins] == [("named", case["named"]["name"])]
    assert way.single_origin


@pytest.mark.parametrize("case", TABLE["apart"], ids=str)
def test_a_source_that_the_name_does_not_fit(case: dict[str, Any]) -> None:
    way = traced(carried("Courier", case["named"]), carried("Post", case["said"], day=2))
    assert elsewhere(way, "Post") is None
    assert not way.single_origin


def test_the_evidence_names_the_article_the_place_and_the_link() -> None:
    way = traced(
        attrs.evolve(member("Courier", ANA), spans=((3, 90),), confidence=0.8),
        member("Post", JUDGE, day=2),
        member("Herald", JUDGE, day=3, text=PART),
    )
    found = {each.publisher: each.elsewhere for each in way.carries}
    assert found["Post"] is not None
    assert found["Herald"] is not None
    [evidence] = found["Post"].evidence
    assert (evidence.member.article, evidence.member.spans) == ("Courier 1", ((3, 90),))
    assert (evidence.reason, evidence.score, found["Post"].confidence) == ("verbatim", 1.0, 0.8)
    assert found["Herald"].evidence[0].reason == "fragment"
    rows = {row["publisher"]: row for row in trace_rows(way)}
    assert rows["Post"]["chain"] == "the judge"
    assert (rows["Post"]["named_elsewhere"], rows["Post"]["named_by"]) == ("Ana Doring", "Courier")
    assert (rows["Post"]["named_at"], rows["Courier"]["named_elsewhere"]) == ([[3, 90]], None)


def test_an_office_that_nobody_confirms_makes_a_join_less_sure() -> None:
    ana = Teller(name="Ana Doring", kind="person")
    [found] = [
        each.elsewhere for each in traced(member("Courier", ana), member("Post", JUDGE)).carries if each.elsewhere
    ]
    assert found.confidence == 0.8
    [found] = [
        each.elsewhere for each in traced(member("Courier", ANA), member("Post", JUDGE)).carries if each.elsewhere
    ]
    assert found.confidence == 1.0


def test_two_names_for_the_same_words_are_told_and_join_nothing() -> None:
    way = traced(member("Courier", ANA), member("Herald", "Karl Pell", day=2), member("Post", JUDGE, day=3))
    assert elsewhere(way, "Post") is None
    assert way.conflicts == ()  # who Karl Pell is, is not known: a name without a kind is no person
    karl = Teller(name="Karl Pell", kind="person")
    way = traced(member("Courier", ANA), member("Herald", karl, day=2), member("Post", JUDGE, day=3))
    [conflict] = way.conflicts
    assert (conflict.names, conflict.one.publisher, conflict.other.publisher) == (
        ("Ana Doring", "Karl Pell"),
        "Courier",
        "Herald",
    )
    assert elsewhere(way, "Post") is None


def test_forms_of_one_name_and_a_relay_are_no_contradiction() -> None:
    doring, karl = Teller(name="Doring", kind="person"), Teller(name="Karl Pell", kind="person")
    assert traced(member("Courier", ANA), member("Post", doring, day=2)).conflicts == ()
    assert traced(member("Courier", ANA), member("Post", ANA, karl, day=2)).conflicts == ()
    assert traced(member("Courier", ANA), member("Courier", karl, day=2)).conflicts == ()


def test_reportedly_stays_without_a_source() -> None:
    nobody = Teller(name="unnamed", kind="anonymous")
    assert elsewhere(traced(member("Courier", ANA), member("Post", nobody, origin="unsourced", day=2)), "Post") is None


def test_what_a_reader_sees() -> None:
    karl = Teller(name="Karl Pell", kind="person")
    joined = traced(member("Courier", ANA), member("Post", JUDGE, day=2))
    shown = " ".join(render_trace([joined], width=160).split())
    assert "← the judge (named elsewhere: Ana Doring)" in shown
    assert (
        "Post (2 May 2024) has it from “the judge”; Courier (1 May 2024) names Ana Doring (same words, 1.00)." in shown
    )
    differ = traced(member("Courier", ANA), member("Post", karl, day=2))
    shown = " ".join(render_trace([differ], width=160).split())
    assert "The articles name different people for the same words: Ana Doring and Karl Pell." in shown
    assert "Courier (1 May 2024) names Ana Doring, Post (2 May 2024) Karl Pell (same words, 1.00)." in shown
    page = render_trace([joined, differ], format="html", asked="harbour")
    assert "Named elsewhere" in page
    assert "Named differently" in page


@pytest.mark.parametrize(
    ("teller", "named"),
    [
        (Teller(name="Ana Doring", kind="person"), True),
        (Teller(name="Doring"), True),
        (Teller(name="@anadoring"), True),
        (Teller(name="Jane Bishop", kind="person"), True),
        (Teller(name="White House", kind="organization"), True),
        (Teller(name="Vellamo Harbour Board", kind="organization"), True),
        (Teller(name="the State Department", kind="organization"), True),
        (Teller(name="Special Counsel", kind="organization"), False),
        (Teller(name="the French military", kind="organization"), False),
        (Teller(name="Texas governor", kind="person"), False),
        (Teller(name="The Judge", kind="person"), False),
        (Teller(name="Norvind spokesman", kind="person"), False),
        (Teller(name="They"), False),
        (Teller(name="the board", kind="organization"), False),
        (Teller(name="a statement", kind="document"), False),
        (Teller(name="…"), False),
    ],
)
def test_names_and_descriptions(teller: Teller, named: bool) -> None:
    assert is_named(teller, LEXICON) is named
