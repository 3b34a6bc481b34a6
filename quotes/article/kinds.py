"""What kind of file a name promises: an article, or something that holds many."""

from __future__ import annotations

from pathlib import PurePath
from typing import Literal

from quotes.article.formats import XML_SUFFIXES, suffix_of
from quotes.article.packed import bare_name

Kind = Literal["article", "lines", "cells", "parquet", "warc", "zip", "tar"]

ARTICLES = frozenset((".txt", ".html", ".htm", ".xhtml", ".json", *XML_SUFFIXES, ".eml", ".docx", ".pdf"))
MANY: dict[str, Kind] = {
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".csv": "cells",
    ".tsv": "cells",
    ".parquet": "parquet",
    ".warc": "warc",
    ".wet": "warc",
    ".zip": "zip",
    ".tar": "tar",
    ".tgz": "tar",
    ".tbz2": "tar",
    ".txz": "tar",
}
TARS = (".tar.bz2", ".tar.xz")  # tarfile unpacks these itself


def kind_of(name: str, input_format: str = "auto") -> Kind:
    """What a file holds, going by its name; input_format: what all files hold that are no collections by name."""
    kind = "tar" if bare_name(name).lower().endswith(TARS) else MANY.get(suffix_of(name), "article")
    return "lines" if kind == "article" and input_format == "jsonl" else kind


def is_read(name: str) -> bool:
    """Whether a file that is found in a folder or an archive may hold articles."""
    return kind_of(PurePath(name).name) != "article" or suffix_of(name) in ARTICLES
