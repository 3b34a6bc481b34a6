"""A corpus's tables as pandas data frames."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from quotes.corpus.store import Store
from quotes.errors import MissingExtra, QuotesError
from quotes.export.rows import COLUMNS

if TYPE_CHECKING:
    from pandas import DataFrame


def frame(out: Path, table: str) -> DataFrame:
    """All rows of one of the tables articles, sources, passages, claims, hops and issues, which memory has to hold.

    Ids are columns: a claim or source is known by its article's and its own. Raises QuotesError where there is no such
    table or corpus, MissingExtra without pandas.
    """
    if table not in COLUMNS:
        raise QuotesError(f"There is no table {table!r}.", f"Choose one of: {', '.join(COLUMNS)}.")
    store = Store(Path(out))
    store.require()
    try:
        import pandas  # noqa: F401 - what pyarrow makes the frame with
    except ImportError:
        raise MissingExtra("pandas", "notebook") from None
    found = store.dataset(table)
    made: DataFrame = (found.to_table() if hasattr(found, "to_table") else found).to_pandas()
    return made
