from __future__ import annotations

import random
from typing import get_args

import pytest

from quotes.link import Cluster, Reason, link_claims, travel
from quotes.records import Article, Beside, Claim, Hop, Origin, Report, Source, Span

WHOLE = "The harbour at Vellamo will stay closed until the last of the 14 barges has been inspected"


def a_report(
    text: str,
    *chain: str,
    publisher: str = "Coast Courier",
    origin: Origin = "named",
    canonical: dict[str, str] | None = None,
    beside: tuple[str, ...] = (),
    act: str = "speech",
) -> Report:
    """A report on an article whose whole text is one claim; chain: outermost first."""
    article = Article(text=f"{text}\n{publisher}", publisher=publisher, path=f"{publisher}.txt")
    hops = [
        Hop(source=name, name=name, relation="said", basis="stated", cue=None, mention=None, rule="test", confidence=1)
        for name in chain
    ]
    last = hops[-1]
    hops[-1] = Hop(
        source=last.source, name=last.name, relation="said", basis="stated", cue=None, mention=None, rule="test",
        confidence=1, beside=tuple(Beside(source=name, name=name) for name in beside),
    )  # fmt: skip
    names = (*chain, *beside)
    kinds = [Source(id=name, name=name, kind="person", canonical=(canonical or {}).get(name)) for name in names]
    claim = Claim(
        id=f"claim-{publisher}", kind="direct", act=act, origin=origin, path="straight", cue=None, source=None,  # type: ignore[arg-type]
        content=(Span(start=0, end=len(text), text=text),), confidence=0.9, chain=tuple(hops),
    )  # fmt: skip
    return Report(article=article, sources=tuple(kinds), passages=(), claims=(claim,), trees=())


def origins(cluster: Cluster) -> tuple[str, ...]:
    return tuple(sorted(origin.name for origin in travel(cluster).origins))


def linked(*reports: Report) -> Cluster | None:
    found = link_claims(reports)
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        (WHOLE, WHOLE, "verbatim"),
        (
            WHOLE,
            "“the harbour at Vellamo, will stay closed, until the last of the 14 barges has been inspected.”",
            "verbatim",
        ),
        ("Duarte’s plan is not ours", "Duarte's plan is not ours", "verbatim"),
        (WHOLE, "closed until the last of the 14 barges has been inspected", "fragment"),
        (WHOLE, WHOLE.replace("inspected", "checked"), "near-verbatim"),
        (WHOLE, "Vellamo harbour was to be closed until all 14 barges had been inspected", "paraphrase"),
    ],
)
def test_wordings_of_one_source_that_are_the_same_claim(one: str, other: str, reason: Reason) -> None:
    cluster = linked(a_report(one, "Ana Duarte"), a_report(other, "Duarte", publisher="Inland Post"))
    assert cluster is not None
    assert [link.reason for link in cluster.links] == [reason]
    assert 0.5 <= cluster.links[0].score <= 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WHOLE, WHOLE.replace("14", "41")),
        (WHOLE, WHOLE.replace("will stay", "will not stay")),
        (WHOLE, WHOLE.replace("Vellamo", "Turva")),
        (WHOLE, "The ferries will sail again on Monday"),
        ("We will not leave the old quarry road to them", "leave the old quarry road to them"),
        ("…", "—"),
    ],
)
def test_wordings_of_one_source_that_are_two_claims(one: str, other: str) -> None:
    assert linked(a_report(one, "Ana Duarte"), a_report(other, "Ana Duarte", publisher="Inland Post")) is None


@pytest.mark.parametrize(
    "other",
    ["Vellamo harbour was to be closed until all 14 barges had been inspected", "the last of the 14 barges"],
)
def test_loose_agreement_needs_the_same_source(other: str) -> None:
    assert linked(a_report(WHOLE, "Ana Duarte"), a_report(other, "Ilmari Koski", publisher="Inland Post")) is None


def test_short_words_of_two_people_are_two_claims() -> None:
    reports = [a_report("No comment today", "Ana Duarte"), a_report("No comment today", "Ilmari Koski", publisher="B")]
    assert linked(*reports) is None


