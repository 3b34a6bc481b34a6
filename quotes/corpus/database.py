"""A corpus as one SQLite file: its tables with keys between them, links across articles, views, a search."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from quotes import lexicon as lexicons
from quotes import link
from quotes.corpus.queries import MOST_LINKED, latest_members
from quotes.corpus.store import Store
from quotes.corpus.tables import Tables
from quotes.export.rows import COLUMNS, Row
from quotes.export.schema import schema

REST = Path(__file__).resolve().parents[1] / "data" / "database.sql"

_TYPES = {
    "text": "TEXT",
    "integer": "INTEGER",
    "number": "REAL",
    "truth": "INTEGER",
    "texts": "TEXT",
    "integers": "TEXT",
}
_NUMBERED = "id INTEGER PRIMARY KEY, -- its number in this file"
_OF_CLAIM = "claim_id INTEGER REFERENCES claims (id), -- the claim's number in this file"
_OF_SOURCE = "source_id INTEGER REFERENCES sources (id), -- the source's number in this file"
_FIRST = {
    "articles": (),
    "copies": (_NUMBERED,),
    "sources": (_NUMBERED,),
    "claims": (_NUMBERED,),
    "passages": (_NUMBERED, _OF_CLAIM),
    "hops": (_NUMBERED, _OF_CLAIM, _OF_SOURCE),
    "issues": (_NUMBERED,),
}
_IN_ARTICLE = "FOREIGN KEY (article) REFERENCES articles (article)"
_LAST = {
    "articles": ("PRIMARY KEY (article)",),
    "copies": (_IN_ARTICLE,),
    "sources": ("UNIQUE (article, source)", _IN_ARTICLE),
    "claims": ("UNIQUE (article, claim)", _IN_ARTICLE),
    "passages": (_IN_ARTICLE,),
    "hops": ("UNIQUE (article, claim, position)", _IN_ARTICLE),
    "issues": (_IN_ARTICLE,),
}
_CLAIM_ID = "(SELECT id FROM claims WHERE article = :article AND claim = :claim)"
_SOURCE_ID = "(SELECT id FROM sources WHERE article = :article AND source = :source)"
_FOUND = {
    "passages": {"claim_id": _CLAIM_ID},
    "hops": {"claim_id": _CLAIM_ID, "source_id": _SOURCE_ID},
}
_LINK = f"""
    INSERT INTO links (cluster, claim_id, article, publisher, published, file, reason, score, agrees_with)
    VALUES (:cluster, {_CLAIM_ID}, :article, :publisher, :published, :file, :reason, :score,
            (SELECT id FROM claims WHERE article = :to_article AND claim = :to_claim))
"""


def write_database(out: Path, target: Path) -> dict[str, int]:
    """Write the corpus in `out` to a new SQLite file; how many rows each table of it has.

    A text that stands in several places has one row in `articles`, and one in `copies` for each further place. Lists
    are JSON, truths 0 or 1. Claims are linked across articles as by `overview`.
    """
    store = Store(Path(out))
    store.require()
    links = _links(out)
    with closing(sqlite3.connect(target)) as database:
        database.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        for table in _FIRST:
            database.execute(_table(table))
            database.executemany(_insert(table), map(_stored, _rows(store, table)))
        database.executescript(REST.read_text(encoding="utf-8"))
        database.executemany(_LINK, links)
        database.execute("INSERT INTO claims_fts (claims_fts) VALUES ('rebuild')")
        database.execute("ANALYZE")
        database.commit()
        return {table: _count(database, table) for table in (*_FIRST, "links")}


def _rows(store: Store, table: str) -> Iterator[Row]:
    if table not in ("articles", "copies"):
        return store.rows(table)
    return (row for row in store.rows("articles") if row["duplicate"] == (table == "copies"))


def _table(table: str) -> str:
    """The statement that makes a table: its columns with what they mean, as `.schema` and Datasette show it."""
    of = _columns_of(table)
    meanings = {row["column"]: row["meaning"] for row in schema() if row["table"] == of}
    columns = [f'"{name}" {_TYPES[kind]}, -- {meanings[name]}' for name, kind in COLUMNS[of].items()]
    body = [*_FIRST[table], *columns, ", ".join(_LAST[table])]
    return f"CREATE TABLE {table} (\n  " + "\n  ".join(body) + "\n)"


def _columns_of(table: str) -> str:
    return "articles" if table == "copies" else table


def _insert(table: str) -> str:
    values = {name: f":{name}" for name in COLUMNS[_columns_of(table)]} | _FOUND.get(table, {})
    names = ", ".join(f'"{name}"' for name in values)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join(values.values())})"


def _stored(row: Row) -> Row:
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value


def _links(out: Path) -> list[Row]:
    lexicon = lexicons.load()
    with Tables(out) as tables:
        members = list(latest_members(tables, MOST_LINKED, lexicon))
    return [row for cluster in link.link_members(members, lexicon=lexicon) for row in _link_rows(cluster)]


def _link_rows(cluster: link.Cluster) -> Iterator[Row]:
    yield _link_row(cluster, cluster.representative, None)
    for each in cluster.links:
        yield _link_row(cluster, each.member, each)


def _link_row(cluster: link.Cluster, member: link.Member, how: link.Link | None) -> Row:
    return {
        "cluster": cluster.id,
        "article": member.article,
        "claim": member.claim,
        "publisher": member.publisher,
        "published": member.published,
        "file": member.path,
        "reason": how and how.reason,
        "score": how and how.score,
        "to_article": how and how.to.article,
        "to_claim": how and how.to.claim,
    }


def _count(database: sqlite3.Connection, table: str) -> int:
    [(count,)] = database.execute(f"SELECT count(*) FROM {table}")
    return int(count)
