"""What stands before several articles on one page: their list, and who is heard in most of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from quotes.records import Report
from quotes.views import facts, network
from quotes.views.merged import heard_in, merged, name_of

_MOST_NAMES = 4
_MOST_SOURCES = 24
_MOST_COLORS = 8


def overview_values(reports: Sequence[Report], articles: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """articles: what `article_values` gave for the reports, in the same order."""
    rows = [_row(report, values) for report, values in zip(reports, articles, strict=True)]
    return {
        "rows": rows,
        "summary": _summary(rows),
        "sources": _sources(reports),
        "network": network.draw(_relayed(reports)),
    }


def merged_values(reports: Sequence[Report]) -> dict[str, Any]:
    """The picture of several articles at once, as values for the template of one."""
    walks = [walk for report in reports for walk in network.walks(report, {})]
    title = f"Who reaches the reader through whom: {len(reports)} articles"
    return {
        "key": "all",
        "title": title,
        "masthead": [],
        "colors": _MOST_COLORS,
        "network": network.draw(_colored(walks)),
        "more": 0,
    }


def _row(report: Report, values: Mapping[str, Any]) -> dict[str, Any]:
    claims = [each.claim for each in facts.told_apart(facts.number_claims(report))[0]]
    names = [row["name"] for row in values["sources"]]
    return {
        "key": values["key"],
        "title": values["title"],
        "publisher": values["publisher"] or "–",
        "published": values["published"],
        "claims": len(claims),
        "uncertain": facts.uncertain_count(report),
        "relayed": sum(claim.path == "relayed" for claim in claims),
        "unnamed": sum(claim.origin in {"unnamed", "unsourced"} for claim in claims),
        "names": ", ".join(names[:_MOST_NAMES])
        + (f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""),
    }


def _summary(rows: Sequence[Mapping[str, Any]]) -> str:
    claims, left_out = (sum(row[name] for row in rows) for name in ("claims", "uncertain"))
    if not claims and not left_out:
        return "Nothing quoted or reported was found in these articles."
    relayed, unnamed = sum(row["relayed"] for row in rows), sum(row["unnamed"] for row in rows)
    told = (
        f"{facts.plural(claims, 'claim')} in {facts.plural(len(rows), 'article')}. {relayed} reached the page through "
        f"others as the articles state; {unnamed} rest{'s' if unnamed == 1 else ''} on nobody who is named."
    )
    return " ".join(filter(None, (told, facts.left_out_note(left_out))))


def _sources(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """Who is heard by name, one row a source, those in most articles first. key: the keys of all its names."""
    keys: dict[str, dict[str, None]] = defaultdict(dict)
    for report in reports:
        for source in report.sources:
            keys[name_of(source)][network.key_of(source, source.name)] = None
    rows = [row for row in merged(heard_in(reports)) if row.claims and row.named]
    rows.sort(key=lambda row: (-len(row.articles), -row.claims, row.name))
    return [
        {
            "key": " ".join(dict.fromkeys(key for form in row.forms for key in keys[form])),
            "name": facts.one_line(row.name),
            "also": facts.one_line(", ".join(form for form in row.forms if form != row.name)),
            "articles": len(row.articles),
            "claims": row.claims,
        }
        for row in rows[:_MOST_SOURCES]
    ]


def _relayed(reports: Sequence[Report]) -> list[network.Walk]:
    """The ways on which somebody stands between, coloured by their origin over all articles."""
    found = [walk for report in reports for walk in network.walks(report, {}) if len(walk.sources) > 1]
    return _colored(found)


def _colored(walks: Sequence[network.Walk]) -> list[network.Walk]:
    counts = Counter(walk.sources[0][0] for walk in walks)
    colors = {key: at for at, (key, _) in enumerate(counts.most_common(_MOST_COLORS))}
    return [network.colored(walk, colors) for walk in walks]
