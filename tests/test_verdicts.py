"""What is concluded from a claim's way rests on articles, links and confidences, and says where these are uncertain."""

from __future__ import annotations

import json

import attrs
from demo_travel import overview_of
from test_travel import WHOLE, member

from quotes.link import Member, Teller, Travel, link_members, travel, verdicts
from quotes.views import render_overview, render_trace, trace_values

ANA = Teller(name="Ana Doring", kind="person", role="judge")
PELL = Teller(name="Karl Pell", kind="person")


def unsure(found: Member, confidence: float = 0.3) -> Member:
    return attrs.evolve(found, confidence=confidence)


def traced(*members: Member) -> Travel:
    (cluster,) = link_members(members)
    return travel(cluster)


def shown(way: Travel) -> str:
    return " ".join(render_trace([way], width=160).split())


def test_one_origin_rests_on_every_article() -> None:
    way = traced(member("Courier", ANA), unsure(member("Post", ANA, day=2), 0.8))
    [verdict] = verdicts(way)
    assert (verdict.kind, verdict.about, verdict.confidence) == ("single", ("Ana Doring",), 0.8)
    assert [(ground.member.publisher, ground.reason) for ground in verdict.grounds] == [
        ("Courier", None),
        ("Post", "verbatim"),
    ]
    assert verdict.uncertain == ()
    assert "As far as the texts tell" not in shown(way)


def test_an_uncertain_chain_is_named() -> None:
    way = traced(member("Courier", ANA), unsure(member("Post", ANA, day=2)))
    assert (
        "As far as the texts tell: All rest on one origin: Ana Doring. "
        "Uncertain is the chain of Post (2 May 2024), .30." in shown(way)
    )
    assert "Ana Doring (as far as the texts tell; uncertain is the chain of Post (2 May 2024), .30)" in render_overview(
        overview_of([way], "Ana Doring", "Post"), format="html"
    )


def test_a_source_that_is_named_elsewhere_is_as_sure_as_where_it_is_named() -> None:
    judge = Teller(name="the judge", kind="person")
    way = traced(unsure(member("Courier", ANA)), member("Post", judge, day=2))
    [verdict] = verdicts(way)
    assert [ground.confidence for ground in verdict.grounds] == [0.3, 0.3]
    assert len(verdict.uncertain) == 2


def test_several_origins_are_uncertain_where_one_has_nothing_else() -> None:
    sure, doubtful = member("Courier", ANA), unsure(member("Post", PELL, day=2))
    [verdict] = verdicts(traced(sure, doubtful))
    assert (verdict.kind, verdict.about) == ("independent", ("Ana Doring", "Karl Pell"))
    assert [ground.member.publisher for ground in verdict.uncertain] == ["Post"]
    [verdict] = verdicts(traced(sure, doubtful, member("Herald", PELL, day=3)))
    assert verdict.uncertain == ()


def test_circles_losses_and_changes_say_so_too() -> None:
    ring = traced(member("Post", "Courier"), unsure(member("Courier", "Post", day=2)))
    assert [(each.kind, each.about) for each in verdicts(ring)] == [("circle", ("Courier", "Post"))]
    assert "As far as the texts tell: Nobody outside stands behind it" in shown(ring)
    changed = WHOLE.replace("inspected", "searched")
    way = traced(member("Courier", "Reuters", ANA), unsure(member("Post", "Courier", day=2, text=changed)))
    assert [each.kind for each in verdicts(way)] == ["single", "lost", "changed"]
    assert "As far as the texts tell: Post (2 May 2024) cites Courier (1 May 2024) and leaves out" in shown(way)
    assert (
        "Post (2 May 2024), after Courier (1 May 2024); as far as the texts tell, uncertain is the chain of"
        in shown(way)
    )


def test_a_claim_without_any_source_concludes_nothing() -> None:
    nobody = Teller(name="unnamed", kind="anonymous")
    way = traced(member("Post", nobody, origin="unsourced"), member("Herald", nobody, origin="unsourced", day=2))
    assert verdicts(way) == ()


def test_the_data_hold_all_of_it() -> None:
    judge = Teller(name="the judge", kind="person")
    first = attrs.evolve(member("Courier", ANA), spans=((3, 90),))
    [way] = json.loads(json.dumps(trace_values([traced(first, unsure(member("Post", judge, day=2)))])))
    [verdict] = way["verdicts"]
    assert (verdict["kind"], verdict["confidence"], way["independent"]) == ("single", 0.3, 1)
    assert [(each["link"], each["uncertain"]) for each in verdict["grounds"]] == [(None, False), ("verbatim", True)]
    [evidence] = way["articles"][1]["named_elsewhere"]["evidence"]
    assert (evidence["article"], evidence["spans"], evidence["link"]) == ("Courier 1", [[3, 90]], "verbatim")
    assert way["articles"][0]["named_elsewhere"] is None
    [way] = trace_values([traced(member("Courier", ANA), member("Post", PELL, day=2))])
    assert [each["names"] for each in way["conflicts"]] == [["Ana Doring", "Karl Pell"]]
