"""A claim's way as plain values for JSON: articles, links, and each verdict with all that it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quotes.link import Conflict, Elsewhere, Evidence, Ground, Member, Travel, Verdict, verdicts

Values = dict[str, Any]


def values(ways: Sequence[Travel]) -> list[Values]:
    """One value for each claim. Places are code points of an article's text, ends excluded."""
    return [_way(way) for way in ways]


def _way(way: Travel) -> Values:
    links = {id(link.member): link for link in way.cluster.links}
    return {
        "cluster": way.cluster.id,
        "text": way.cluster.representative.text,
        "origins": [
            {"kind": each.kind, "names": list(each.names), "carriers": list(each.carriers)} for each in way.origins
        ],
        "independent": len(way.independent),
        "articles": [
            {
                **place(member),
                "text": member.text,
                "chain": list(member.chain),
                "origin": member.origin,
                "confidence": member.confidence,
                "link": links[id(member)].reason if id(member) in links else None,
                "score": links[id(member)].score if id(member) in links else None,
                "named_elsewhere": _elsewhere(member.elsewhere),
            }
            for member in way.carries
        ],
        "conflicts": [_conflict(each) for each in way.conflicts],
        "verdicts": [_verdict(each) for each in verdicts(way)],
    }


def place(member: Member) -> Values:
    """Where a claim stands."""
    return {
        "article": member.article,
        "file": member.path,
        "publisher": member.publisher,
        "published": member.published,
        "claim": member.claim,
        "spans": [list(span) for span in member.spans],
    }


def _elsewhere(found: Elsewhere | None) -> Values | None:
    if found is None:
        return None
    evidence = [_evidence(each) for each in found.evidence]
    return {"name": found.source.name, "confidence": found.confidence, "evidence": evidence}


def _evidence(found: Evidence) -> Values:
    return {**place(found.member), "link": found.reason, "score": found.score, "confidence": found.confidence}


def _conflict(found: Conflict) -> Values:
    return {"names": list(found.names), "one": place(found.one), "other": _evidence(found.evidence)}


def _verdict(found: Verdict) -> Values:
    return {
        "kind": found.kind,
        "about": list(found.about),
        "confidence": found.confidence,
        "grounds": [_ground(each) for each in found.grounds],
    }


def _ground(found: Ground) -> Values:
    return {
        "article": found.member.article,
        "claim": found.member.claim,
        "link": found.reason,
        "score": found.score,
        "confidence": found.confidence,
        "uncertain": found.doubtful,
    }
