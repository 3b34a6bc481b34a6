"""A reader's corrections: found by their words, applied, shown in every view, kept over runs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import attrs
import pytest
from export_cases import (
    ARTICLE,
    BELIEF,
    CLAIMS,
    CRANES,
    DUARTE,
    FARE,
    FERRY,
    HERALD,
    IT,
    ODE,
    RADIO,
    REPORT,
    RISE,
    at,
)

from quotes import export, views
from quotes.corrections import apply, read_corrections
from quotes.errors import InputError
from quotes.records import Claim, Correction, Edit, Party, Report, Span

# The report as an analyzer makes it: mentions at the innermost hop, no report of belief.
SPEECH = attrs.evolve(REPORT, claims=tuple(each for each in CLAIMS if each.act == "speech"))


def corrected(*corrections: Correction, report: Report = REPORT) -> Report:
    found = apply(report.article, report.sources, report.claims, report.passages, corrections)
    return attrs.evolve(report, sources=found.sources, claims=found.claims, corrections=found.corrections)


def claim_of(report: Report, like: Claim) -> Claim:
    return next(each for each in report.claims if each.id == like.id)


def from_json(tmp_path: Path, entries: Any, **more: Any) -> tuple[Correction, ...]:
    file = tmp_path / "corrections.json"
    file.write_text(json.dumps({"schema": "quotes-corrections/1", "corrections": entries, **more}), encoding="utf-8")
    return read_corrections(file)


def from_brat(tmp_path: Path, text: str) -> tuple[Correction, ...]:
    file = tmp_path / "ferry.ann"
    file.write_text(text, encoding="utf-8")
    return read_corrections(file)


# --- each edit


def test_an_accepted_claim_is_certain_and_says_so() -> None:
    report = corrected(Correction(do="accept", claim=FERRY.content))
    assert claim_of(report, FERRY) == attrs.evolve(FERRY, confidence=1.0, review="accepted")
    assert report.corrections[0].outcome == "applied"
    assert report.claims[1:] == REPORT.claims[1:]


def test_a_rejected_claim_is_gone_with_the_sources_that_only_it_names() -> None:
    report = corrected(Correction(do="reject", claim=FARE.content, note="a joke"))
    assert FARE.id not in {each.id for each in report.claims}
    assert ODE not in report.sources
    assert DUARTE in report.sources
    assert (report.corrections[0].outcome, report.corrections[0].was) == ("applied", ODE.name)


def test_a_claim_is_given_to_a_source_of_the_article() -> None:
    edit = Correction(do="attribute", claim=FARE.content, chain=(Party(name="ana duarte"),), whole=False)
    claim = claim_of(corrected(edit), FARE)
    assert [(each.source, each.name, each.rule) for each in claim.chain] == [(DUARTE.id, "Ana Duarte", "reader")]
    assert claim.chain[0].cue == FARE.chain[0].cue, "the cue still stands there"
    assert (claim.review, claim.origin, claim.confidence) == ("changed", "named", 1.0)


def test_the_relays_stay_where_only_the_origin_is_corrected() -> None:
    edit = Correction(do="attribute", claim=FERRY.content, chain=(Party(name="Karl Öde"),), whole=False)
    assert [each.name for each in claim_of(corrected(edit), FERRY).chain] == ["Coast Radio", "Karl Öde"]
    whole = attrs.evolve(edit, whole=True)
    claim = claim_of(corrected(whole), FERRY)
    assert ([each.name for each in claim.chain], claim.path) == (["Karl Öde"], "straight")


def test_a_claim_is_given_to_somebody_new() -> None:
    chain = (Party(name="Port Gazette"), Party(name="The captains", kind="group"))
    report = corrected(Correction(do="attribute", claim=FARE.content, chain=chain))
    claim = claim_of(report, FARE)
    assert [report.source(each.source).kind for each in claim.chain] == ["outlet", "group"]
    assert (claim.path, claim.origin) == ("relayed", "unnamed")


def test_the_words_of_a_claim_are_corrected() -> None:
    content = (at("The ferry will sail"),)
    report = corrected(Correction(do="content", claim=FERRY.content, content=content))
    claim = claim_of(report, FERRY)
    assert (claim.content, claim.kind, claim.review) == (content, "indirect", "changed")
    quoted = corrected(Correction(do="content", claim=CRANES.content, content=CRANES.content[:1]))
    assert claim_of(quoted, CRANES).kind == "direct"


def test_a_claim_is_added_in_its_place() -> None:
    words = at("A guard, who feared for his job, denied it")
    report = corrected(Correction(do="add", content=(words,), chain=(Party(name="Coast Radio"),)))
    [added] = [each for each in report.claims if each.review == "added"]
    assert (added.content, added.chain[0].source, added.origin) == ((words,), RADIO.id, "named")
    starts = [each.content[0].start for each in report.claims]
    assert starts == sorted(starts)


def test_two_sources_are_joined() -> None:
    report = corrected(Correction(do="join", sources=("Ana Duarte", "Karl Öde")))
    assert ODE.id not in {each.id for each in report.sources}
    assert claim_of(report, FARE).chain[0].name == "Ana Duarte"
    assert claim_of(report, FARE).review == "changed"
    assert claim_of(report, FERRY).review is None
    texts = {each.text for each in report.source(DUARTE.id).mentions}
    assert texts >= {"harbour master Ana Duarte", "council spokesman Karl Öde"}
    beside = corrected(Correction(do="join", sources=("Coast Radio", "the Selwyn Herald")))
    assert HERALD.id not in {each.id for each in beside.sources}


def test_a_source_is_parted_at_its_mentions() -> None:
    edit = Correction(do="part", sources=("Ana Duarte",), mentions=(at("she"),), chain=(Party(name="Ida Holm"),))
    report = corrected(edit)
    assert claim_of(report, CRANES).chain[-1].name == "Ida Holm"
    assert claim_of(report, FERRY).chain[-1].name == "Ana Duarte"
    new = report.source(claim_of(report, CRANES).chain[-1].source)
    assert ([each.text for each in new.mentions], new.kind) == (["she"], "person")


# --- finding what they are about


def test_words_that_have_moved_are_found_where_they_stand_once() -> None:
    moved = tuple(Span(start=span.start + 7, end=span.end + 7, text=span.text) for span in FERRY.content)
    assert corrected(Correction(do="accept", claim=moved)).corrections[0].outcome == "applied"
    partly = (at("ferry will sail on Monday"),)
    assert claim_of(corrected(Correction(do="accept", claim=partly)), FERRY).review == "accepted"


@pytest.mark.parametrize(
    "edit",
    [
        Correction(do="accept", claim=(Span(start=0, end=11, text="never there"),)),
        Correction(do="accept", claim=(at("PORT SELWYN"),)),
        Correction(do="content", claim=FERRY.content, content=(Span(start=0, end=5, text="xxxxx"),)),
        Correction(do="add", content=(Span(start=0, end=5, text="xxxxx"),), chain=(Party(name="Ana Duarte"),)),
        Correction(do="join", sources=("Ana Duarte", "Nobody")),
        Correction(do="part", sources=("Nobody",), mentions=(at("she"),), chain=(Party(name="Ida Holm"),)),
    ],
    ids=lambda edit: edit.do,
)
def test_what_finds_nothing_changes_nothing_and_says_so(edit: Correction) -> None:
    report = corrected(edit)
    assert (report.claims, report.corrections[0].outcome) == (REPORT.claims, "lost")
    assert "not applied" in views.render(report)


def test_a_claim_that_is_found_no_more_is_added_as_the_reader_left_it() -> None:
    edit = Correction(do="attribute", claim=FERRY.content, chain=(Party(name="Coast Radio"),))
    without = attrs.evolve(REPORT, claims=tuple(each for each in REPORT.claims if each != FERRY))
    [added] = [each for each in corrected(edit, report=without).claims if each.review == "added"]
    assert (added.content, added.chain[0].name) == (FERRY.content, "Coast Radio")


def test_other_articles_are_left_alone() -> None:
    assert corrected(Correction(do="reject", claim=FERRY.content, article="0" * 12)) == REPORT
    assert len(corrected(Correction(do="reject", claim=FERRY.content, article=ARTICLE.id)).claims) == len(CLAIMS) - 1


# --- files


def test_json_by_hand_needs_no_offsets(tmp_path: Path) -> None:
    entries = [
        {"do": "accept", "claim": "The ferry will sail on Monday"},
        {"do": "attribute", "claim": "=SUM(A1:A9) is the new fare", "source": "Ana Duarte", "note": "heard it myself"},
        {"do": "join", "sources": ["Coast Radio", "the Selwyn Herald"]},
        {"do": "part", "sources": ["Ana Duarte"], "mentions": ["she"], "chain": [{"name": "Ida Holm"}]},
    ]
    report = corrected(*from_json(tmp_path, entries))
    assert [each.outcome for each in report.corrections] == ["applied"] * 4
    assert claim_of(report, FARE).chain[-1].name == "Ana Duarte"


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"do": "improve"}, "`do` is none of accept"),
        ({"claim": "x"}, "do is missing"),
        ({"do": "accept"}, "`claim` is missing"),
        ({"do": "attribute", "claim": "x"}, "`chain` is missing"),
        ({"do": "accept", "claim": [{"start": 1}]}, "text is missing"),
        ({"do": "attribute", "claim": "x", "chain": [{"name": "y", "kind": "ghost"}]}, "`kind` is none of person"),
        ("accept", "it is no object"),
    ],
)
def test_an_entry_that_is_not_understood_is_named(tmp_path: Path, entry: Any, reason: str) -> None:
    with pytest.raises(InputError, match=f"Correction 2 is not understood: {reason}"):
        from_json(tmp_path, [{"do": "accept", "claim": "x"}, entry])


@pytest.mark.parametrize(
    "text", ["", "{", "[1]", '{"schema": "other"}', '{"schema": "quotes-corrections/1", "corrections": 1}']
)
def test_a_file_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError):
        read_corrections(file)
    with pytest.raises(InputError, match="cannot be read"):
        read_corrections(tmp_path / "absent.json")


def test_a_corrected_report_keeps_its_corrections_and_gives_them_back(tmp_path: Path) -> None:
    edits = (
        Correction(do="reject", claim=FERRY.content, note="no"),
        Correction(do="attribute", claim=FARE.content, chain=(Party(name="X", kind="group", mention=at("she")),)),
        Correction(do="join", sources=("Coast Radio", "the Selwyn Herald")),
    )
    report = corrected(*edits)
    values = export.to_dict(report)
    export.validate(values)
    assert export.from_dict(values, ARTICLE.text).corrections == report.corrections
    file = tmp_path / "report.json"
    file.write_text(export.render([report], "json"), encoding="utf-8")
    again = corrected(*read_corrections(file))
    assert (again.claims, again.sources) == (report.claims, report.sources)


# --- brat, out and in


def brat(report: Report = SPEECH) -> str:
    return export.render([report], "brat")


def name_of(text: str, label: str, words: str) -> str:
    """The name of the annotation of this label and words."""
    [found] = re.findall(rf"^(T\d+)\t{label} [\d ;]+\t{re.escape(words)}$", text, re.MULTILINE)
    return str(found)


def without(text: str, names: Iterable[str]) -> str:
    gone = re.compile(rf"\b({'|'.join(names)})\b")
    return "".join(line for line in text.splitlines(keepends=True) if not gone.search(line.split("\t{")[0]))


def test_a_file_that_nobody_touched_corrects_nothing(tmp_path: Path) -> None:
    assert from_brat(tmp_path, brat()) == ()


def test_an_annotation_that_was_deleted_is_a_rejected_claim(tmp_path: Path) -> None:
    text = brat()
    edits = from_brat(tmp_path, without(text, [name_of(text, "Content", "The ferry will sail on Monday")]))
    assert edits == (Correction(do="reject", claim=FERRY.content),)


def test_a_source_that_was_drawn_anew_is_the_new_source(tmp_path: Path) -> None:
    text = brat()
    content = name_of(text, "Content", "=SUM(A1:A9) is the new fare")
    before, after = (name_of(text, "Source", words) for words in ("council spokesman Karl Öde", "A guard"))
    edited = text.replace(f"HasSource Arg1:{content} Arg2:{before}", f"HasSource Arg1:{content} Arg2:{after}")
    [edit] = from_brat(tmp_path, edited)
    assert (edit.do, edit.chain[0].mention) == ("attribute", at("A guard"))
    assert claim_of(corrected(edit, report=SPEECH), FARE).chain[-1].source == IT.chain[-1].source


def test_content_that_was_drawn_anew_reviews_and_additions(tmp_path: Path) -> None:
    text = brat()
    ferry, fares = (
        name_of(text, "Content", "The ferry will sail on Monday"),
        name_of(text, "Content", "Fares will rise"),
    )
    shorter, extra = at("The ferry will sail"), at("the new fare")
    radio = name_of(text, "Source", "Coast Radio")
    edited = text.replace(
        f"{ferry}\tContent {FERRY.content[0].start} {FERRY.content[0].end}\t{FERRY.content[0].text}",
        f"{ferry}\tContent {shorter.start} {shorter.end}\t{shorter.text}",
    )
    edited += f"A90\tReview {fares} accepted\nT90\tContent {extra.start} {extra.end}\t{extra.text}\n"
    edited += f"R90\tHasSource Arg1:T90 Arg2:{radio}\nR91\tSameAs Arg1:{radio} Arg2:{name_of(text, 'Source', 'she')}\n"
    edits = from_brat(tmp_path, edited)
    assert [each.do for each in edits] == ["content", "accept", "add", "join"]
    assert edits[0].content == (shorter,)
    assert edits[1].claim == RISE.content
    assert edits[2].chain[0].mention == at("Coast Radio")
    assert edits[3].sources == ("Coast Radio", "she")
    joined = corrected(*edits, report=SPEECH)
    assert [each.outcome for each in joined.corrections] == ["applied"] * 4
    assert claim_of(joined, CRANES).chain[-1].source == RADIO.id


def test_a_brat_file_of_somebody_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not say what was exported"):
        from_brat(tmp_path, "T1\tContent 0 3\tabc\n")
    with pytest.raises(InputError, match="damaged"):
        from_brat(tmp_path, 'T1\tExported 0 3\tabc\n#1\tAnnotatorNotes T1\t{"claims\n')


def test_brat_is_told_every_type_that_is_exported() -> None:
    known = re.findall(
        r"^(\w+)", (Path(export.__file__).parents[1] / "data" / "annotation.conf").read_text("utf-8"), re.M
    )
    report = corrected(Correction(do="accept", claim=FERRY.content), report=SPEECH)
    used = {line.split("\t")[1].split()[0] for line in brat(report).splitlines() if line[0] in "TRA"}
    assert used <= set(known)


def test_the_readme_shows_corrections_that_are_understood(tmp_path: Path) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    [example] = re.findall(r"```json\n(.*?)```", readme, re.DOTALL)
    file = tmp_path / "example.json"
    file.write_text(example, encoding="utf-8")
    assert [each.do for each in read_corrections(file)] == list(get_args(Edit))


# --- shown as such


@pytest.mark.parametrize("name", [*views.FORMATS, "csv", "mermaid", "brat", "json", "prov", "graphml"])
def test_every_view_shows_what_a_reader_changed(name: str) -> None:
    report = corrected(Correction(do="accept", claim=FERRY.content), report=SPEECH)
    render = views.render if name in views.FORMATS else lambda one, format: export.render([one], format)
    assert "accepted" in render(report, format=name)
    assert "accepted" not in render(SPEECH, format=name)


@pytest.mark.parametrize("name", views.FORMATS)
def test_every_view_lists_the_corrections_safely(name: str) -> None:
    report = corrected(
        Correction(do="reject", claim=FARE.content, note="<b>\x1b[31mno\u202e"),
        Correction(do="add", content=(at("A guard"),), chain=(Party(name="<i>Eve</i>"),)),
    )
    page = views.render(report, format=name)
    assert "orrected by a reader" in page
    assert name == "terminal" or "<i>Eve" not in page
    assert "\x1b" not in page
    assert BELIEF.id not in page
