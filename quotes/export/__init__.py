"""Reports in the forms that other programs read: JSON, W3C PROV, graphs, tables, annotation formats.

JSON is complete and comes back by `from_dict`; every other format is a view of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from quotes.errors import QuotesError
from quotes.export.frames import frame
from quotes.export.graphs import graphml, mermaid, to_networkx
from quotes.export.jsonform import (
    from_dict,
    to_dict,
    to_json,
    to_json_lines,
    to_json_text,
    to_jsonl_line,
    validate,
)
from quotes.export.provenance import prov_text, to_prov
from quotes.export.rows import to_records
from quotes.export.schemaorg import schema_org
from quotes.export.tables import brat, conll, csv_table
from quotes.records import Report

__all__ = [
    "FORMATS",
    "frame",
    "from_dict",
    "render",
    "to_dict",
    "to_json",
    "to_jsonl_line",
    "to_networkx",
    "to_prov",
    "to_records",
    "validate",
]

Writer = Callable[[Sequence[Report], bool], str]

_WRITERS: Mapping[str, tuple[str, Writer]] = {
    "json": ("everything, by report.schema.json; an array for several articles", lambda r, _: to_json_text(r)),
    "jsonl": ("the same, one article per line", lambda r, _: to_json_lines(r)),
    "prov": ("W3C provenance, PROV-JSON", lambda r, belief: prov_text(r, "json", include_belief=belief)),
    "provn": ("W3C provenance, PROV-N", lambda r, belief: prov_text(r, "provn", include_belief=belief)),
    "jsonld": ("W3C provenance, JSON-LD", lambda r, belief: prov_text(r, "jsonld", include_belief=belief)),
    "schemaorg": (
        "quotations and claims in the vocabulary of schema.org, JSON-LD",
        lambda r, belief: schema_org(r, include_belief=belief),
    ),
    "mermaid": ("the provenance trees as a Mermaid flowchart", lambda r, _: mermaid(r)),
    "csv": ("a row per claim, with its nested source", lambda r, belief: csv_table(r, include_belief=belief)),
    "graphml": ("claims and sources as a graph", lambda r, belief: graphml(r, include_belief=belief)),
    "conll": ("a row per token, with source, cue and content columns", lambda r, b: conll(r, include_belief=b)),
    "brat": ("standoff annotation (.ann) of one article", lambda r, belief: brat(r, include_belief=belief)),
}

FORMATS: Mapping[str, str] = {name: description for name, (description, _) in _WRITERS.items()}


def render(reports: Sequence[Report], format: str, *, include_belief: bool = False) -> str:
    """The reports in one of FORMATS, ending with a line end unless empty; the same reports give the same text.

    include_belief: whether claims of belief without communication are written too; JSON always has them and
    provenance trees (mermaid) never do.
    Raises QuotesError for a format that is unknown or cannot hold these reports, MissingExtra where the format's
    library is not installed.
    """
    if format not in _WRITERS:
        raise QuotesError(f"There is no format {format!r}.", f"Choose one of: {', '.join(FORMATS)}.")
    return _WRITERS[format][1](reports, include_belief)
