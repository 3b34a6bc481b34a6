"""The flat tables as pandas data frames."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Literal

from quotes.errors import MissingExtra
from quotes.export.rows import COLUMNS, rows
from quotes.records import Report

if TYPE_CHECKING:
    from pandas import DataFrame

_INDEX: Mapping[str, str] = {"claims": "claim", "sources": "source"}


def frame(reports: Iterable[Report], table: Literal["claims", "sources", "hops"]) -> DataFrame:
    """One table of all the reports, claims and sources indexed by their ids. Raises MissingExtra without pandas."""
    try:
        import pandas
    except ImportError:
        raise MissingExtra("pandas", "notebook") from None
    found = [row for report in reports for row in rows(report, table)]
    whole: DataFrame = pandas.DataFrame(found, columns=list(COLUMNS[table]))
    return whole.set_index(_INDEX[table]) if table in _INDEX else whole
