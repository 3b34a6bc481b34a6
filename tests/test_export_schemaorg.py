"""schema.org in JSON-LD: read by rdflib as what it means, and safe where it stands in a page."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from export_cases import (
    ARTICLE,
    AUDIT,
    BELIEF,
    CRANES,
    DUARTE,
    EMPTY,
    FARE,
    FERRY,
    GUARD,
    HOSTILE,
    IT,
    ODE,
    RADIO,
    RELAY,
    REPORT,
    RISE,
    at,
    claim,
    cue,
    hop,
    hostile_report,
)

from quotes import export
from quotes.export.schemaorg import CONTEXT
from quotes.records import Claim, Passage, Report

SCHEMA = CONTEXT["@vocab"]
OURS = CONTEXT["quotes"]


def graph_of(*reports: Report, **options: bool) -> Any:
    rdflib = pytest.importorskip("rdflib")
    return rdflib.Graph().parse(data=export.render(reports, "schemaorg", **options), format="json-ld")


def ask(graph: Any, subject: Any, *path: str) -> list[Any]:
    """The values at the end of a path of schema.org's properties, in order; addresses without our prefix."""
    from rdflib import URIRef

    found = [URIRef(OURS + subject) if isinstance(subject, str) else subject]
    for name in path:
        term = URIRef("http://www.w3.org/1999/02/22-rdf-syntax-ns#type" if name == "a" else SCHEMA + name)
        found = [value for each in found for value in graph.objects(each, term)]
    return sorted(str(value).removeprefix(OURS).removeprefix(SCHEMA) for value in found)


def id_of(each: Claim) -> str:
    return f"claim-{ARTICLE.id}-{each.id}"


def person(source: str) -> str:
    return f"source-{ARTICLE.id}-{source}"


def test_a_direct_claim_is_a_quotation_within_its_article() -> None:
    graph = graph_of(REPORT)
    assert ask(graph, id_of(CRANES), "a") == ["Quotation"]
    assert ask(graph, id_of(CRANES), "text") == ["The cranes stand still 🙂 … until the inspectors\nhave signed"]
    assert ask(graph, id_of(CRANES), "spokenByCharacter", "name") == ["Ana Duarte"]
    assert ask(graph, id_of(CRANES), "spokenByCharacter", "a") == ["Person"]
    assert ask(graph, id_of(CRANES), "isPartOf", "a") == ["NewsArticle"]
    assert ask(graph, id_of(CRANES), "isPartOf", "headline") == ['Ferry "sails" <b>again</b>']
    assert ask(graph, id_of(CRANES), "isPartOf", "publisher", "name") == ["Selwyn & Sons [Daily]"]
    assert ask(graph, id_of(CRANES), "creator") == ask(graph, id_of(CRANES), "appearance") == []


def test_any_other_is_a_claim_that_appears_in_it() -> None:
    graph = graph_of(REPORT)
    assert ask(graph, id_of(FERRY), "a") == ["Claim"]
    assert ask(graph, id_of(FERRY), "creator") == [person(DUARTE.id)]
    assert ask(graph, id_of(FERRY), "creator", "description") == ["harbour master"]
    assert ask(graph, id_of(FERRY), "appearance", "url") == [ARTICLE.url]
    assert ask(graph, id_of(FARE), "creator", "affiliation", "name") == ["council"]
    assert ask(graph, id_of(FERRY), "firstAppearance") == [], "one article does not know where it stood first"


def test_a_stated_relay_is_what_it_is_based_on_and_a_carried_one_is_not() -> None:
    graph = graph_of(REPORT)
    assert ask(graph, id_of(FERRY), "isBasedOn", "publisher", "name") == ["Coast Radio", "the Selwyn Herald"]
    assert ask(graph, id_of(FERRY), "isBasedOn", "publisher", "a") == ["NewsMediaOrganization"] * 2
    assert ask(graph, id_of(CRANES), "isBasedOn") == []
    [cranes] = [each for each in _json(REPORT)["@graph"] if each["@id"].endswith(CRANES.id)]
    assert cranes["quotes:carried"] == "Coast Radio"


def test_relays_are_based_on_one_another_outermost_first() -> None:
    told = hop(GUARD, at("according to"), at("A guard"), relation="told", resolved=False)
    said = hop(DUARTE, at("said"), at("harbour master Ana Duarte"))
    deep = claim("indirect", FERRY.content, FERRY.cue, RELAY, told, said, path="relayed")
    graph = graph_of(attrs.evolve(REPORT, claims=(deep,)))
    assert ask(graph, id_of(deep), "isBasedOn", "publisher", "name") == ["Coast Radio", "the Selwyn Herald"]
    assert ask(graph, id_of(deep), "isBasedOn", "isBasedOn", "creditText") == ["A guard"]
    assert ask(graph, id_of(deep), "creator") == [person(DUARTE.id)]


