"""Pages about a corpus: a claim's way through articles, and an overview. They stand alone and run no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from quotes.link import Member, Travel
from quotes.records import Basis
from quotes.views import facts, network, timeline, travel
from quotes.views.corpus_facts import Overview, Row, SharedClaim, also, figures, lead, shared_row
from quotes.views.links import NOWHERE, Links
from quotes.views.pages import common_style, environment, fill, policy, trusted

Values = dict[str, Any]

_MOST_COLORS = 8
HEADING = "What this corpus rests on"
_STATED: Basis = "stated"


def trace_page(ways: Sequence[Travel], *, asked: str) -> str:
    """The page of `quotes corpus trace`; asked: the words that were looked for."""
    one = len(ways) == 1
    return _page(
        "trace.html.j2",
        heading=travel.words(ways[0].cluster.representative) if one else f"“{facts.one_line(asked)}”",
        lead=f"{len(ways)} claims have these words." if ways else "No claim has these words.",
        ways=[way_values(way) for way in ways],
    )


def overview_page(found: Overview) -> str:
    """The page of `quotes corpus report`."""
    return _page("overview.html.j2", heading=HEADING, found=overview_values(found))


def overview_values(found: Overview, links: Links = NOWHERE) -> Values:
    """What the overview shows, with links to what has a page of its own."""
    return {
        "lead": lead(found),
        "figures": figures(found),
        "sources": bars(found.sources, "claims", links),
        "relays": bars(found.relays, "relayed", links),
        "unnamed": [
            {
                **links.named(row["publisher"], "outlet"),
                "claims": row["claims"],
                "share": row["unnamed_percent"],
            }
            for row in found.unnamed
        ],
        "network": network.draw(_walks(found)),
        "single": [_shared(each, links) for each in found.single],
        "circles": [_shared(each, links) for each in found.circles],
        "lists": {},
        "failed": [{name: facts.one_line(str(value)) for name, value in row.items()} for row in found.failed],
    }


def _shared(claim: SharedClaim, links: Links) -> Values:
    return {**shared_row(claim), "href": links.to("way", claim.id)}


def bars(rows: Sequence[Row], column: str, links: Links = NOWHERE) -> list[Values]:
    """The rows with what share their column has of the longest one's."""
    longest = max((row[column] for row in rows), default=0) or 1
    return [
        {
            **row,
            **links.named(row["name"], row["kind"]),
            "also": facts.one_line(also(row)),
            "count": row[column],
            "share": round(100 * row[column] / longest, 1),
        }
        for row in rows
    ]


def _walks(found: Overview) -> list[network.Walk]:
    """The ways of claims through outlets and relays, coloured by where they start."""
    counts: Counter[str] = Counter()
    for names, claims in found.ways:
        counts[network.key_of_name(names[-1] or "")] += claims
    colors = {key: at for at, (key, _) in enumerate(counts.most_common(_MOST_COLORS))}
    walks = []
    for names, claims in found.ways:
        publisher, *relays = (facts.one_line(name or "") or "publisher unknown" for name in names)
        steps = [(network.key_of_name(name), name) for name in reversed(relays)]
        sources = tuple((key, name, _STATED, colors.get(key)) for key, name in dict(steps).items())
        walks.append(network.Walk(sources=sources, publisher=publisher, claims=claims))
    return walks


def _page(template: str, **values: Any) -> str:
    templates = environment()
    parts = (common_style(templates, 0), fill(templates, "report-page.css"), fill(templates, "corpus.css"))
    style = "\n".join(parts)
    return fill(templates, template, style=trusted(style), policy=policy(style), **values) + "\n"


def way_values(way: Travel, links: Links = NOWHERE) -> Values:
    """What the page of a claim's way shows of it, with links to what has a page of its own."""
    return {
        "words": travel.words(way.cluster.representative),
        "summary": " ".join(travel.summary(way)),
        "picture": timeline.draw(way),
        "origins": [
            {
                "names": [links.named(name) for name in origin.names],
                "kind": travel.kind(origin),
                "warn": origin.kind in ("circle", "unsourced", "unclear"),
                "carriers": f"{len(origin.carriers)} of {facts.plural(len(way.outlets), 'outlet')} rest on it",
            }
            for origin in way.origins
        ],
        "articles": [_article(*each, links) for each in zip(way.carries, travel.wordings(way), strict=True)],
        "tree": [_branch(branch, links) for branch in travel.tree(way)],
        "elsewhere": travel.named_elsewhere(way),
        "conflicts": [travel.conflict(each) for each in way.conflicts],
        "losses": travel.losses(way),
        "changes": [
            {
                "where": where,
                "pieces": [(fate, facts.one_line(text)) for fate, text in each.pieces],
            }
            for where, each in travel.changes(way)
        ],
    }


def _article(member: Member, wording: str, links: Links) -> Values:
    return {
        "date": travel.date(member),
        "carrier": links.named(member.carrier, "outlet"),
        "chain": stops(member, links),
        "words": travel.words(member),
        "href": links.to("claim", member.article, member.claim),
        "wording": wording,
    }


def stops(member: Member, links: Links = NOWHERE) -> list[Values]:
    """Who an article has a claim from, nearest first."""
    return [
        {"names": [links.named(name, kind) for name, kind in names], "carried": carried}
        for names, carried in travel.stops(member)
    ]


def _branch(branch: travel.Branch, links: Links) -> Values:
    return {
        **links.named(branch.name),
        "note": travel.branch_note(branch),
        "carried": branch.carried,
        "circle": branch.circle,
        "children": [_branch(each, links) for each in branch.children],
    }
