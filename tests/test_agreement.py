"""How often outlets that carry the same words give them the same origin."""

from __future__ import annotations

import json
from typing import Any

import pytest
from test_travel import WHOLE, member

from quotes.link import Agreement, Member, Teller, agreement, link_members, share
from quotes.records import Origin
from quotes.views import agreement_values, render_agreement

PART = "closed until the last of the 14 barges has been inspected"
OFFICIALS = Teller(name="officials", kind="anonymous")


def counted(*members: Member) -> dict[str, Agreement]:
    return {each.reason: each for each in agreement(link_members(members)) if each.pairs}


@pytest.mark.parametrize(
    ("one", "other", "agree", "named"),
    [
        (("Ana Duarte", "named"), ("Ana Duarte", "named"), True, True),
        (("Ana Duarte", "named"), ("Ilmari Koski", "named"), False, True),
        (("Ana Duarte", "named"), ("officials", "unnamed"), False, False),
        (("officials", "unnamed"), ("officials", "unnamed"), True, False),
        (("officials", "unnamed"), ("two pilots", "unnamed"), False, False),
    ],
)
def test_origins_of_the_same_words(
    one: tuple[str, Origin], other: tuple[str, Origin], agree: bool, named: bool
) -> None:
    found = counted(member("Courier", one[0], origin=one[1]), member("Post", other[0], origin=other[1], day=2))
    [pair] = found["verbatim"].pairs
    assert (pair.agree, pair.named) == (agree, named)


def test_pairs_are_counted_by_kind_of_link() -> None:
    found = counted(
        member("Courier", "Ana Duarte"),
        member("Post", "Ana Duarte", day=2),
        member("Herald", OFFICIALS, origin="unnamed", day=3),
        member("Ledger", "Ana Duarte", day=4, text=PART),
        member("Signal", "Ilmari Koski", day=5, text=PART),
    )
    assert {kind: (len(each.pairs), share(each.pairs), share(each.named)) for kind, each in found.items()} == {
        "verbatim": (4, 25.0, 50.0),
        "fragment": (6, pytest.approx(100 / 3), 50.0),
    }
    assert [pair.other.publisher for pair in found["fragment"].disagreements[:2]] == ["Signal", "Signal"]


def test_a_source_that_is_named_elsewhere_is_counted_beside() -> None:
    ana, judge = Teller(name="Ana Doring", kind="person"), Teller(name="the judge", kind="person")
    [pair] = counted(member("Courier", ana), member("Post", judge, day=2))["verbatim"].pairs
    assert (pair.agree, pair.joined) == (False, True)


def test_an_outlet_is_not_compared_with_itself() -> None:
    members = [member("Courier", "Ana Duarte"), member("Courier", "Ilmari Koski", day=2)]
    assert counted(*members) == {}
    assert share(()) is None


def test_disagreements_are_shown_those_of_two_names_first() -> None:
    found = agreement(
        link_members(
            [
                member("Courier", "Ana Duarte"),
                member("Post", OFFICIALS, origin="unnamed", day=2),
                member("Herald", "Ilmari Koski", day=3),
            ]
        )
    )
    shown = render_agreement(found, show=1, width=80)
    assert "same words" in shown
    assert "0 %" in shown
    assert "1 of 3 disagreements" in shown
    assert "Herald, 3 May 2024 ← Ilmari Koski" in shown
    assert "officials" not in shown
    assert "disagreements" not in render_agreement(found, width=80)


def test_the_same_as_values() -> None:
    found = agreement(link_members([member("Courier", "Ana Duarte"), member("Post", "Ilmari Koski", day=2)]))
    values: dict[str, Any] = json.loads(json.dumps(agreement_values(found, show=5)))
    assert values["kinds"][0] == {
        "kind": "verbatim",
        "pairs": 1,
        "agree": 0.0,
        "named": 1,
        "named_agree": 0.0,
        "joined": 0,
    }
    assert values["kinds"][1]["agree"] is None
    [disagreement] = values["disagreements"]
    assert [claim["chain"] for claim in disagreement["claims"]] == [["Ana Duarte"], ["Ilmari Koski"]]
    assert disagreement["claims"][0]["text"] == WHOLE
    assert agreement_values(found)["disagreements"] == []
