"""What a corpus holds as a whole: who is heard, who relies on whom, and which claims rest on one source."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import attrs

from quotes import lexicon as lexicons
from quotes import link
from quotes.corpus import queries
from quotes.corpus.tables import Tables
from quotes.views import Overview, SharedClaim, shared_claim

MOST_WAYS = 400  # different ways from a source to a publisher
TOP = 15

_SPAN = """
    SELECT min(published) AS first, max(published) AS last, count(DISTINCT publisher) AS publishers
    FROM articles WHERE NOT duplicate
"""

_UNNAMED = f"""
    SELECT coalesce(a.publisher, 'unknown') AS publisher, count(*) AS claims,
           round(100.0 * count(*) FILTER (WHERE c.origin IN ('unnamed', 'unsourced')) / count(*), 1) AS unnamed_percent
    FROM claims c JOIN articles a ON a.article = c.article AND NOT a.duplicate
    WHERE c.act = 'speech' AND {queries.LIKELY} GROUP BY 1 ORDER BY claims DESC, publisher LIMIT 15
"""

_UNCERTAIN = f"SELECT count(*) AS count FROM claims c WHERE NOT {queries.LIKELY}"

_RELIANCE = f"""
    WITH ends AS (
        SELECT h.article, h.claim, h.position, coalesce(h.canonical, h.name) AS name,
               h.position < max(h.position) OVER (PARTITION BY h.article, h.claim) AS relay, s.kind = 'outlet' AS outlet
        FROM hops h LEFT JOIN sources s ON s.article = h.article AND s.source = h.source),
    ways AS (
        SELECT article, claim, list(name ORDER BY position) AS relays
        FROM ends WHERE relay OR outlet GROUP BY article, claim)
    SELECT a.publisher, w.relays, count(*) AS claims
    FROM ways w
    JOIN claims c ON c.article = w.article AND c.claim = w.claim AND c.act = 'speech' AND {queries.LIKELY}
    JOIN articles a ON a.article = w.article
    GROUP BY a.publisher, w.relays ORDER BY claims DESC, a.publisher, w.relays LIMIT $most
"""

_FAILED = """
    SELECT kind, file, message FROM issues WHERE kind IN ('unreadable', 'failed') ORDER BY file LIMIT 20
"""


@attrs.frozen(kw_only=True)
class Survey:
    """A corpus as a whole, with what was compared.

    members: the claims; travels: the ways of those that several articles carry, the most carried first.
    """

    overview: Overview
    members: Sequence[link.Member]
    travels: Sequence[link.Travel]


def overview(out: Path) -> Overview:
    """What `quotes corpus report` shows. Links the claims of the whole corpus, which takes its time."""
    return survey(out).overview


def survey(out: Path) -> Survey:
    """The same with what it was found from."""
    [state] = queries.status(out)
    heard = queries.sources(out, limit=None)
    lexicon = lexicons.load()
    with Tables(out) as tables:
        [span] = tables.rows(_SPAN)
        members = list(queries.latest_members(tables, queries.MOST_LINKED, lexicon))
        ways = tables.rows(_RELIANCE, {"most": MOST_WAYS})
        unnamed, failed = tables.rows(_UNNAMED), tables.rows(_FAILED)
        [uncertain] = tables.rows(_UNCERTAIN)
    travels = [link.travel(cluster, lexicon=lexicon) for cluster in link.link_members(members, lexicon=lexicon)]
    travels.sort(key=_most_carried)
    shared = [each for each in travels if len(each.outlets) > 1]
    relays = sorted((row for row in heard if row["relayed"]), key=lambda row: (-row["relayed"], row["name"]))
    found = Overview(
        state=state,
        span=(span["first"], span["last"]),
        publishers=span["publishers"],
        linked=len(members),
        sources=[row for row in heard if row["claims"] and row["named"]][:TOP],
        relays=relays[:TOP],
        ways=[((link.outlet_name(row["publisher"], lexicon), *row["relays"]), row["claims"]) for row in ways],
        unnamed=unnamed,
        shared=len(shared),
        single=_most([each for each in shared if each.single_origin]),
        circles=_most([each for each in shared if each.circles]),
        laundered=sum(bool(each.losses) for each in shared),
        changed=sum(bool(each.changes) for each in shared),
        failed=failed,
        doubtful=sum(any(verdict.uncertain for verdict in link.verdicts(each)) for each in shared),
        uncertain=uncertain["count"],
    )
    return Survey(overview=found, members=members, travels=travels)


def _most(travels: Sequence[link.Travel]) -> list[SharedClaim]:
    return [shared_claim(each) for each in travels[:TOP]]


def _most_carried(way: link.Travel) -> tuple[int, int, str]:
    return -len(way.outlets), -len(way.carries), way.cluster.id
