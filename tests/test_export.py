"""Exports: JSON there and back, the schema, what holds for every format."""

from __future__ import annotations

import json
import re
import sys
from typing import Any, get_args

import attrs
import pytest
from export_cases import (
    ARTICLE,
    BELIEF,
    CLAIMS,
    CRANES,
    DUARTE_AT,
    EMPTY,
    FARE,
    FERRY,
    HERALD,
    REPORT,
    RISE,
    TEXT,
    at,
    comparable,
)

from quotes import export, lexicon, records
from quotes.errors import MissingExtra, QuotesError
from quotes.export.jsonform import schema
from quotes.records import (
    Article,
    Attribution,
    Evidence,
    Report,
)


def test_fixture_spans_slice_to_the_text() -> None:
    spans = [span for each in CLAIMS for span in (*each.content, each.cue, each.source) if span]
    assert all(TEXT[span.start : span.end] == span.text for span in spans)
    assert DUARTE_AT.text == "harbour master Ana Duarte"


# --- JSON


def test_json_has_the_keys_of_the_design_in_order() -> None:
    values = export.to_dict(REPORT)
    link = values["claims"][0]["chain"][0]
    assert " ".join(values) == "schema article sources passages claims trees issues corrections settings versions"
    assert " ".join(values["article"]) == (
        "id path title publisher byline dateline credit published url language characters offsets"
    )
    assert " ".join(values["claims"][0]) == "id kind act origin path content cue source confidence chain review"
    assert " ".join(link) == ("source name relation basis cue mention rule confidence resolved beside anonymity")
    assert link["beside"] == [{"source": HERALD.id, "name": "the Selwyn Herald"}]
    assert values["article"]["characters"] == len(TEXT)
    assert values["passages"][0]["outer"] == [at("“The").start, at("🙂,”").end]


@pytest.mark.parametrize("report", [REPORT, EMPTY])
def test_json_follows_the_schema_and_comes_back(report: Report) -> None:
    values = json.loads(export.to_json(report))
    export.validate(values)
    assert export.from_dict(values, report.article.text) == comparable(report)
    assert export.to_json(export.from_dict(values, report.article.text)) == export.to_json(report)


def test_json_rounds_confidences_to_two_digits() -> None:
    rough = attrs.evolve(FARE, confidence=0.8749, chain=(attrs.evolve(FARE.chain[0], confidence=1),))
    values = export.to_dict(attrs.evolve(REPORT, claims=(rough,)))["claims"][0]
    assert (values["confidence"], values["chain"][0]["confidence"]) == (0.87, 1.0)
    assert isinstance(values["chain"][0]["confidence"], float)


def test_json_bytes_do_not_depend_on_the_order_of_settings() -> None:
    other = attrs.evolve(REPORT, settings=dict(reversed(REPORT.settings.items())))
    assert export.to_json(other) == export.to_json(REPORT)


def test_json_keeps_letters_and_escapes_what_moves_a_terminal() -> None:
    line = export.to_jsonl_line(REPORT)
    assert "الميناء" in line
    assert "🙂" in line
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e\u2028]", line)
    lone = attrs.evolve(EMPTY, article=Article(text="", title="\ud800 \u2028"))
    assert export.to_jsonl_line(lone).encode()
    assert len(export.to_jsonl_line(lone).splitlines()) == 1


def test_several_reports_are_an_array_in_json_and_lines_in_jsonl() -> None:
    assert len(json.loads(export.render([REPORT, EMPTY], "json"))) == 2
    assert json.loads(export.render([], "json")) == []
    assert json.loads(export.render([REPORT], "json"))["schema"] == "quotes/1"
    lines = export.render([REPORT, EMPTY], "jsonl").splitlines()
    assert [json.loads(line)["article"]["id"] for line in lines] == [ARTICLE.id, EMPTY.article.id]


def test_jsonl_holds_what_a_scorer_reads() -> None:
    """Spans that slice to the text, the stated chain as names, side by side sources in one list, carried apart."""
    values = json.loads(export.to_jsonl_line(REPORT))
    assert values["article"]["path"].endswith("ferry_1.txt")
    found = {}
    for each in values["claims"]:
        hops = [link.get(key) for link in each["chain"] for key in ("cue", "mention")]
        for span in filter(None, [*each["content"], each.get("cue"), each.get("source"), *hops]):
            assert TEXT[span["start"] : span["end"]] == span["text"]
        stated = [link for link in each["chain"] if link.get("basis", "stated") == "stated"]
        chain = [[h["name"], *(b["name"] for b in h["beside"])] if h.get("beside") else h["name"] for h in stated]
        found[each["id"]] = (chain, [link["name"] for link in each["chain"] if link["basis"] == "carried"])
    assert found[FERRY.id] == ([["Coast Radio", "the Selwyn Herald"], "Ana Duarte"], [])
    assert found[CRANES.id] == (["Ana Duarte"], ["Coast Radio"])
    assert found[RISE.id] == (["unnamed"], [])
    assert next(each for each in values["claims"] if each["id"] == RISE.id)["source"] is None


def test_belief_is_always_in_json() -> None:
    assert {each["act"] for each in json.loads(export.render([REPORT], "json"))["claims"]} == {"speech", "belief"}


def test_from_dict_refuses_other_forms_and_other_texts() -> None:
    values = export.to_dict(REPORT)
    with pytest.raises(QuotesError, match="schema is 'quotes/2'"):
        export.from_dict({**values, "schema": "quotes/2"}, TEXT)
    with pytest.raises(QuotesError, match="not the one"):
        export.from_dict(values, TEXT + " ")
    with pytest.raises(QuotesError, match="claims"):
        export.from_dict({key: value for key, value in values.items() if key != "claims"}, TEXT)
    with pytest.raises(QuotesError, match="unexpected"):
        export.from_dict({**values, "issues": [{"kind": "a", "message": "b", "unexpected": 1}]}, TEXT)


