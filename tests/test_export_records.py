"""Plain records for `datasets`: every column of one type, whatever an article leaves out."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from export_cases import ARTICLE, CLAIMS, EMPTY, HOSTILE, REPORT, hostile_report

import quotes
from quotes.errors import QuotesError
from quotes.export.rows import COLUMNS
from quotes.records import Report

TABLES = [table for table in COLUMNS if table != "issues"]
TYPES: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (float,),
    "truth": (bool,),
    "texts": (list,),
    "integers": (list,),
}
BARE = attrs.evolve(REPORT, article=attrs.evolve(ARTICLE, title=None, publisher=None, url=None, published=None))


@pytest.mark.parametrize("table", TABLES)
def test_every_value_has_the_type_of_its_column(table: str) -> None:
    records = quotes.to_records([REPORT, BARE, EMPTY], table)
    assert records
    for record in records:
        assert list(record) == list(COLUMNS[table])
        for name, kind in COLUMNS[table].items():
            assert type(record[name]) in TYPES[kind], name


def test_a_report_can_be_given_by_itself() -> None:
    records = quotes.to_records(REPORT)
    assert records == quotes.to_records(iter([REPORT]), "claims")
    assert [record["claim"] for record in records] == [claim.id for claim in CLAIMS]
    assert {record["review"] for record in records} == {""}


@pytest.mark.parametrize("table", ["issues", "nothing"])
def test_a_table_without_records_is_refused(table: str) -> None:
    with pytest.raises(QuotesError, match="Choose one of: articles, sources, passages, claims, hops"):
        quotes.to_records(REPORT, table)


def features(reports: list[Report], table: str) -> dict[str, Any]:
    datasets = pytest.importorskip("datasets")
    made = datasets.Dataset.from_list(quotes.to_records(reports, table))
    return dict(made.features)


@pytest.mark.parametrize("table", TABLES)
def test_datasets_takes_them_with_the_types_of_the_columns(table: str) -> None:
    datasets = pytest.importorskip("datasets")
    value = datasets.Value
    types = {
        "text": value("string"),
        "integer": value("int64"),
        "number": value("float64"),
        "truth": value("bool"),
        "texts": datasets.List(value("string")),
        "integers": datasets.List(value("int64")),
    }
    wanted = {name: types[kind] for name, kind in COLUMNS[table].items()}
    assert features([BARE], table) == wanted == features([REPORT, EMPTY], table)


@pytest.mark.parametrize(("table", "column"), [("articles", "credit"), ("hops", "beside")])
def test_a_list_that_is_empty_everywhere_goes_with_one_that_is_not(table: str, column: str) -> None:
    datasets = pytest.importorskip("datasets")
    lone = attrs.evolve(REPORT, article=attrs.evolve(ARTICLE, credit=()), claims=(CLAIMS[2],))
    made = [datasets.Dataset.from_list(quotes.to_records(each, table)) for each in (lone, REPORT)]
    assert made[0][0][column] == []
    assert datasets.concatenate_datasets(made).features == made[1].features


def test_datasets_of_different_articles_go_together() -> None:
    datasets = pytest.importorskip("datasets")
    reports = [REPORT, BARE, *(hostile_report(words) for words in (*HOSTILE, "lone \ud800"))]
    made = [datasets.Dataset.from_list(quotes.to_records(each)) for each in reports]
    whole = datasets.concatenate_datasets(made)
    assert len(whole) == 2 * len(CLAIMS) + len(HOSTILE) + 1
    assert whole.features == made[0].features
    assert whole[-1]["text"] == "lone ?"
    assert whole.to_list() == quotes.to_records(reports)
