"""One row a source over several articles."""

from __future__ import annotations

from typing import Any

import attrs
from demo_report import demo_report

from quotes.views import Heard, Merged, heard_in, merged


def heard(article: str, name: str, **more: Any) -> Heard:
    return Heard(
        **{
            "article": article,
            "name": name,
            "kind": "person",
            "named": True,
            "claims": 1,
            "relayed": 0,
            "uncertain": 0,
            **more,
        }
    )


def rows(*found: Heard) -> dict[str, Merged]:
    return {row.name: row for row in merged(found)}


def test_forms_of_a_name_are_one_row() -> None:
    found = rows(
        heard("a", "Duarte", claims=3), heard("b", "Ana Duarte"), heard("c", "Minister Ana Duarte", uncertain=2)
    )
    [row] = found.values()
    assert (row.claims, row.uncertain, row.articles) == (5, 2, ("b", "c", "a"))
    assert set(row.forms) == {"Duarte", "Ana Duarte", "Minister Ana Duarte"}
    assert row.name in ("Ana Duarte", "Minister Ana Duarte")


def test_a_surname_of_two_is_nobody_s() -> None:
    found = rows(heard("a", "Ana Duarte"), heard("b", "Ivo Duarte"), heard("c", "Duarte"))
    assert sorted(found) == ["Ana Duarte", "Duarte", "Ivo Duarte"]


def test_the_kind_is_that_of_most_claims() -> None:
    found = rows(heard("a", "Radio Meridian", kind="outlet", relayed=4), heard("b", "Radio Meridian"))
    assert {name: (row.kind, row.claims, row.relayed) for name, row in found.items()} == {
        "Radio Meridian": ("outlet", 2, 4)
    }


def test_unnamed_sources_stay_apart() -> None:
    found = merged(heard(article, "official", kind="anonymous", named=False) for article in "abc")
    assert [(row.name, row.articles) for row in found] == [("official", (each,)) for each in "abc"]


def test_what_a_report_tells_of_its_sources() -> None:
    report = demo_report()
    other = attrs.evolve(report, article=attrs.evolve(report.article, text=report.article.text + "More.\n"))
    found = rows(*heard_in([report, other]))
    assert (found["Ana Duarte"].claims, len(found["Ana Duarte"].articles)) == (8, 2)
    assert found["he"].uncertain == 1
    assert (found["Radio Meridian"].relayed, found["Radio Meridian"].claims) == (4, 0)
