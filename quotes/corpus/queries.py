"""Questions to a corpus. Each answer is a list of rows, or a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from quotes import lexicon as lexicons
from quotes import link
from quotes.corpus.store import Store
from quotes.corpus.tables import Tables, ask
from quotes.errors import QuotesError
from quotes.export.rows import Row
from quotes.lexicon import Lexicon

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
    SELECT c.claim, c.article, a.publisher, a.published, a.file, c.text, c.kind, c.origin, h.hops
    FROM claims c
    JOIN articles a USING (article)
    JOIN (SELECT h.article, h.claim,
                 list(struct_pack(name := coalesce(h.canonical, h.name), kind := s.kind, role := s.role,
                                  basis := h.basis, resolved := h.resolved, beside := h.beside)
                      ORDER BY h.position) AS hops
          FROM hops h LEFT JOIN sources s ON s.article = h.article AND s.source = h.source
          GROUP BY h.article, h.claim) h USING (article, claim)
    WHERE c.act = 'speech'
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
    return ask(out, query, {"name": name, "kind": kind, "limit": limit})


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
    return ask(out, query, {**asked, "since": since, "until": until, "limit": limit})


def sql(out: Path, query: str) -> list[Row]:
    """The rows of a query over the tables articles, sources, passages, claims, hops and issues.

    Raises QuotesError where DuckDB refuses it, and for anything but one query that reads.
    """
    with Tables(out) as tables:
        return tables.read_only(query)


def trace(out: Path, words: str) -> list[Row]:
    """Where the claim with these words stands, article by article, and on whom it rests.

    A row for each article that carries it, copies too, grouped by `cluster`, the most carried first; `origins`,
    `origin_names`: its independent origins; `link`: how it agrees with the representative wording, None for that one
    itself.
    """
    return [row for way in travels(out, words) for row in _trace_rows(way)]


def travels(out: Path, words: str) -> list[link.Travel]:
    """How the claims with these words came to the articles that carry them, the most carried first.

    Raises QuotesError where there are no words.
    """
    lexicon = lexicons.load()
    wanted = link.words(words, lexicon)
    if not wanted:
        raise QuotesError("There are no words to look for.", "Give some words of the claim.")
    with Tables(out) as tables:
        likeness = {each: _likeness(wanted, each.text, lexicon) for each in _members_with(tables, [wanted], lexicon)}
        seeds = [each for each, share in likeness.items() if share >= LIKENESS]
        seeds.sort(key=lambda each: (-likeness[each], len(each.text), each.article, each.claim))
        texts = [link.words(each.text, lexicon) for each in seeds[:SEEDS]]
        near = list(_members_with(tables, texts, lexicon)) if seeds else []
    known = dict.fromkeys([*seeds, *near])
    found = {(each.article, each.claim) for each in seeds}
    clusters = link.link_members(known, lexicon=lexicon)
    linked = [each for each in clusters if any((member.article, member.claim) in found for member in each.members)]
    taken = {member for each in linked for member in each.members}
    alone = (link.Cluster(id=member.claim, representative=member, links=()) for member in seeds if member not in taken)
    return [link.travel(cluster, lexicon=lexicon) for cluster in (*linked, *alone)]


def report(out: Path) -> str:
    """An overview in Markdown: counts, most heard sources and relays, unnamed origins by publisher, what failed."""
    [state] = status(out)
    relays = [row for row in sources(out, limit=None) if row["relayed"]]
    parts = [
        "# Corpus",
        "\n".join(f"- {name}: {value}" for name, value in state.items()),
        _section("Most heard sources", sources(out, limit=15)),
        _section("Most used relays", sorted(relays, key=lambda row: (-row["relayed"], row["name"]))[:15]),
        _section("Unnamed origins by publisher", ask(out, _UNNAMED)),
        _section("Articles that failed", ask(out, _FAILED)),
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


def _members_with(tables: Tables, wordings: Iterable[Sequence[str]], lexicon: Lexicon) -> Iterator[link.Member]:
    """The claims that have one of the longest words of a wording, at most NEIGHBOURS of them."""
    rare = {word for wording in wordings for word in sorted(set(wording), key=lambda each: (-len(each), each))[:RARE]}
    shared = "len(list_filter($rare, lambda word: contains(strip_accents(lower(c.text)), word)))"
    query = f"{_MEMBER_ROWS} AND {shared} > 0 ORDER BY {shared} DESC, article, claim, a.file LIMIT $limit"
    for row in tables.rows(query, {"rare": sorted(rare), "limit": NEIGHBOURS}):
        yield _member(row, lexicon)


def _member(row: Row, lexicon: Lexicon) -> link.Member:
    return link.Member(
        article=row["article"],
        claim=row["claim"],
        text=row["text"],
        origin=row["origin"],
        hops=tuple(link.Teller(**{**hop, "beside": tuple(hop["beside"])}) for hop in row["hops"]),
        kind=row["kind"],
        publisher=link.outlet_name(row["publisher"], lexicon),
        published=row["published"],
        path=row["file"],
    )


def _likeness(wanted: Sequence[str], text: str, lexicon: Lexicon) -> float:
    """The share of the words asked for that a text has, long words counting more."""
    has = set(link.words(text, lexicon))
    return sum(len(word) for word in wanted if word in has) / sum(map(len, wanted))


def _trace_rows(way: link.Travel) -> list[Row]:
    reasons: dict[link.Member, link.Link] = {each.member: each for each in way.cluster.links}
    return [
        {
            "cluster": way.cluster.id,
            "origins": len(way.independent),
            "origin_names": ", ".join(origin.name for origin in way.independent),
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
        for member in way.carries
    ]


def _section(title: str, rows: list[Row]) -> str:
    if not rows:
        return ""
    lines = [f"## {title}", "", _line(rows[0]), _line("---" for _ in rows[0])]
    return "\n".join([*lines, *(_line(row.values()) for row in rows)])


def _line(cells: Iterable[Any]) -> str:
    return "| " + " | ".join(" ".join(str(cell).replace("|", "\\|").split()) for cell in cells) + " |"
