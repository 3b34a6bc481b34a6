"""Many articles: shards of them analysed side by side, kept as JSON Lines and Parquet tables, and asked about.

A corpus is a folder:

    manifest.json            what the run was asked for, and whether it has finished
    reports/SHARD.jsonl      one report per line
    tables/TABLE/SHARD.parquet
    shards/SHARD.json        its counts; written last, so a shard that has it is complete
    pages/PAGE.warc.gz       where something was fetched: a page as it came

Every file is written beside its place and moved there whole. `schema()` says what the tables' columns hold; their
version is in the manifest, and in each Parquet file's metadata as `quotes.tables`.
"""

from quotes.corpus.exports import export
from quotes.corpus.frames import frame
from quotes.corpus.overview import overview
from quotes.corpus.plan import CorpusSummary
from quotes.corpus.queries import claims, sources, sql, status, trace, travels
from quotes.corpus.run import analyze_corpus
from quotes.corpus.site import SiteSummary, write_site
from quotes.export.schema import schema

__all__ = [
    "CorpusSummary",
    "SiteSummary",
    "analyze_corpus",
    "claims",
    "export",
    "frame",
    "overview",
    "schema",
    "sources",
    "sql",
    "status",
    "trace",
    "travels",
    "write_site",
]
