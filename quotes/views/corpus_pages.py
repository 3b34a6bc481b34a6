"""Pages about a corpus: a claim's way through articles, and an overview. They stand alone and run no script."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from quotes.link import Member, Travel
from quotes.records import Basis
from quotes.views import facts, network, timeline, travel
from quotes.views.corpus_facts import Overview, Row, figures, lead, shared_row, source_row
from quotes.views.pages import common_style, environment, fill, policy, trusted

Values = dict[str, Any]

_MOST_COLORS = 8
_STATED: Basis = "stated"


def trace_page(ways: Sequence[Travel], *, asked: str) -> str:
    """The page of `quotes corpus trace`; asked: the words that were looked for."""
    one = len(ways) == 1
    return _page(
        "trace.html.j2",
        heading=travel.words(ways[0].cluster.representative) if one else f"“{facts.one_line(asked)}”",
        lead=f"{len(ways)} claims have these words." if ways else "No claim has these words.",
        ways=[_way(way) for way in ways],
    )


def overview_page(found: Overview) -> str:
    """The page of `quotes corpus report`."""
    return _page(
        "overview.html.j2",
        heading="What this corpus rests on",
        lead=lead(found),
        figures=figures(found),
        sources=_bars(found.sources, "claims"),
        relays=_bars(found.relays, "relayed"),
        unnamed=[
            {"name": facts.one_line(row["publisher"]), "claims": row["claims"], "share": row["unnamed_percent"]}
            for row in found.unnamed
        ],
        network=network.draw(_walks(found)),
        single=[shared_row(each) for each in found.single],
        circles=[shared_row(each) for each in found.circles],
        failed=[{name: facts.one_line(str(value)) for name, value in row.items()} for row in found.failed],
    )


def _bars(rows: Sequence[Row], column: str) -> list[Values]:
    """The rows with what share their column has of the longest one's."""
    longest = max((row[column] for row in rows), default=0) or 1
    return [
        {
            **source_row(row),
            "name": facts.one_line(row["name"]),
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


def _way(way: Travel) -> Values:
    return {
        "words": travel.words(way.cluster.representative),
        "summary": " ".join(travel.summary(way)),
        "picture": timeline.draw(way),
        "origins": [
            {
                "name": facts.listed([facts.one_line(name) for name in origin.names]),
                "kind": travel.kind(origin),
                "warn": origin.kind in ("circle", "unsourced", "unclear"),
                "carriers": f"{len(origin.carriers)} of {facts.plural(len(way.outlets), 'outlet')} rest on it",
            }
            for origin in way.origins
        ],
        "articles": [_article(*each) for each in zip(way.carries, travel.wordings(way), strict=True)],
        "tree": [_branch(branch) for branch in travel.tree(way)],
        "losses": [travel.loss(each) for each in way.losses],
        "changes": [
            {
                "where": travel.change(each),
                "pieces": [(fate, facts.one_line(text)) for fate, text in each.pieces],
            }
            for each in way.changes
        ],
    }


def _article(member: Member, wording: str) -> Values:
    return {
        "date": travel.date(member),
        "carrier": travel.carrier(member),
        "chain": travel.stops(member),
        "words": travel.words(member),
        "wording": wording,
    }


def _branch(branch: travel.Branch) -> Values:
    return {
        "name": branch.name,
        "note": travel.branch_note(branch),
        "carried": branch.carried,
        "circle": branch.circle,
        "children": [_branch(each) for each in branch.children],
    }
