"""A corpus as one file that other programs open: an SQLite database, or a workbook."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from quotes.corpus.database import write_database
from quotes.corpus.workbook import write_workbook
from quotes.errors import QuotesError

Write = Callable[[Path, Path], dict[str, int]]

FORMS: Mapping[str, Write] = {"sqlite": write_database, "xlsx": write_workbook}
SUFFIXES: Mapping[str, str] = {".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite", ".xlsx": "xlsx"}


def export(out: Path, target: Path, *, form: str | None = None) -> dict[str, int]:
    """Write the corpus in `out` to the file `target`, whole or not at all; how many rows each table or sheet has.

    form: one of FORMS; None to go by the target's ending (SUFFIXES).
    Raises QuotesError where there is no corpus, the form is not known or the file cannot be written, MissingExtra
    without what the extra `corpus` brings.
    """
    target = Path(os.path.realpath(target))
    write = FORMS.get(form or SUFFIXES.get(target.suffix.lower(), ""))
    if write is None:
        raise QuotesError(
            f"It is not clear in which form to write {target.name}.",
            f"Let its name end in {', '.join(SUFFIXES)}, or name the form: {' or '.join(FORMS)}.",
        )
    try:
        with TemporaryDirectory(prefix=f".{target.name}.", dir=target.parent) as folder:
            beside = Path(folder) / target.name
            counts = write(Path(out), beside)
            beside.replace(target)
    except (OSError, sqlite3.OperationalError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise QuotesError(f"{target} cannot be written: {reason}.", "Choose another place.") from error
    return counts
