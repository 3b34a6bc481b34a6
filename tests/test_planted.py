"""Linking and tracing against corpora whose truth is known (tests/planted.py)."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from planted import Corpus, Planted, Scores, as_text, cluster_of, plant, scores

from quotes.link import Cluster, Travel, link_claims, travel

TUNED = (1, 2, 3)
HELD_OUT = (101, 102)


@cache
def planted(seed: int, held_out: bool = False) -> tuple[Corpus, tuple[Cluster, ...], Scores]:
    corpus = plant(seed, held_out=held_out)
    clusters = link_claims(corpus.reports)
    return corpus, clusters, scores(corpus, clusters)


def traced(seed: int, held_out: bool = False) -> list[tuple[Planted, Travel]]:
    """Each planted claim of two articles and more whose words were linked, with its trace."""
    corpus, clusters, _ = planted(seed, held_out)
    found = [(each, cluster_of(corpus, each, clusters)) for each in corpus.planted if len(each.carries) > 1]
    return [(each, travel(cluster)) for each, cluster in found if cluster]


def circles(way: Travel) -> frozenset[frozenset[str]]:
    return frozenset(map(frozenset, way.circles))


@pytest.mark.parametrize("seed", TUNED)
def test_claims_are_found_again_and_kept_apart(seed: int) -> None:
    corpus, _, found = planted(seed)
    assert len(corpus.planted) == 200
    assert sum(count == 1 for count in Counter(corpus.truth.values()).values()) >= 400
    assert found.precision >= 99.5
    assert found.recall >= 97


@pytest.mark.parametrize("seed", HELD_OUT)
def test_so_are_claims_in_sentences_that_no_threshold_was_chosen_by(seed: int) -> None:
    *_, found = planted(seed, held_out=True)
    assert found.precision >= 98
    assert found.recall >= 90


@pytest.mark.parametrize("seed", TUNED)
def test_every_circle_is_found_and_none_is_invented(seed: int) -> None:
    corpus, clusters, _ = planted(seed)
    wanted = {each.name: each.circles for each in corpus.planted if each.circles}
    found = {each.name: circles(way) for each, way in traced(seed) if way.circles}
    assert len(wanted) >= 20
    assert found == wanted
    assert sum(bool(travel(cluster).circles) for cluster in clusters) == len(wanted)


@pytest.mark.parametrize("seed", TUNED)
def test_every_single_origin_is_found_and_none_is_invented(seed: int) -> None:
    found = [(each, way) for each, way in traced(seed) if len(way.outlets) > 1]
    single = {each.name for each, way in found if way.single_origin}
    assert single == {each.name for each, _ in found if each.shape in ("one", "unnamed", "circle with origin")}
    assert len(single) >= 100
    corpus, clusters, _ = planted(seed)
    strangers = [each for each in clusters if not {corpus.truth[one.claim] for one in each.members} & names(corpus)]
    assert len(strangers) <= 2


def names(corpus: Corpus) -> set[str]:
    return {each.name for each in corpus.planted}


@pytest.mark.parametrize("seed", HELD_OUT)
def test_held_out_circles_and_single_origins(seed: int) -> None:
    found = traced(seed, held_out=True)
    wrong = [each.name for each, way in found if circles(way) != each.circles]
    several = [each.name for each, way in found if each.shape == "several" and way.single_origin and each.origins > 1]
    assert len(wrong) <= 0.02 * len(found)
    assert len(several) <= 0.03 * len(found)


@pytest.mark.parametrize("seed", TUNED)
def test_lost_attribution_is_found_with_what_was_lost(seed: int) -> None:
    wanted, found = set(), set()
    for each, way in traced(seed):
        wanted |= {(each.name, *loss[:2], last_name(loss[2])) for loss in each.losses}
        found |= {
            (each.name, str(loss.member.publisher), str(loss.of.publisher), last_name(name))
            for loss in way.losses
            for name in loss.lost
        }
    assert len(wanted) >= 200
    assert len(found & wanted) >= 0.97 * len(wanted)
    assert len(found & wanted) >= 0.98 * len(found)


def last_name(name: str) -> str:
    """One word for a source, whatever form its name has."""
    return (
        "Wen" if "Wen" in name.split() else name.removesuffix(" news agency").removesuffix(" News Agency").split()[-1]
    )


def test_the_same_seed_gives_the_same_corpus() -> None:
    assert plant(5, claims=10, distractors=5) == plant(5, claims=10, distractors=5)


@pytest.mark.models
def test_planted_articles_can_be_parsed_too() -> None:
    """The claims come back from the articles' text: enough of them that their circles and origins could be seen."""
    from quotes.analyzer import Analyzer
    from quotes.article import article_from_text

    carries = [carry for each in plant(7, claims=6, distractors=0).planted for carry in each.carries if carry.direct][
        :20
    ]
    reports = Analyzer().analyze_all([article_from_text(as_text(each), publisher=each.outlet) for each in carries])
    ends = [
        any(claim.chain and last_name(claim.chain[-1].name) == last_name(each.chain[-1]) for claim in report.claims)
        for each, report in zip(carries, reports, strict=True)
    ]
    assert sum(ends) >= 0.8 * len(carries)