@pytest.mark.parametrize(("of", "credit"), [(IT, ["A guard"]), (RISE, []), (AUDIT, [])])
def test_nobody_without_a_name_becomes_a_person(of: Claim, credit: list[str]) -> None:
    graph = graph_of(REPORT)
    assert ask(graph, id_of(of), "creator") == []
    assert ask(graph, id_of(of), "creditText") == credit


def test_who_is_not_resolved_is_credited_in_words() -> None:
    guess = attrs.evolve(FERRY.chain[-1], resolved=False, name="the harbour master")
    graph = graph_of(attrs.evolve(REPORT, claims=(attrs.evolve(FERRY, chain=(guess,)),)))
    assert ask(graph, id_of(FERRY), "creator") == []
    assert ask(graph, id_of(FERRY), "creditText") == ["the harbour master"]


def test_a_document_is_cited() -> None:
    graph = graph_of(REPORT)
    assert ask(graph, id_of(AUDIT), "citation", "name") == ["The audit letter"]
    assert ask(graph, id_of(AUDIT), "citation", "a") == ["CreativeWork"]


def test_the_quoted_words_of_a_mixed_claim_are_quotations() -> None:
    words = at("new fare")
    mixed = claim("mixed", FARE.content, cue("said", "say", nth=1), hop(ODE, at("said", 1), at("council spokesman")))
    passage = Passage(**attrs.asdict(words), claim=mixed.id)
    scare = attrs.evolve(passage, use="scare", text="other")
    graph = graph_of(attrs.evolve(REPORT, claims=(mixed,), passages=(passage, scare)))
    assert ask(graph, id_of(mixed), "hasPart", "text") == ["new fare"]
    assert ask(graph, id_of(mixed), "hasPart", "a") == ["Quotation"]
    assert ask(graph, id_of(mixed), "hasPart", "spokenByCharacter") == [person(ODE.id)]


def test_beliefs_are_left_out_unless_asked_for() -> None:
    assert ask(graph_of(REPORT), id_of(BELIEF), "a") == []
    assert ask(graph_of(REPORT, include_belief=True), id_of(BELIEF), "a") == ["Claim"]


def test_articles_do_not_run_into_each_other() -> None:
    other = attrs.evolve(REPORT, article=attrs.evolve(ARTICLE, text=ARTICLE.text + " "))
    one, both = graph_of(REPORT), graph_of(REPORT, other)
    assert len(both) == 2 * len(one)
    assert ask(graph_of(EMPTY), f"article-{EMPTY.article.id}", "a") == ["NewsArticle"]


@pytest.mark.parametrize(
    ("values", "left_out"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"published": "yesterday"}, "datePublished"),
        ({"published": None, "publisher": None}, "publisher"),
    ],
)
def test_what_is_no_address_or_date_is_left_out(values: dict[str, Any], left_out: str) -> None:
    article = _json(attrs.evolve(REPORT, article=attrs.evolve(ARTICLE, **values)))["@graph"][0]
    assert left_out not in article


@pytest.mark.parametrize("words", [*HOSTILE, "</script><script>alert(1)</script>", "<!--", "@id", "quotes:claim-1"])
def test_hostile_words_stay_words(words: str) -> None:
    written = export.render([hostile_report(words)], "schemaorg")
    assert "<" not in written, "it may stand in a page's script"
    graph = graph_of(hostile_report(words))
    shown = export.common.visible(words)
    texts = {str(value) for value in graph.objects() if type(value).__name__ == "Literal"}
    assert shown in texts
    kinds = ask_all(graph)
    assert kinds == {"NewsArticle": 1, "Person": 1, "Claim": 1}


def ask_all(graph: Any) -> dict[str, int]:
    kinds = [
        str(value).removeprefix(SCHEMA) for name, value in graph.predicate_objects() if str(name).endswith("#type")
    ]
    return {kind: kinds.count(kind) for kind in kinds}


def test_it_reaches_for_no_network() -> None:
    assert _json(REPORT)["@context"] == CONTEXT
    assert RADIO.name in json.dumps(_json(REPORT))


def _json(report: Report) -> Any:
    return json.loads(export.render([report], "schemaorg"))