# --- schema

BROKEN = [
    (("schema",), "quotes/2"),
    (("extra",), 1),
    (("article", "offsets"), "bytes"),
    (("article", "extra"), None),
    (("article", "id"), "not hexadecimal"),
    (("claims", 0, "kind"), "quoted"),
    (("claims", 0, "confidence"), 1.2),
    (("claims", 0, "content"), []),
    (("claims", 0, "chain"), []),
    (("claims", 0, "chain", 0, "relation"), "stated"),
    (("claims", 0, "chain", 0, "cue", "start"), -1),
    (("claims", 0, "chain", 0, "beside"), None),
    (("claims", 0, "cue", "stance"), "loud"),
    (("passages", 0, "outer"), [1]),
    (("passages", 0, "start"), 1.5),
    (("sources", 0, "country"), "Norway"),
    (("issues", 0, "start"), "3"),
]


@pytest.mark.parametrize(("place", "value"), BROKEN)
def test_schema_refuses(place: tuple[str | int, ...], value: object) -> None:
    values: Any = json.loads(export.to_json(REPORT))
    inner = values
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    with pytest.raises(QuotesError, match="departs from the schema at"):
        export.validate(values)


def _objects(value: Any, place: str = "$") -> list[tuple[str, dict[str, Any]]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [(place, value)] if isinstance(value, dict) else []
    return found + [each for key, child in children for each in _objects(child, f"{place}.{key}")]


def test_every_field_is_required() -> None:
    """One object of each kind: the first where no place is the same but for its numbers."""
    kinds = {re.sub(r"\d+", "N", place): place for place, _ in reversed(_objects(export.to_dict(REPORT)))}
    for place in kinds.values():
        if place in ("$.settings", "$.versions"):
            continue
        for key in list(dict(_objects(export.to_dict(REPORT)))[place]):
            damaged = json.loads(export.to_json(REPORT))
            del dict(_objects(damaged))[place][key]
            with pytest.raises(QuotesError, match="required"):
                export.validate(damaged)


def test_schema_is_valid_strict_and_described() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())
    for name, part in [("top", schema()), *schema()["$defs"].items()]:
        assert part["description"], name
        if part.get("type") == "object":
            assert part["additionalProperties"] is False, name
            assert part["required"] == list(part["properties"]), name
            assert all(each.get("description") for each in part["properties"].values()), name


@pytest.mark.parametrize(
    ("place", "values"),
    [
        ("claim.kind", records.Kind),
        ("claim.act", records.Act),
        ("claim.origin", records.Origin),
        ("claim.path", records.Path),
        ("hop.relation", records.Relation),
        ("hop.basis", records.Basis),
        ("source.kind", records.SourceKind),
        ("mention.form", records.Form),
        ("passage.use", records.Use),
        ("cue.stance", lexicon.Stance),
    ],
)
def test_schema_lists_the_values_of_the_records(place: str, values: Any) -> None:
    record, field = place.split(".")
    assert schema()["$defs"][record]["properties"][field]["enum"] == list(get_args(values))


def test_schema_lists_the_lexicon_s_kinds_of_ownership() -> None:
    assert schema()["$defs"]["source"]["properties"]["ownership"]["enum"] == [*get_args(lexicon.Ownership), None]


# --- every format


@pytest.mark.parametrize("format", list(export.FORMATS))
@pytest.mark.parametrize("report", [REPORT, EMPTY])
def test_every_format_is_text_that_ends_with_a_line_end_and_is_stable(format: str, report: Report) -> None:
    written = export.render([report], format)
    again = export.render([export.from_dict(json.loads(export.to_json(report)), report.article.text)], format)
    assert written == again
    assert written == "" or (written.endswith("\n") and not written.endswith("\n\n\n"))
    written.encode()
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e]", written)


@pytest.mark.parametrize("format", sorted(set(export.FORMATS) - {"json", "jsonl", "mermaid"}))
def test_belief_is_left_out_unless_asked_for(format: str) -> None:
    mark = str(BELIEF.content[0].start) if format == "brat" else BELIEF.id
    assert not re.search(rf"\b{mark}\b", export.render([REPORT], format))
    assert re.search(rf"\b{mark}\b", export.render([REPORT], format, include_belief=True))


def test_unknown_format_names_those_that_exist() -> None:
    with pytest.raises(QuotesError, match=r"no format 'docx'.*jsonl"):
        export.render([REPORT], "docx")


def test_formats_are_described() -> None:
    assert " ".join(export.FORMATS) == "json jsonl prov provn jsonld schemaorg mermaid csv graphml conll brat"
    assert all(description and "\n" not in description for description in export.FORMATS.values())


@pytest.mark.parametrize(("format", "library", "extra"), [("prov", "prov", "prov"), ("graphml", "networkx", "graph")])
def test_missing_library_names_its_extra(
    format: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in sys.modules if name == library or name.startswith(f"{library}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(MissingExtra, match=rf"{library} is not installed.*quotes\[{extra}\]"):
        export.render([REPORT], format)


def test_evidence_is_no_part_of_the_json() -> None:
    seen = Attribution(
        cue=None,
        content=(),
        source=None,
        kind="direct",
        act="speech",
        relation="said",
        rule="secret-rule",
        confidence=1,
    )
    told = attrs.evolve(REPORT, evidence=(Evidence(claim=FERRY.id, attributions=(seen,)),))
    assert "secret-rule" not in export.to_json(told)
