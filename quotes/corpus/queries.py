"""Questions to a corpus. Each answer is a list of rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from quotes import lexicon as lexicons
from quotes import link
from quotes.certainty import UNCERTAIN
from quotes.corpus.store import Store
from quotes.corpus.tables import Tables, ask
from quotes.errors import QuotesError
from quotes.export.rows import Row
from quotes.lexicon import Lexicon
from quotes.patience import QUERY_SECONDS
from quotes.views import Heard, Merged, merged

LIKENESS = 0.7  # the share of the words asked for that a claim has to have
SEEDS = 50
NEIGHBOURS = 5000
MOST_LINKED = 200_000  # claims of a corpus, the latest ones
RARE = 5  # of a wording's longest words, how many are looked up

# Which claims are likely right; `uncertain` says that the others are wanted as well.
LIKELY = f"c.confidence >= {UNCERTAIN}"

_CLAIM_ROWS = """
    SELECT c.claim, c.article, a.publisher, a.published, a.file, c.text, array_to_string(c.chain, ' > ') AS chain,
           c.kind, c.origin, c.path, c.confidence
    FROM claims c JOIN articles a ON a.article = c.article AND NOT a.duplicate
"""

_IN_ARTICLES = """($publisher IS NULL OR contains(lower(a.publisher), lower($publisher)))
          AND ($since IS NULL OR a.published >= $since)
          AND ($until IS NULL OR left(a.published, length($until)) <= $until)"""

_FITTING = f"""c.act = 'speech'
          AND ($words IS NULL OR contains(lower(c.text), lower($words)))
          AND ($source IS NULL OR EXISTS (
              SELECT 1 FROM hops h WHERE h.article = c.article AND h.claim = c.claim
              AND (contains(lower(h.name), lower($source)) OR contains(lower(h.canonical), lower($source))
                   OR contains(lower(array_to_string(h.beside, ' > ')), lower($source)))))
          AND ($kind IS NULL OR c.kind = $kind)
          AND ($origin IS NULL OR c.origin = $origin)
          AND ($path IS NULL OR c.path = $path)
          AND {_IN_ARTICLES}"""

_HEARD_ROWS = f"""
    WITH heard AS (
        SELECT h.article, h.claim, coalesce(a.file, a.article) AS file, h.source, coalesce(h.canonical, h.name) AS name,
               h.canonical IS NOT NULL AS listed, coalesce(s.kind, 'anonymous') AS kind, s.role, c.origin AS ends_in,
               h.position = max(h.position) OVER (PARTITION BY h.article, h.claim) AS origin, {LIKELY} AS likely
        FROM hops h
        JOIN claims c ON c.article = h.article AND c.claim = h.claim AND c.act = 'speech'
        JOIN articles a ON a.article = h.article AND NOT a.duplicate AND {_IN_ARTICLES}
        LEFT JOIN sources s ON s.article = h.article AND s.source = h.source)
    SELECT any_value(file) AS article, name, kind, any_value(role) AS role,
           bool_or(listed OR kind = 'outlet' OR (origin AND ends_in = 'named') OR (
               NOT origin AND kind IN ('person', 'organization') AND regexp_matches(name, '^\\p{{Lu}}'))) AS named,
           count(*) FILTER (WHERE origin AND likely) AS claims,
           count(*) FILTER (WHERE NOT origin AND likely) AS relayed,
           count(*) FILTER (WHERE NOT likely) AS uncertain
    FROM heard GROUP BY article, source, name, kind ORDER BY article, name, kind
"""

_MEMBER_ROWS = """
    SELECT c.claim, c.article, a.publisher, a.published, a.file, c.text, c.kind, c.origin,
           c.starts, c.ends, c.confidence, h.hops
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


def sources(
    out: Path,
    *,
    name: str | None = None,
    kind: str | None = None,
    publisher: str | None = None,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = 50,
) -> list[Row]:
    """The sources that are heard, a row each, those with most claims first.

    What linking takes for one is one, of the kind that most of its claims have: `forms` are its names, `files` its
    articles. One that no article names stays apart in each. `claims` counts likely claims as the origin, `relayed` on
    the way, `uncertain` those left out.
    name, publisher: words that a name of the source or the publisher has; kind: as in records.SourceKind;
    since, until: dates, both inclusive; limit: None for all.
    """
    found = ask(out, _HEARD_ROWS, {"publisher": publisher, "since": since, "until": until})
    rows = [_source_row(each) for each in merged(Heard(**row) for row in found)]
    wanted = [
        row
        for row in rows
        if (name is None or any(name.lower() in form.lower() for form in row["forms"])) and kind in (None, row["kind"])
    ]
    return wanted[:limit]


