"""Exports: PROV, graphs and tables of hand-made reports, hostile words among them."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import attrs
import pytest
from export_cases import (
    ARABIC,
    ARTICLE,
    AUDIT,
    BELIEF,
    CLAIMS,
    COUNCIL,
    CRANES,
    DENIED,
    DUARTE,
    EMPTY,
    FARE,
    FERRY,
    HERALD,
    HOSTILE,
    IT,
    LINE,
    ODE,
    RADIO,
    REPORT,
    RISE,
    SALEM,
    TEXT,
    at,
    hop,
    hostile_report,
    rows,
    source,
    tokens,
)

from quotes import export
from quotes.errors import QuotesError
from quotes.records import (
    Claim,
)

# --- PROV


def prov_document(**options: bool) -> Any:
    pytest.importorskip("prov")
    return export.to_prov([REPORT], **options)


def relations(kind: str) -> list[tuple[str, ...]]:
    bundle = next(iter(prov_document().bundles))
    found = [record for record in bundle.records if record.get_type().localpart == kind]
    return [tuple(str(value).removeprefix("quotes:") for value in record.args if value) for record in found]


def statement(of: Claim, step: int) -> str:
    return f"statement-{ARTICLE.id}-{of.id}-{step}"


@pytest.mark.parametrize("format", ["json", "jsonld"])
@pytest.mark.parametrize("belief", [False, True])
def test_prov_comes_back_as_written(format: str, belief: bool) -> None:
    model = pytest.importorskip("prov.model")
    document = export.to_prov([REPORT, EMPTY], include_belief=belief)
    name = {"json": "prov"}.get(format, format)
    written = export.render([REPORT, EMPTY], name, include_belief=belief)
    assert model.ProvDocument.deserialize(content=written, format=format) == document
    assert document == document.unified()


def test_prov_has_a_bundle_per_article_attributed_to_the_software() -> None:
    document = prov_document()
    assert [str(bundle.identifier) for bundle in document.bundles] == [f"quotes:report-{ARTICLE.id}"]
    written = export.render([REPORT], "provn")
    assert f"wasAttributedTo(quotes:report-{ARTICLE.id}, quotes:software-0%2E1%2E0)" in written
    assert "prov:type='prov:SoftwareAgent'" in written
    twice = list(export.to_prov([REPORT, REPORT]).bundles)
    assert len(twice) == 2


def test_prov_quotes_direct_claims_and_derives_the_others() -> None:
    bundle = next(iter(prov_document().bundles))
    kinds: dict[tuple[str, str], str] = {}
    for record in bundle.records:
        if record.get_type().localpart == "Derivation":
            ends = tuple(str(value).removeprefix("quotes:") for value in record.args[:2])
            asserted = {str(each) for each in record.get_asserted_types()}
            kinds[(ends[0], ends[1])] = next(iter(asserted), "derived") if len(asserted) < 2 else "several"
    assert kinds[(f"claim-{ARTICLE.id}-{FERRY.id}", statement(FERRY, 0))] == "derived"
    assert kinds[(statement(FERRY, 0), statement(FERRY, 1))] == "derived"
    assert kinds[(f"claim-{ARTICLE.id}-{CRANES.id}", statement(CRANES, 0))] == "prov:Quotation"
    assert kinds[(statement(CRANES, 0), statement(CRANES, 1))] == "prov:Quotation"
    primary = {ends for ends, kind in kinds.items() if kind == "prov:PrimarySource"}
    assert (f"claim-{ARTICLE.id}-{FERRY.id}", statement(FERRY, 1)) in primary
    assert not any(each.id in start for start, _ in primary for each in (IT, RISE, AUDIT))


def test_prov_attributes_every_statement_and_keeps_the_evidence() -> None:
    attributed = relations("Attribution")
    for each in CLAIMS:
        for step, link in enumerate(each.chain):
            if each.act == "speech":
                assert (statement(each, step), f"source-{ARTICLE.id}-{link.source}") in attributed
    assert (statement(FERRY, 0), f"source-{ARTICLE.id}-{HERALD.id}") in attributed
    assert relations("Delegation") == [(f"source-{ARTICLE.id}-{ODE.id}", f"source-{ARTICLE.id}-{COUNCIL.id}")]
    bundle = next(iter(prov_document().bundles))
    [record] = bundle.get_record(f"quotes:{statement(CRANES, 0)}")
    values = {str(name): value for name, value in record.attributes}
    assert values["quotes:basis"] == "carried"
    assert values["quotes:cue"] == "according to"
    assert TEXT[values["quotes:cueStart"] : values["quotes:cueEnd"]] == "according to"
    assert (values["quotes:rule"], values["quotes:confidence"]) == ("according-to", 0.61)


def test_prov_declares_agents_that_the_sources_do_not_list() -> None:
    pytest.importorskip("prov")
    bare = attrs.evolve(REPORT, sources=(attrs.evolve(ODE, speaks_for="some body/1"),))
    bundle = next(iter(export.to_prov([bare]).bundles))
    assert bundle.get_record(f"quotes:source-{ARTICLE.id}-some%20body%2F1")
    assert bundle.get_record(f"quotes:source-{ARTICLE.id}-{DUARTE.id}")


def test_prov_reaches_for_no_network() -> None:
    context = json.loads(export.render([REPORT], "jsonld"))["@context"]
    assert all(isinstance(part, dict) for part in context)


# --- graphs


def test_mermaid_draws_each_tree_and_no_belief() -> None:
    lines = export.render([REPORT], "mermaid", include_belief=True).splitlines()
    assert lines[0] == "flowchart TB"
    assert '    a0c0["The ferry will sail on Monday<br/>indirect, named"]' in lines
    assert '    a0c0 -->|"reported: according to"| a0c0n0' in lines
    assert '    a0c0n1("the Selwyn Herald")' in lines
    assert '    a0c0n1n0("Ana Duarte")' in lines
    assert '    a0c1 -.->|"carried, reported: according to"| a0c1n0' in lines
    assert not any("winch" in line for line in lines)


@pytest.mark.parametrize("words", HOSTILE)
def test_mermaid_labels_cannot_break_out(words: str) -> None:
    lines = export.render([hostile_report(words)], "mermaid").splitlines()
    assert len(lines) == 4
    assert all(LINE.fullmatch(line) for line in lines[1:]), lines
    assert not any(re.search(r"#(?!\d+;)", line) for line in lines)


def test_mermaid_codes_signs_as_entities() -> None:
    written = export.render([hostile_report('1. [a] "b" `c` <d>')], "mermaid")
    assert '"1#46; #91;a#93; #34;b#34; #96;c#96; #60;d#62;"' in written


def test_networkx_has_a_path_from_the_claim_to_its_origin() -> None:
    networkx = pytest.importorskip("networkx")
    graph = export.to_networkx(REPORT)
    assert networkx.shortest_path(graph, FERRY.id, DUARTE.id) == [FERRY.id, RADIO.id, DUARTE.id]
    assert graph.edges[FERRY.id, HERALD.id, f"{FERRY.id}:0"]["cue"] == "according to"
    assert graph.edges[HERALD.id, DUARTE.id, f"{FERRY.id}:1"]["step"] == 1
    assert graph.nodes[RADIO.id]["ownership"] == "public"
    assert BELIEF.id not in graph
    assert BELIEF.id in export.to_networkx(REPORT, include_belief=True)


def test_graphml_reads_back_and_keeps_articles_apart() -> None:
    networkx = pytest.importorskip("networkx")
    other = attrs.evolve(REPORT, article=attrs.evolve(ARTICLE, text=TEXT + " "))
    graph = networkx.parse_graphml(export.render([REPORT, other], "graphml"))
    one = export.to_networkx(REPORT)
    assert graph.number_of_nodes() == 2 * one.number_of_nodes()
    assert graph.number_of_edges() == 2 * one.number_of_edges()
    assert graph.nodes[f"{ARTICLE.id}/{SALEM.id}"]["label"] == "سالم البحر"


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("format", ["graphml", "prov", "provn", "jsonld", "conll", "brat", "csv", "json"])
def test_hostile_words_are_written_safely(format: str, words: str) -> None:
    written = export.render([hostile_report(words)], format)
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e]", written)


# --- tables


def test_csv_has_a_row_per_claim_with_its_nested_source() -> None:
    found = {row["claim"]: row for row in rows(REPORT)}
    assert len(found) == len(CLAIMS) - 1
    assert found[FERRY.id]["nested_source"] == "w,coast-radio+the-selwyn-herald,ana-duarte"
    assert (found[CRANES.id]["nested_source"], found[CRANES.id]["carried"]) == (
        "w,ana-duarte",
        "coast-radio+the-selwyn-herald",
    )
    assert found[CRANES.id]["content"] == "The cranes stand still 🙂 … until the inspectors have signed"
    assert found[RISE.id]["nested_source"] == "w,unnamed"
    assert found[RISE.id]["mention"] == ""
    assert found[ARABIC.id]["nested_source"] == "w,سالم-البحر"
    assert found[FARE.id]["content"] == "'=SUM(A1:A9) is the new fare"
    assert (found[FARE.id]["start"], found[FARE.id]["confidence"]) == (str(FARE.content[0].start), "0.87")


def test_csv_tells_namesakes_apart() -> None:
    twin = source("Ana DUARTE", "person")
    second = attrs.evolve(IT, chain=(hop(twin, DENIED, at("A guard")),))
    found = rows(attrs.evolve(REPORT, sources=(*REPORT.sources, twin), claims=(FERRY, second)))
    assert [row["nested_source"].rsplit(",", 1)[1] for row in found] == ["ana-duarte", "ana-duarte-2"]


@pytest.mark.parametrize("words", HOSTILE)
def test_csv_cells_are_no_formulas(words: str) -> None:
    written = export.render([hostile_report(words)], "csv")
    [row] = csv.DictReader(io.StringIO(written), strict=True)
    assert written.count("\n") == 2
    for value in row.values():
        assert not value.startswith(tuple("=+-@\t\r＝＋－＠"))


def test_conll_tags_sources_cues_and_content() -> None:
    table = tokens(REPORT)
    assert all(len(row) == 7 for row in table)
    assert [TEXT[int(row[0]) : int(row[1])] for row in table] == TEXT.split()
    by_word = {row[2]: row for row in reversed(table)}
    assert by_word["harbour"][3:6] == ["B-SOURCE", "O", "O"]
    assert by_word["Duarte"][3:6] == ["I-SOURCE", "O", "O"]
    assert by_word["according"][4] == "B-CUE"
    assert by_word["Coast"][3] == "B-SOURCE"
    assert by_word["“until"][5:] == ["B-CONTENT", CRANES.id]
    assert by_word["signed.”"][5:] == ["I-CONTENT", CRANES.id]
    assert by_word["Fares"][5:] == ["B-CONTENT", RISE.id]
    assert by_word["SELWYN"][3:] == ["O", "O", "O", "_"]


def test_conll_shows_the_first_of_overlapping_spans_and_lists_both_claims() -> None:
    inner = attrs.evolve(IT, content=(at("sail on Monday"),))
    table = tokens(attrs.evolve(REPORT, claims=(FERRY, inner)))
    row = next(row for row in table if row[2] == "sail")
    assert row[5:] == ["I-CONTENT", f"{FERRY.id}|{inner.id}"]


def test_brat_places_slice_to_their_words() -> None:
    lines = [line.split("\t") for line in export.render([REPORT], "brat").splitlines()]
    assert len({line[0] for line in lines}) == len(lines)
    for name, what, *words in lines:
        if name.startswith("T"):
            pieces = [tuple(map(int, each.split())) for each in what.split(" ", 1)[1].split(";")]
            plain = " ".join(TEXT[start:end] for start, end in pieces)
            assert re.sub("[\x1b\u202e]", "?", plain) == re.sub("[\u241b\ufffd]", "?", words[0])
    text_bounds = {line[0]: line for line in lines if line[0].startswith("T")}
    cranes = next(name for name, line in text_bounds.items() if "cranes" in line[2])
    assert text_bounds[cranes][1].count(";") == 2, "split by the cue and by the line end"
    relations_of = [line[1].split() for line in lines if line[0].startswith("R") and f"Arg1:{cranes}" in line[1]]
    assert [each[0] for each in relations_of] == ["HasCue", "HasSource", "CarriedVia"]
    assert any(line[0].startswith("#") and f"claim {CRANES.id}" in line[2] for line in lines)


def test_brat_refuses_several_articles() -> None:
    with pytest.raises(QuotesError, match="one article per file"):
        export.render([REPORT, EMPTY], "brat")
