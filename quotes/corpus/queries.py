"""Questions to a corpus. Each answer is a list of rows, or a text. The only door to DuckDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from quotes import link
from quotes.corpus.store import Store
from quotes.errors import MissingExtra, QuotesError
from quotes.export.rows import COLUMNS, Row

LIKENESS = 0.7  # the share of the words asked for that a claim has to have
SEEDS = 50
NEIGHBOURS = 5000
RARE = 5  # of a wording's longest words, how many are looked up

_CLAIM_ROWS = """
    SELECT c.claim, c.article, a.publisher, a.published, a.file, c.text, array_to_string(c.chain, ' > ') AS chain,
           c.kind, c.origin, c.path, c.confidence
    FROM claims c JOIN articles a ON a.article = c.article AND NOT a.duplicate
"""

_MEMBER_ROWS = """
    SELECT c.claim, c.article, a.publisher, a.published, a.file, c.text, c.origin, h.chain, h.resolved, h.beside
    FROM claims c
    JOIN articles a USING (article)
    JOIN (SELECT article, claim, list(coalesce(canonical, name) ORDER BY position) AS chain,
                 arg_max(resolved, position) AS resolved, arg_max(beside, position) AS beside
          FROM hops GROUP BY article, claim) h USING (article, claim)
    WHERE c.act = 'speech' AND
"""


def status(out: Path) -> list[Row]:
    """One row: whether the run has finished, and what its complete shards hold."""
    store = Store(Path(out))
    manifest = store.require()
    total = dict.fromkeys(("articles", "analyzed", "duplicates", "failed", "claims"), 0)
    shards = 0
    for counts in filter(None, map(store.counts, store.shards())):
        shards += 1
        total = {name: total[name] + counts[name] for name in total}
    return [{"finished": manifest["finished"], "shards": shards, **total}]


def sources(out: Path, *, name: str | None = None, kind: str | None = None, limit: int | None = 50) -> list[Row]:
    """The sources that are heard, those with most claims first: `claims` as the origin, `relayed` on the way.

    name: words that its name has; kind: as in records.SourceKind; limit: None for all.
    """
    query = """
        WITH heard AS (
            SELECT coalesce(h.canonical, h.name) AS name, coalesce(s.kind, 'anonymous') AS kind, h.article,
                   h.position = max(h.position) OVER (PARTITION BY h.article, h.claim) AS origin
            FROM hops h
            JOIN claims c ON c.article = h.article AND c.claim = h.claim AND c.act = 'speech'
            LEFT JOIN sources s ON s.article = h.article AND s.source = h.source)
        SELECT name, kind, count(*) FILTER (WHERE origin) AS claims, count(*) FILTER (WHERE NOT origin) AS relayed,
               count(DISTINCT article) AS articles
        FROM heard
        WHERE ($name IS NULL OR contains(lower(name), lower($name))) AND ($kind IS NULL OR kind = $kind)
        GROUP BY name, kind ORDER BY claims DESC, relayed DESC, name, kind LIMIT $limit
    """
    return _ask(out, query, {"name": name, "kind": kind, "limit": limit})


def claims(
    out: Path,
    *,
    words: str | None = None,
    source: str | None = None,
    publisher: str | None = None,
    kind: str | None = None,
    origin: str | None = None,
    path: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = 100,
) -> list[Row]:
    """The claims of speech, by publication date, then by file.

    words, source, publisher: what the content, one name of the chain, the publisher has in it, whatever its case;
    kind, origin, path: as in the records; since, until: dates, both inclusive; limit: None for all.
    """
    query = f"""{_CLAIM_ROWS}
        WHERE c.act = 'speech'
          AND ($words IS NULL OR contains(lower(c.text), lower($words)))
          AND ($source IS NULL OR contains(lower(array_to_string(c.chain, ' > ')), lower($source)))
          AND ($publisher IS NULL OR contains(lower(a.publisher), lower($publisher)))
          AND ($kind IS NULL OR c.kind = $kind)
          AND ($origin IS NULL OR c.origin = $origin)
          AND ($path IS NULL OR c.path = $path)
          AND ($since IS NULL OR a.published >= $since)
          AND ($until IS NULL OR left(a.published, length($until)) <= $until)
        ORDER BY a.published NULLS LAST, a.file, c.starts, c.claim LIMIT $limit
    """
    asked = {"words": words, "source": source, "publisher": publisher, "kind": kind, "origin": origin, "path": path}
    return _ask(out, query, {**asked, "since": since, "until": until, "limit": limit})


def sql(out: Path, query: str) -> list[Row]:
    """The rows of a query over the tables articles, sources, passages, claims, hops and issues.

    Raises QuotesError where DuckDB refuses it.
    """
    return _ask(out, query, None)


def trace(out: Path, words: str) -> list[Row]:
    """Where the claim with these words stands, article by article, and on whom it rests.

    A row for each article that carries it, copies too, grouped by `cluster`, the most carried first; `origins`,
    `origin_names`: its independent origins; `link`: how it agrees with the longest wording, None for that one itself.
    """
    wanted = link.words(words)
    if not wanted:
        raise QuotesError("There are no words to look for.", "Give some words of the claim.")
    with _Tables(out) as tables:
        seeds = [member for member in tables.members_with([wanted]) if _likeness(wanted, member.text) >= LIKENESS]
        seeds = sorted(
            seeds, key=lambda each: (-_likeness(wanted, each.text), len(each.text), each.article, each.claim)
        )
        near = tables.members_with([link.words(each.text) for each in seeds[:SEEDS]]) if seeds else ()
        known = dict.fromkeys([*seeds, *near])
    found = {(each.article, each.claim) for each in seeds}
    clusters = link.link_members(known)
    linked = [each for each in clusters if any((member.article, member.claim) in found for member in each.members)]
    taken = {member for each in linked for member in each.members}
    alone = (link.Cluster(id=member.claim, representative=member, links=()) for member in seeds if member not in taken)
    return [row for cluster in (*linked, *alone) for row in _trace_rows(cluster)]


def report(out: Path) -> str:
    """An overview in Markdown: counts, most heard sources and relays, unnamed origins by publisher, what failed."""
    [state] = status(out)
    relays = [row for row in sources(out, limit=None) if row["relayed"]]
    parts = [
        "# Corpus",
        "\n".join(f"- {name}: {value}" for name, value in state.items()),
        _section("Most heard sources", sources(out, limit=15)),
        _section("Most used relays", sorted(relays, key=lambda row: (-row["relayed"], row["name"]))[:15]),
        _section("Unnamed origins by publisher", _ask(out, _UNNAMED, None)),
        _section("Articles that failed", _ask(out, _FAILED, None)),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_UNNAMED = """
    SELECT coalesce(a.publisher, 'unknown') AS publisher, count(*) AS claims,
           round(100.0 * count(*) FILTER (WHERE c.origin IN ('unnamed', 'unsourced')) / count(*), 1) AS unnamed_percent
    FROM claims c JOIN articles a ON a.article = c.article AND NOT a.duplicate
    WHERE c.act = 'speech' GROUP BY 1 ORDER BY claims DESC, publisher LIMIT 20