def _source_row(each: Merged) -> Row:
    return {
        "name": each.name,
        "kind": each.kind,
        "claims": each.claims,
        "relayed": each.relayed,
        "articles": len(each.articles),
        "uncertain": each.uncertain,
        "named": each.named,
        "forms": list(each.forms),
        "files": list(each.articles),
    }


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
    uncertain: bool = False,
    limit: int | None = 100,
) -> list[Row]:
    """The claims of speech, by publication date, then by file.

    words, source, publisher: what the content, one name of the chain (also the lexicon's name of an outlet), the
    publisher has in it, whatever its case; kind, origin, path: as in the records; since, until: dates, both
    inclusive; uncertain: the uncertain claims too; limit: None for all.
    """
    query = f"""{_CLAIM_ROWS}
        WHERE {_FITTING} AND ($uncertain OR {LIKELY})
        ORDER BY a.published NULLS LAST, a.file, c.starts, c.claim LIMIT $limit
    """
    asked = {"words": words, "source": source, "publisher": publisher, "kind": kind, "origin": origin, "path": path}
    return ask(out, query, {**asked, "since": since, "until": until, "uncertain": uncertain, "limit": limit})


def uncertain_claims(out: Path, **wanted: str | None) -> int:
    """How many of the claims that fit are uncertain; wanted: as in `claims`."""
    query = f"""
        SELECT count(*) AS count FROM claims c JOIN articles a ON a.article = c.article AND NOT a.duplicate
        WHERE {_FITTING} AND NOT {LIKELY}
    """
    names = ("words", "source", "publisher", "kind", "origin", "path", "since", "until")
    [row] = ask(out, query, {name: wanted.get(name) for name in names})
    count: int = row["count"]
    return count


def sql(out: Path, query: str, *, time_limit: float = QUERY_SECONDS) -> list[Row]:
    """The rows of a query over the tables articles, sources, passages, claims, hops and issues.

    time_limit: in seconds. Raises QuotesError where DuckDB refuses the query, where it takes longer, and for anything
    but one query that reads.
    """
    with Tables(out) as tables:
        return tables.read_only(query, time_limit)


def trace(out: Path, words: str, *, uncertain: bool = False, **within: str | None) -> list[Row]:
    """Where the claim with these words stands, article by article, and on whom it rests; within: as in `travels`.

    A row for each article that carries it, copies too, grouped by `cluster`, the most carried first; `origins`,
    `origin_names`: its independent origins; `link`: how it agrees with the representative wording, None for that one
    itself; `named_elsewhere`: the origin where only other articles name it, `named_by`, `named_in`, `named_at`: the
    surest of these, its article's id and the places of the words there, `named_link`, `named_confidence`: how the words
    agree and how sure that is.
    """
    return [row for way in travels(out, words, uncertain=uncertain, **within) for row in trace_rows(way)]


def travels(
    out: Path,
    words: str,
    *,
    publisher: str | None = None,
    since: str | None = None,
    until: str | None = None,
    uncertain: bool = False,
) -> list[link.Travel]:
    """How the claims with these words came to the articles that carry them, the most carried first.

    publisher, since, until: only articles of these; uncertain: the uncertain claims too. Raises QuotesError where there
    are no words.
    """
    lexicon = lexicons.load()
    wanted = _wanted(words, lexicon)
    within = {"publisher": publisher, "since": since, "until": until, "uncertain": uncertain}
    with Tables(out) as tables:
        found = _members_with(tables, [wanted], within, lexicon)
        likeness = {each: _likeness(wanted, each.text, lexicon) for each in found}
        seeds = [each for each, share in likeness.items() if share >= LIKENESS]
        seeds.sort(key=lambda each: (-likeness[each], len(each.text), each.article, each.claim))
        texts = [link.words(each.text, lexicon) for each in seeds[:SEEDS]]
        near = _members_with(tables, texts, within, lexicon) if seeds else []
    return _ways(seeds, near, lexicon)


def uncertain_with(out: Path, words: str, **within: str | None) -> int:
    """How many of the claims with these words are uncertain; within: as in `travels`."""
    lexicon = lexicons.load()
    wanted = _wanted(words, lexicon)
    asked: dict[str, str | bool | None] = {name: within.get(name) for name in ("publisher", "since", "until")}
    with Tables(out) as tables:
        likely, every = (
            {
                (each.article, each.claim): each.text
                for each in _members_with(tables, [wanted], {**asked, "uncertain": uncertain}, lexicon)
            }
            for uncertain in (False, True)
        )
    return sum(_likeness(wanted, text, lexicon) >= LIKENESS for key, text in every.items() if key not in likely)


