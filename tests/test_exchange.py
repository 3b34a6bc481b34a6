"""The samples handed to other tools and back: PROV, brat, graphs, corrections."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import attrs
import pytest
from test_samples import NAMES, SAMPLES

from quotes import export
from quotes.corrections import apply, read_corrections
from quotes.records import Report

pytestmark = pytest.mark.models

FORMATS = {"prov": "json", "provn": "provn", "jsonld": "jsonld"}


@pytest.fixture(scope="module")
def reports() -> dict[str, Report]:
    from quotes.analyzer import Analyzer
    from quotes.article import read_article

    articles = [read_article((SAMPLES / f"{name}.txt").read_bytes(), path=f"samples/{name}.txt") for name in NAMES]
    return dict(zip(NAMES, Analyzer().analyze_all(articles), strict=True))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_prov_read_back_is_what_was_written(name: str, format: str, reports: dict[str, Report]) -> None:
    model = pytest.importorskip("prov.model")
    document = export.to_prov([reports[name]])
    written = export.render([reports[name]], format)
    assert model.ProvDocument.deserialize(content=written, format=FORMATS[format]) == document
    assert document.unified() == document, "nothing is said twice in two ways"


@pytest.mark.parametrize("name", NAMES)
def test_prov_says_what_the_design_says(name: str, reports: dict[str, Report]) -> None:
    pytest.importorskip("prov")
    report = reports[name]
    [bundle] = export.to_prov([report]).bundles
    said = relations(bundle)
    article = report.article.id
    for claim in report.claims:
        if claim.act != "speech":
            continue
        names = [f"claim-{article}-{claim.id}"]
        names += [f"statement-{article}-{claim.id}-{step}" for step in range(len(claim.chain))]
        kind = "prov:Quotation" if claim.kind == "direct" else ""
        for near, far in pairwise(names):
            assert (near, far, kind) in said["Derivation"]
        for statement, hop in zip(names[1:], claim.chain, strict=True):
            agents = {hop.source, *(each.source for each in hop.beside)}
            assert {each[1] for each in said["Attribution"] if each[0] == statement} == {
                f"source-{article}-{agent}" for agent in agents
            }
            evidence(bundle, statement, hop, report.article.text)
        primary = (names[0], names[-1], "prov:PrimarySource") in said["Derivation"]
        assert primary == (claim.origin == "named")
    spokespersons = {(s.id, s.speaks_for) for s in report.sources if s.speaks_for}
    assert said["Delegation"] == {tuple(f"source-{article}-{each}" for each in pair) for pair in spokespersons}


def relations(bundle: Any) -> dict[str, set[tuple[str, ...]]]:
    """The bundle's relations by their kind: what they relate, and for derivations the type that is asserted."""
    found: dict[str, set[tuple[str, ...]]] = {"Derivation": set(), "Attribution": set(), "Delegation": set()}
    for record in bundle.records:
        kind = record.get_type().localpart
        if kind in found:
            ends = tuple(str(value).removeprefix("quotes:") for value in record.args if value)[:2]
            types = [str(each) for each in record.get_asserted_types()] if kind == "Derivation" else []
            found[kind].add((*ends, *(types or [""])) if kind == "Derivation" else ends)
    return found


def evidence(bundle: Any, statement: str, hop: Any, text: str) -> None:
    [record] = bundle.get_record(f"quotes:{statement}")
    values = {str(name): value for name, value in record.attributes}
    assert (values["quotes:rule"], values["quotes:basis"]) == (hop.rule, hop.basis)
    for name, span in (("cue", hop.cue), ("mention", hop.mention)):
        if span:
            start, end = values[f"quotes:{name}Start"], values[f"quotes:{name}End"]
            assert text[start:end] == span.text


@pytest.mark.parametrize("name", NAMES)
def test_an_untouched_brat_file_corrects_nothing(name: str, reports: dict[str, Report], tmp_path: Path) -> None:
    file = tmp_path / f"{name}.ann"
    file.write_text(export.render([reports[name]], "brat"), encoding="utf-8")
    assert read_corrections(file) == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_deleted_claim_stays_deleted(name: str, reports: dict[str, Report], tmp_path: Path) -> None:
    """The edited file holds after the next run too: everything rejected is found by its words again."""
    report = attrs.evolve(reports[name], claims=tuple(c for c in reports[name].claims if c.act == "speech"))
    kept = [line for line in export.render([report], "brat").splitlines() if "\tContent " not in line]
    file = tmp_path / f"{name}.ann"
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    edits = read_corrections(file)
    found = apply(report.article, report.sources, report.claims, report.passages, edits)
    assert found.claims == ()
    assert {each.outcome for each in found.corrections} == {"applied"}


@pytest.mark.parametrize("name", NAMES)
def test_a_graph_leads_from_every_claim_to_its_origin(name: str, reports: dict[str, Report]) -> None:
    networkx = pytest.importorskip("networkx")
    graph = export.to_networkx(reports[name])
    for claim in reports[name].claims:
        if claim.act == "speech":
            assert networkx.has_path(graph, claim.id, claim.chain[-1].source)


def test_the_sample_corrections_find_what_they_are_about(reports: dict[str, Report]) -> None:
    report = reports["relay"]
    edits = read_corrections(SAMPLES / "relay.corrections.json")
    found = apply(report.article, report.sources, report.claims, report.passages, edits)
    assert "lost" not in {each.outcome for each in found.corrections}
    assert {"accepted", "changed"} <= {claim.review for claim in found.claims}
