"""Who is who across articles: every pair of tests/identities.toml, both ways round."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes import lexicon
from quotes.link import Teller
from quotes.link.names import Names
from quotes.link.people import untangled

LEXICON = lexicon.load()
TABLE = tomllib.loads((Path(__file__).parent / "identities.toml").read_text("utf-8"))
PARTS = st.sampled_from(
    ["Jane", "Karl", "Q.", "Doring", "Pell", "Jr.", "Senator", "R-Ohio", "@janedoring", "Tuesday", "of"]
)


def cases() -> Iterator[Any]:
    for rule, pairs in TABLE.items():
        for kind in ("one", "two"):
            for pair in pairs[kind]:
                yield pytest.param(
                    *map(teller, pair), kind == "one", id=f"{rule}: {pair[0]['name']} / {pair[1]['name']}"
                )


def teller(source: dict[str, Any]) -> Teller:
    return Teller(**{"kind": "person", **source})


@pytest.mark.parametrize(("one", "other", "same"), list(cases()))
def test_who_is_who(one: Teller, other: Teller, same: bool) -> None:
    names = Names(LEXICON)
    assert names.same(one, other) is same
    assert names.same(other, one) is same


@pytest.mark.parametrize(
    ("name", "role", "found"),
    [
        ("R-N.C.", "Harbour Chairman Jane Doring", ("Jane Doring", "Harbour Chairman")),
        ("D-Ohio", "Jane Doring", ("Jane Doring", None)),
        ("R-N.C.", None, ("R-N.C.", None)),
        ("Jane Doring", "Harbour Chairman Karl Pell", ("Jane Doring", "Harbour Chairman Karl Pell")),
        ("X-Ohio", "Harbour Chairman", ("X-Ohio", "Harbour Chairman")),
    ],
)
def test_a_tag_in_place_of_a_name(name: str, role: str | None, found: tuple[str, str | None]) -> None:
    assert untangled(name, role, LEXICON) == found


@pytest.mark.parametrize("rule", TABLE)
def test_every_rule_has_twins(rule: str) -> None:
    assert TABLE[rule]["one"]
    assert TABLE[rule]["two"]


@given(st.lists(PARTS, min_size=1, max_size=5).map(" ".join), st.lists(PARTS, min_size=1, max_size=5).map(" ".join))
def test_names_are_compared_alike_both_ways(one: str, other: str) -> None:
    names = Names(LEXICON)
    pair = (Teller(name=one, kind="person"), Teller(name=other, kind="person"))
    assert names.same(*pair) == names.same(*pair[::-1])
    assert names.same(pair[0], pair[0])
    if names.same(*pair):
        assert names.keys(pair[0]) & names.keys(pair[1])