def test_long_words_are_one_claim_whoever_is_said_to_have_said_them() -> None:
    cluster = linked(a_report(WHOLE, "Ana Duarte"), a_report(WHOLE, "Ilmari Koski", publisher="Inland Post"))
    assert cluster is not None
    assert origins(cluster) == ("Ana Duarte", "Ilmari Koski")


def test_one_article_alone_makes_no_cluster_and_belief_is_left_out() -> None:
    assert linked(a_report(WHOLE, "Ana Duarte"), a_report(WHOLE, "Ana Duarte")) is None
    assert linked(a_report(WHOLE, "Duarte"), a_report(WHOLE, "Duarte", publisher="B", act="belief")) is None


def test_the_same_text_at_two_publishers_is_one_claim_in_two_places() -> None:
    cluster = linked(a_report(WHOLE, "Reuters", "Ana Duarte"), a_report(WHOLE, "Ana Duarte", publisher="Inland Post"))
    assert cluster is not None
    assert {member.publisher for member in cluster.members} == {"Coast Courier", "Inland Post"}
    assert {member.chain for member in cluster.members} == {("Reuters", "Ana Duarte"), ("Ana Duarte",)}


def test_a_cluster_does_not_drift_from_wording_to_wording() -> None:
    letters = "harbour pilot bread river engine winter orchard lantern copper village signal meadow anchor window"
    words = letters.split()
    steps = [" ".join([*words[step:], *(f"new{chr(97 + each)}" for each in range(step))]) for step in range(0, 13, 2)]
    reports = [a_report(text, f"Person {at}", publisher=f"Paper {at}") for at, text in enumerate(steps)]
    for cluster in link_claims(reports):
        spread = {
            len(set(cluster.representative.text.split()) - set(member.text.split())) for member in cluster.members
        }
        assert max(spread) <= 2


def test_neither_the_order_of_reports_nor_a_stranger_changes_the_clusters() -> None:
    texts = [WHOLE, WHOLE.replace("inspected", "checked"), "closed until the last of the 14 barges has been inspected"]
    reports = [a_report(text, "Ana Duarte", publisher=f"Paper {at}") for at, text in enumerate(texts)]
    stranger = a_report("The orchestra has found a new hall by the river", "Ilmari Koski", publisher="Inland Post")
    shuffled = [stranger, *reports]
    random.Random(7).shuffle(shuffled)
    assert link_claims(reports) == link_claims(shuffled)


def test_origins_by_name_by_canonical_name_and_side_by_side() -> None:
    reports = [
        a_report(WHOLE, "Harbour Master Ana Duarte"),
        a_report(WHOLE, "Duarte", publisher="B"),
        a_report(WHOLE, "the agency", publisher="C", canonical={"the agency": "Agence Exemple"}),
        a_report(WHOLE, "Agence Exemple", publisher="D", beside=("Ilmari Koski",)),
    ]
    cluster = linked(*reports)
    assert cluster is not None
    assert origins(cluster) == ("Agence Exemple", "Harbour Master Ana Duarte", "Ilmari Koski")


def test_an_unnamed_origin_stands_by_whoever_heard_it() -> None:
    reports = [
        a_report(WHOLE, "Reuters", "officials", origin="unnamed", publisher="A"),
        a_report(WHOLE, "Reuters", "an official", origin="unnamed", publisher="B"),
        a_report(WHOLE, "unnamed", origin="unsourced", publisher="C"),
    ]
    cluster = linked(*reports)
    assert cluster is not None
    assert [(origin.kind, origin.name) for origin in travel(cluster).origins] == [
        ("unnamed", "unnamed (Reuters)"),
        ("unsourced", "C"),
    ]
    assert [origin.name for origin in travel(cluster).independent] == ["unnamed (Reuters)"]


def test_every_link_says_why() -> None:
    texts = [WHOLE, WHOLE, "closed until the last of the 14 barges has been inspected"]
    cluster = linked(*(a_report(text, "Ana Duarte", publisher=f"Paper {at}") for at, text in enumerate(texts)))
    assert cluster is not None
    assert len(cluster.members) == 3
    assert all(link.reason in get_args(Reason) for link in cluster.links)