def _wanted(words: str, lexicon: Lexicon) -> Sequence[str]:
    """The words that are looked for. Raises QuotesError where there are none."""
    wanted = link.words(words, lexicon)
    if not wanted:
        raise QuotesError("There are no words to look for.", "Give some words of the claim.")
    return wanted


def _ways(seeds: Sequence[link.Member], near: Sequence[link.Member], lexicon: Lexicon) -> list[link.Travel]:
    """The claims that one of the seeds is part of, and the seeds that nobody else carries."""
    clusters = link.link_members(dict.fromkeys([*seeds, *near]), lexicon=lexicon)
    wanted = set(seeds)
    linked = [each for each in clusters if wanted & set(each.members)]
    taken = {member for each in linked for member in each.members}
    alone = (link.Cluster(id=member.claim, representative=member, links=()) for member in seeds if member not in taken)
    return [link.travel(cluster, lexicon=lexicon) for cluster in (*linked, *alone)]


def agreement(out: Path) -> tuple[link.Agreement, ...]:
    """How often outlets that carry the same words give them the same origin, for each kind of link."""
    lexicon = lexicons.load()
    with Tables(out) as tables:
        members = list(latest_members(tables, MOST_LINKED, lexicon))
    return link.agreement(link.link_members(members, lexicon=lexicon), lexicon=lexicon)


def latest_members(tables: Tables, most: int, lexicon: Lexicon) -> Iterator[link.Member]:
    """The likely claims of speech of the articles that were published last, at most so many."""
    order = "a.published DESC NULLS LAST, c.article, c.starts, c.claim, a.file"
    query = f"{_MEMBER_ROWS} AND {LIKELY} ORDER BY {order} LIMIT $most"
    for row in tables.rows(query, {"most": most}):
        yield _member(row, lexicon)


def _members_with(
    tables: Tables, wordings: Sequence[Sequence[str]], within: Mapping[str, str | bool | None], lexicon: Lexicon
) -> list[link.Member]:
    """The claims that have one of the longest words of a wording, at most NEIGHBOURS of them."""
    rare = {word for wording in wordings for word in sorted(set(wording), key=lambda each: (-len(each), each))[:RARE]}
    shared = "len(list_filter($rare, lambda word: contains(strip_accents(lower(c.text)), word)))"
    order = f"ORDER BY {shared} DESC, article, claim, a.file LIMIT $limit"
    query = f"{_MEMBER_ROWS} AND {shared} > 0 AND ($uncertain OR {LIKELY}) AND {_IN_ARTICLES} {order}"
    return [_member(row, lexicon) for row in tables.rows(query, {**within, "rare": sorted(rare), "limit": NEIGHBOURS})]


def _member(row: Row, lexicon: Lexicon) -> link.Member:
    return link.Member(
        article=row["article"],
        claim=row["claim"],
        text=row["text"],
        origin=row["origin"],
        hops=tuple(
            link.teller(**{**hop, "beside": tuple(hop["beside"])}, published=row["published"], lexicon=lexicon)
            for hop in row["hops"]
        ),
        kind=row["kind"],
        publisher=link.outlet_name(row["publisher"], lexicon),
        published=row["published"],
        path=row["file"],
        spans=tuple(zip(row["starts"], row["ends"], strict=True)),
        confidence=row["confidence"],
    )


def _likeness(wanted: Sequence[str], text: str, lexicon: Lexicon) -> float:
    """The share of the words asked for that a text has, long words counting more."""
    has = set(link.words(text, lexicon))
    return sum(len(word) for word in wanted if word in has) / sum(map(len, wanted))


def _elsewhere(member: link.Member) -> Row:
    found = member.elsewhere
    surest = found.evidence[0] if found else None
    return {
        "named_elsewhere": found.source.name if found else None,
        "named_by": surest.member.carrier if surest else None,
        "named_in": surest.member.article if surest else None,
        "named_at": [list(span) for span in surest.member.spans] if surest else None,
        "named_link": surest.reason if surest else None,
        "named_confidence": found.confidence if found else None,
    }


def trace_rows(way: link.Travel) -> list[Row]:
    """The rows of `trace` for one claim."""
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
            **_elsewhere(member),
            "link": reasons[member].reason if member in reasons else None,
            "score": reasons[member].score if member in reasons else None,
            "file": member.path,
            "article": member.article,
            "claim": member.claim,
        }
        for member in way.carries
    ]
