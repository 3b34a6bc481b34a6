"""Branches that a parser hung where they cannot belong are moved, and those that stand where they belong stay.

A tree is written as FORM/TAG/RELATION>HEAD, heads counted from 1 as in CoNLL-U, 0 for the root.
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_trees import sentence_of

from quotes.grafts import graft
from quotes.records import Sentence

PARTS_OF_SPEECH = {
    "DT": "DET",
    "IN": "ADP",
    "JJ": "ADJ",
    "MD": "AUX",
    "NN": "NOUN",
    "NNP": "PROPN",
    "PRP": "PRON",
    "PRP$": "PRON",
    "RB": "ADV",
    "CC": "CCONJ",
    "WDT": "PRON",
    "WP": "PRON",
    "WP$": "PRON",
    "WRB": "ADV",
    ",": "PUNCT",
    ":": "PUNCT",
}


def sentence(tree: str) -> Sentence:
    rows = []
    for each in tree.split():
        form, tag, arc = each.rsplit("/", 2)
        deprel, _, head = arc.partition(">")
        upos = "AUX" if deprel.startswith(("aux", "cop")) else PARTS_OF_SPEECH.get(tag, "VERB")
        rows.append((form, upos, tag, int(head) - 1, deprel))
    return sentence_of(rows)


def moved(tree: str) -> str:
    """The words that were moved, each with its new relation and head."""
    before = sentence(tree)
    after = graft(before)
    return "; ".join(
        f"{new.text} {new.deprel} {after.words[new.head].text if new.head >= 0 else 'ROOT'}"
        for old, new in zip(before.words, after.words, strict=True)
        if (old.head, old.deprel) != (new.head, new.deprel)
    )


MOVED = {
    "title in front hangs from the name": (
        "harbour/NN/compound>2 master/NN/nsubj>5 Ana/NNP/nsubj>5 Duarte/NNP/flat>3 resigned/VBD/root>0",
        "master nmod:desc Ana",
    ),
    "title with a complement": (
        "Secretary/NNP/nsubj>5 of/IN/case>3 Fisheries/NNP/nmod>1 Malm/NNP/nsubj>5 resigned/VBD/root>0",
        "Secretary nmod:desc Malm",
    ),
    "name behind a determined noun is its apposition": (
        "The/DT/det>2 master/NN/nsubj>4 Ana/NNP/nsubj>4 resigned/VBD/root>0",
        "Ana appos master",
    ),
    "abbreviated title": ("said/VBD/root>0 Ms./NNP/nsubj>1 Duarte/NNP/nsubj>1", "Ms. nmod:desc Duarte"),
    "two parts of a name": ("said/VBD/root>0 Ana/NNP/nsubj>1 Duarte/NNP/nsubj>1", "Duarte flat Ana"),
    "apposition between commas": (
        "Duarte/NNP/nsubj>6 ,/,/punct>4 the/DT/det>4 master/NN/nsubj>6 ,/,/punct>1 resigned/VBD/root>0",
        "master appos Duarte",
    ),
    "common noun that heads the name it introduces": (
        "agency/NN/compound>2 head/NN/nsubj>5 Nam/NNP/flat>2 Ji-hoon/NNP/flat>3 resigned/VBD/root>0",
        "head nmod:desc Nam; Nam nsubj resigned",
    ),
    "what such a noun has to its left by itself it keeps, its preposition goes to the name": (
        "met/VBD/root>0 with/IN/case>4 union/NN/compound>4 leader/NN/obl>1 Hill/NNP/flat>4",
        "with case Hill; leader nmod:desc Hill; Hill obl met",
    ),
    "article taken for a part of a preposition": (
        "According/VBG/case>4 to/IN/fixed>1 his/PRP$/fixed>1 widow/NN/obl>5 resigned/VBD/root>0",
        "his nmod:poss widow",
    ),
    "first of two conjoined subjects": (
        "Under/IN/case>3 the/DT/det>3 law/NN/obl>9 ,/,/punct>5 members/NN/conj>3 or/CC/cc>7 officials/NN/nsubj>9 "
        "can/MD/aux>9 resign/VB/root>0",
        "members nsubj resign; officials conj members",
    ),
    "subject of a further clause": (
        "left/VBD/root>0 on/IN/case>3 Sunday/NNP/obl>1 and/CC/cc>6 the/DT/det>6 board/NN/conj>3 resigned/VBD/conj>1",
        "and cc resigned; board nsubj resigned",
    ),
    "adjective behind its noun": (
        "people/NN/nsubj>2 familiar/JJ/ccomp>5 with/IN/case>4 it/PRP/obl>2 told/VBD/root>0 Reuters/NNP/iobj>5",
        "people nsubj told; familiar amod people",
    ),
    "verb in the form of the one that says what it was joined to": (
        "She/PRP/nsubj>2 said/VBD/root>0 it/PRP/nsubj>5 had/VBD/aux>5 ended/VBN/ccomp>2 and/CC/cc>7 left/VBD/conj>5",
        "left conj said",
    ),
    "whom somebody quotes": (
        "TASS/NNP/nsubj>2 quoted/VBD/root>0 Brandt/NNP/nsubj>2 as/IN/mark>5 saying/VBG/advcl>2",
        "Brandt obj quoted",
    ),
    "whom a clause is told": (
        "She/PRP/nsubj>2 told/VBD/root>0 Expansión/NNP/obj>6 the/DT/det>5 bank/NN/nsubj>6 closed/VBD/ccomp>2",
        "Expansión iobj told",
    ),
    "subject of the clause behind a verb": (
        "They/PRP/nsubj>2 said/VBD/root>0 Rome/NNP/obj>2 wants/VBZ/ccomp>2 more/JJ/obj>4",
        "Rome nsubj wants",
    ),
    "question that is explained": (
        "She/PRP/nsubj>2 explained/VBD/root>0 why/WRB/obj>2 ships/NN/nsubj>5 sank/VBD/advcl:relcl>3",
        "why advmod sank; sank ccomp explained",
    ),
    "what a relative clause's verb says of its object": (
        "dam/NN/nsubj>7 which/WDT/obj>4 they/PRP/nsubj>4 say/VBP/acl:relcl>1 is/VBZ/cop>6 sound/JJ/advcl>7 "
        "stands/VBZ/root>0",
        "sound ccomp say",
    ),
    "clause with that behind a name": (
        "She/PRP/nsubj>2 told/VBD/root>0 Reuters/NNP/obj>2 that/IN/mark>6 banks/NN/nsubj>6 closed/VBD/acl:relcl>3",
        "closed ccomp told",
    ),
    "clause with that behind a time": (
        "It/PRP/nsubj>2 announced/VBD/root>0 the/DT/det>4 day/NN/obj>2 that/IN/mark>7 it/PRP/nsubj>7 closed/VBD/acl>4",
        "closed ccomp announced",
    ),
    "clause behind a time that was taken for a relative one": (
        "It/PRP/nsubj>2 said/VBD/root>0 the/DT/det>5 next/JJ/amod>5 day/NN/obj>2 that/WDT/obj>8 it/PRP/nsubj>8 "
        "closed/VBD/acl:relcl>5",
        "closed ccomp said",
    ),
    "clause with that behind whoever claims it": (
        "claims/NN/nsubj>7 by/IN/case>3 agents/NN/nmod>1 that/IN/mark>6 it/PRP/nsubj>6 leaked/VBD/acl:relcl>3 "
        "spread/VBD/root>0",
        "leaked acl claims",
    ),
    "participle that is no second complement": (
        "left/VBD/ccomp>4 ,/,/punct>1 he/PRP/nsubj>4 said/VBD/root>0 citing/VBG/ccomp>4 letters/NN/obj>5",
        "citing advcl said",
    ),
    "participle behind an inverted frame": (
        "cranes/NN/nsubj>2 fell/VBD/ccomp>4 ,/,/punct>2 said/VBD/root>0 Ana/NNP/nsubj>4 ,/,/punct>7 "
        "speaking/VBG/advcl>2 outside/RB/advmod>7",
        "speaking advcl said",
    ),
    "participle taken for the verb of its sentence": (
        "A/DT/det>2 memo/NN/nsubj>3 leaked/VBD/root>0 to/IN/case>5 Politico/NNP/obl>3 says/VBZ/advcl>3 "
        "it/PRP/nsubj>8 closes/VBZ/ccomp>6",
        "memo nsubj says; leaked acl memo; says root ROOT",
    ),
    "relative clause behind a comma": (
        "said/VBD/root>0 Duarte/NNP/nsubj>1 ,/,/punct>5 who/WP/nsubj>5 sailed/VBD/ccomp>1",
        "sailed acl:relcl Duarte",
    ),
    "relative clause that a possessive opens": (
        "Duarte/NNP/nsubj>7 ,/,/punct>1 whose/WP$/nmod:poss>4 boat/NN/nsubj>5 sank/VBD/advcl>7 ,/,/punct>1 "
        "resigned/VBD/root>0",
        "sank acl:relcl Duarte",
    ),
}

STAYING = {
    "two names between commas": "Duarte/NNP/nsubj>5 ,/,/punct>3 Hill/NNP/nsubj>5 ,/,/punct>1 resigned/VBD/root>0",
    "name behind a quotation that another opens": "Reagan/NNP/nsubj>4 ”/,/punct>1 Cross/NNP/nsubj>4 wrote/VBD/root>0",
    "day behind a subject": "Voters/NN/nsubj>3 Tuesday/NNP/nsubj>3 said/VBD/root>0",
    "noun behind the organization it belongs to": (
        "the/DT/det>2 columnist/NN/nsubj>6 for/IN/case>4 site/NN/nmod>2 Pando/NNP/nsubj>6 said/VBD/root>0"
    ),
    "surname of a name": "Ana/NNP/nsubj>3 Duarte/NNP/flat>1 resigned/VBD/root>0",
    "fixed words of other prepositions": "because/IN/case>3 of/IN/fixed>1 rain/NN/obl>4 fell/VBD/root>0",
    "two objects": "met/VBD/root>0 Hill/NNP/obj>1 and/CC/cc>4 Duarte/NNP/conj>2",
    "verb joined with a conjunction of its own": (
        "met/VBD/root>0 Hill/NNP/obj>1 and/CC/cc>4 Duarte/NNP/conj>2 and/CC/cc>6 left/VBD/conj>1"
    ),
    "adjective of a clause with a copula": (
        "people/NN/nsubj>3 were/VBD/cop>3 familiar/JJ/ccomp>4 said/VBD/root>0 Ana/NNP/nsubj>4"
    ),
    "verb joined to a clause of its own form": (
        "She/PRP/nsubj>2 said/VBD/root>0 it/PRP/nsubj>4 ended/VBD/ccomp>2 and/CC/cc>6 left/VBD/conj>4"
    ),
    "inverted subject behind a comma": "he/PRP/nsubj>3 ,/,/punct>1 said/VBD/root>0 Hill/NNP/nsubj>3",
    "somebody of whom it is said": "he/PRP/nsubj>2 said/VBD/root>0 of/IN/case>4 Hill/NNP/nsubj>2",
    "object before a clause with a subject": ("told/VBD/root>0 Hill/NNP/obj>1 ships/NN/nsubj>4 sank/VBD/ccomp>1"),
    "object before a bare infinitive": "saw/VBD/root>0 Hill/NNP/obj>1 run/VB/ccomp>1",
    "clause that a noun is about": ("gave/VBD/root>0 hope/NN/obj>1 that/IN/mark>5 ships/NN/nsubj>5 float/VBP/acl>2"),
    "relative clause of an agent": (
        "built/VBN/root>0 by/IN/case>3 men/NN/obl>1 that/WDT/obj>6 she/PRP/nsubj>6 hired/VBD/acl:relcl>3"
    ),
    "relative clause of a time": (
        "recall/VBP/root>0 the/DT/det>3 day/NN/obj>1 that/WDT/obj>6 it/PRP/nsubj>6 closed/VBD/acl:relcl>3"
    ),
    "reality by which something is tempered": (
        "tempered/VBN/root>0 by/IN/case>3 fears/NN/obl>1 that/IN/mark>6 ships/NN/nsubj>6 sank/VBD/acl>3"
    ),
    "participle of what is said": "said/VBD/root>0 it/PRP/nsubj>3 fell/VBD/ccomp>1 killing/VBG/advcl>3 two/CD/obj>4",
    "participle that is a predicate": ("think/VBP/root>0 it/PRP/nsubj>4 is/VBZ/cop>4 insulting/VBG/ccomp>1"),
    "verb with an object and an adverbial clause": (
        "She/PRP/nsubj>2 started/VBD/root>0 the/DT/det>4 week/NN/obj>2 focused/VBD/advcl>2"
    ),
    "question that is asked": "Duarte/NNP/nsubj>2 asked/VBD/root>0 who/WP/nsubj>4 sailed/VBD/ccomp>2",
}


@pytest.mark.parametrize("name", MOVED)
def test_moved(name: str) -> None:
    tree, found = MOVED[name]
    assert moved(tree) == found


@pytest.mark.parametrize("name", STAYING)
def test_twin_stays(name: str) -> None:
    whole = sentence(STAYING[name])
    assert graft(whole) is whole


@st.composite
def trees(draw: st.DrawFn) -> Sentence:
    """Sentences with any tags and relations that the rules ask for, hung in any way that is a tree."""
    size = draw(st.integers(2, 9))
    forms = st.sampled_from(["that", "and", "by", "to", ",", "who", "why", "day", "Ana", "it", "said"])
    arcs = (word.rsplit("/", 1)[1] for tree, _ in MOVED.values() for word in tree.split())
    relations = st.sampled_from(sorted({arc.partition(">")[0] for arc in arcs}))
    order = draw(st.permutations(range(size)))
    heads = {at: order[draw(st.integers(0, place - 1))] if place else -1 for place, at in enumerate(order)}
    tags = st.sampled_from(sorted({*PARTS_OF_SPEECH, "VBD", "VBG", "VBN", "VBZ"}))
    words = [f"{draw(forms)}/{draw(tags)}/{draw(relations)}>{heads[at] + 1}" for at in range(size)]
    return sentence(" ".join(words))


@settings(max_examples=500)
@given(trees())
def test_whatever_is_moved_the_tree_stays_a_tree(given_one: Sentence) -> None:
    found = graft(given_one)
    roots = [word for word in found.words if word.head < 0]
    assert len(roots) == 1
    assert found.subtree(roots[0].index) == list(range(len(found.words)))