"""

_FAILED = """
    SELECT kind, file, message FROM issues WHERE kind IN ('unreadable', 'failed') ORDER BY file LIMIT 20
"""


class _Tables:
    """An open DuckDB connection in memory over the complete shards of a corpus."""

    def __init__(self, out: Path) -> None:
        store = Store(Path(out))
        store.require()
        try:
            import duckdb
        except ImportError:
            raise MissingExtra("duckdb", "corpus") from None
        self.refused: type[Exception] = duckdb.Error
        self.connection = duckdb.connect()
        for table in COLUMNS:
            self.connection.register(table, store.dataset(table))

    def __enter__(self) -> _Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def rows(self, query: str, values: dict[str, Any] | None) -> list[Row]:
        try:
            cursor = self.connection.execute(query, values) if values else self.connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        except self.refused as error:
            raise QuotesError(
                f"The query failed: {str(error).strip()}", f"The tables are: {', '.join(COLUMNS)}."
            ) from error

    def members_with(self, wordings: Iterable[Sequence[str]]) -> Iterator[link.Member]:
        """The claims that have one of the longest words of a wording, at most NEIGHBOURS of them."""
        rare = {
            word for wording in wordings for word in sorted(set(wording), key=lambda each: (-len(each), each))[:RARE]
        }
        query = f"{_MEMBER_ROWS} len(list_filter($rare, lambda word: contains(lower(c.text), word))) > 0"
        query += (
            " ORDER BY len(list_filter($rare, lambda word: contains(lower(c.text), word))) DESC, article, claim, a.file"
        )
        rows = self.rows(f"{query} LIMIT $limit", {"rare": sorted(rare), "limit": NEIGHBOURS})
        return map(_member, rows)


def _ask(out: Path, query: str, values: dict[str, Any] | None) -> list[Row]:
    with _Tables(out) as tables:
        return tables.rows(query, values)


def _member(row: Row) -> link.Member:
    named = row["origin"] in link.NAMED and row["resolved"]
    return link.Member(
        article=row["article"],
        claim=row["claim"],
        text=row["text"],
        origin=row["origin"],
        chain=tuple(row["chain"]),
        sources=(row["chain"][-1], *row["beside"]) if named else (),
        publisher=row["publisher"],
        published=row["published"],
        path=row["file"],
    )


def _likeness(wanted: Sequence[str], text: str) -> float:
    """The share of the words asked for that a text has, long words counting more."""
    has = set(link.words(text))
    return sum(len(word) for word in wanted if word in has) / sum(map(len, wanted))


def _trace_rows(cluster: link.Cluster) -> list[Row]:
    origins = link.origins(cluster)
    reasons: dict[link.Member, link.Link] = {each.member: each for each in cluster.links}
    members = sorted(cluster.members, key=lambda each: (each.published or "~", each.publisher or "", each.path or ""))
    return [
        {
            "cluster": cluster.id,
            "origins": len(origins),
            "origin_names": ", ".join(origins),
            "publisher": member.publisher,
            "published": member.published,
            "text": member.text,
            "chain": " > ".join(member.chain),
            "link": reasons[member].reason if member in reasons else None,
            "score": reasons[member].score if member in reasons else None,
            "file": member.path,
            "article": member.article,
            "claim": member.claim,
        }
        for member in members
    ]


def _section(title: str, rows: list[Row]) -> str:
    if not rows:
        return ""
    lines = [f"## {title}", "", _line(rows[0]), _line("---" for _ in rows[0])]
    return "\n".join([*lines, *(_line(row.values()) for row in rows)])


def _line(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in cells) + " |"
