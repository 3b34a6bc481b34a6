"""What needs no models: which relays carry, what trees tell, where a condition of anonymity stands."""

from __future__ import annotations

import pytest

from quotes import lexicon
from quotes.article import article_from_text
from quotes.chains import anonymity, carry, trees
from quotes.records import Beside, Claim, Hop, Sentence, Span


def hop(source: str, confidence: float = 0.9, *beside: str) -> Hop:
    return Hop(
        source=source,
        name=source,
        relation="said",
        basis="stated",
        cue=None,
        mention=None,
        rule="clause",
        confidence=confidence,
        beside=tuple(Beside(source=each, name=each) for each in beside),
    )


def claim(*chain: Hop) -> Claim:
    content = (Span(start=0, end=2, text="No"),)
    return Claim(
        id="1",
        kind="direct",
        act="speech",
        origin="named",
        path="relayed",
        content=content,
        cue=None,
        source=None,
        confidence=0.5,
        chain=chain,
    )


def link(start: int, *names: str, block: int = 0, anew: bool = False, quoted: bool = False) -> carry.Link:
    """A link whose sources in capitals are outlets."""
    return carry.Link(
        start=start,
        block=block,
        hops=tuple(map(hop, names)),
        outlets=frozenset(name for name in names if name.isupper()),
        anew=anew,
        quoted=quoted,
    )


def carried(*links: carry.Link) -> list[list[str]]:
    return [[each.source for each in hops] for hops in carry.carried(links)]


def test_a_tree_tells_depth_distance_and_the_weakest_hop() -> None:
    found = trees.tree(claim(hop("TASS"), hop("RIA", 0.4, "IRNA"), hop("Li")))
    assert (found.depth, found.weakest) == (3, 1)
    assert [(node.source, node.distance) for node in found.children] == [("TASS", 2)]
    assert [(node.source, node.distance) for node in found.children[0].children] == [("RIA", 1), ("IRNA", 1)]
    assert [[leaf.source for leaf in node.children] for node in found.children[0].children] == [["Li"], ["Li"]]


def test_of_equally_sure_hops_the_outermost_is_the_weakest() -> None:
    assert trees.weakest(claim(hop("TASS"), hop("Li"))) == 0


def test_a_relay_is_carried_to_the_same_source_only() -> None:
    assert carried(link(0, "TASS", "li"), link(1, "li"), link(2, "wu")) == [[], ["TASS"], []]


def test_links_are_read_in_the_order_of_the_text() -> None:
    assert carried(link(5, "li"), link(0, "TASS", "li")) == [["TASS"], []]


def test_a_new_relay_takes_over() -> None:
    assert carried(link(0, "TASS", "li"), link(1, "RIA", "li"), link(2, "li")) == [[], [], ["RIA"]]


def test_an_occasion_of_its_own_ends_what_is_carried() -> None:
    assert carried(link(0, "TASS", "li"), link(1, "li", anew=True), link(2, "li")) == [[], [], []]


def test_nothing_is_carried_too_far() -> None:
    assert carried(link(0, "TASS", "li"), link(9, "li", block=carry.REACH + 1)) == [[], []]


def test_who_is_quoted_was_quoted_by_the_last_relay() -> None:
    assert carried(link(0, "TASS", "li"), link(1, "wu", quoted=True)) == [[], ["TASS"]]


def test_what_is_carried_is_marked_and_less_sure() -> None:
    stated, follow_on = link(0, "TASS", "li"), link(1, "li")
    (found,) = carry.carried([stated, follow_on])[1]
    assert (found.basis, found.rule, found.cue, found.mention) == ("carried", "carried", None, None)
    assert found.confidence < stated.hops[0].confidence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A diplomat said so, speaking on condition of anonymity.", "on condition of anonymity"),
        ("An aide who asked not to be named said so.", "who asked not to be named"),
        ("A diplomat said so.", None),
    ],
)
def test_a_condition_of_anonymity_is_found(text: str, words: str | None) -> None:
    sentence = Sentence(index=0, block=0, start=0, end=len(text), words=())
    found = anonymity.condition(article_from_text(text), sentence, (), lexicon.load())
    assert (found.text if found else None) == words


def test_a_condition_inside_the_content_is_no_condition() -> None:
    text = "She said he spoke on condition of anonymity."
    sentence = Sentence(index=0, block=0, start=0, end=len(text), words=())
    content = (Span(start=9, end=len(text), text=text[9:]),)
    assert anonymity.condition(article_from_text(text), sentence, content, lexicon.load()) is None
