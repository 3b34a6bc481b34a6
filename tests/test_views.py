"""What people read: layout at every width, hostile text shown and not obeyed, nothing invented, nothing lost."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import attrs
import pytest
from demo_report import HOSTILE, TEXT, demo_report, empty_report
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from quotes.attribute.select import VOICELESS
from quotes.certainty import SURE, UNCERTAIN
from quotes.errors import QuotesError
from quotes.records import Credit, Report
from quotes.views import FORMATS, facts, render, render_explanation, render_rows
from quotes.views.cells import fit, shorten, wrap
from quotes.views.markdown import escape
from quotes.views.masthead import masthead

WIDTHS = (40, 60, 72, 80, 100, 160)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
TEXT_PART = re.compile(r'<div class="text"[^>]*>(.*?</div>)</div>', re.DOTALL)
UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def terminal(report: Report, width: int = 100, *, belief: bool = False, uncertain: bool = True) -> str:
    return render(report, width=width, include_belief=belief, include_uncertain=uncertain)


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    assert all(cell_len(line) <= width for line in terminal(demo_report(), width, belief=True).splitlines())


@pytest.mark.parametrize("width", WIDTHS)
def test_lines_end_without_blanks(width: int) -> None:
    assert all(line == line.rstrip() for line in terminal(demo_report(), width).splitlines())


@pytest.mark.parametrize("width", [72, 80, 100, 160])
def test_figures_stand_in_one_column(width: int) -> None:
    page = terminal(demo_report(), width, uncertain=False)
    figures = re.findall(r"^(.*(?:straight|relayed)) +\d?\.\d\d$", page, re.MULTILINE)
    assert len(figures) == 8
    assert len({cell_len(re.sub(r"(straight|relayed)$", "", line)) for line in figures}) == 1


def test_terminal_shows_the_trees() -> None:
    lines = terminal(demo_report(), 100).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("  2  direct"))
    assert re.match(
        r"     └─ Radio Meridian \[outlet, Portugal, private\] ·+ according to  named     relayed", lines[at + 1]
    )
    assert re.match(r"        └─ Ana Duarte ·+ Duarte said$", lines[at + 2])
    assert lines[at + 3].startswith("  3  direct    “We have waited long enough”")
    assert re.match(r"     └┄ Radio Meridian \[carried from 2\] ·+  named     straight   \.90$", lines[at + 4])


def test_terminal_names_everything_once_it_matters() -> None:
    page = terminal(demo_report(), 160, uncertain=True)
    for expected in (
        "Ana Duarte, union leader",
        "Reuters [outlet, UK] and AFP [outlet, France, public]",
        "“on condition of anonymity”",
        "“The sea gives” … “and the ministry takes”",
        "no source given",
        "the inspection report [document]",
        "he (not resolved)",
        "paragraph 10  “Nobody asked us.”",
        "“peace dividend” (scare quotes)",
        "Note: A quotation mark has no partner.",
        "10 March 2026 · by Ida Holm · dateline PORT VELA · wire credit Reuters",
    ):
        assert expected in page
    assert page.count("union leader") == 2, "once in the trees, once among the sources"


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["Reuters"], ["wire credit Reuters"]),
        (["The Guardian"], ["credited to The Guardian"]),
        (["Velna news agency", "Vallmere Gazette"], ["wire credit Velna news agency", "credited to Vallmere Gazette"]),
        ([], ["no wire credit"]),
    ],
)
def test_masthead_calls_a_credit_what_it_is(names: list[str], shown: list[str]) -> None:
    credit = tuple(Credit(name=name, start=0, end=1) for name in names)
    article = attrs.evolve(demo_report().article, credit=credit)
    assert [part for part in masthead(article) if "credit" in part] == shown


def test_summary_answers_the_editor() -> None:
    assert facts.summary(demo_report()) == [
        "8 claims from 2 people, 1 document and 1 unnamed source.",
        "3 reached the page through others: Radio Meridian (1), Reuters (1), AFP (1), Daily Anchor (1); "
        "1 more probably did: Radio Meridian (1).",
        "1 rests on an unnamed source and 1 gives no source at all.",
        "Ana Duarte is the origin of 4 of the 8.",
        "1 more is uncertain and not counted.",
    ]


def doubtful(report: Report, confidence: float) -> Report:
    """The report with a confidence for all its claims."""
    return attrs.evolve(report, claims=tuple(attrs.evolve(each, confidence=confidence) for each in report.claims))


def test_the_threshold_parts_the_claims() -> None:
    report = demo_report()
    assert facts.uncertain_count(doubtful(report, UNCERTAIN)) == 0
    below = doubtful(report, UNCERTAIN - 0.01)
    assert facts.uncertain_count(below) == 9
    assert facts.summary(below) == ["No claim is likely right; 9 are uncertain."]
    assert facts.source_rows(below) == facts.relay_rows(below) == []
    assert VOICELESS < UNCERTAIN < SURE < 1


@pytest.mark.parametrize("name", ["terminal", "markdown"])
def test_uncertain_claims_are_one_option_away(name: str) -> None:
    hidden, shown = (render(demo_report(), format=name, include_uncertain=each) for each in (False, True))
    for page, is_shown in ((hidden, False), (shown, True)):
        assert ("he (not resolved)" in page) is is_shown
        plain = page.replace("\\", "")
        assert ("1 uncertain claim (confidence below" in plain and "--uncertain show lists it" in plain) is not is_shown
    assert re.search(r"^(## )?(1 u|U)ncertain claim", shown, re.MULTILINE)


@pytest.mark.parametrize("name", ["html", "html-inline"])
def test_pages_fold_uncertain_claims_away(name: str) -> None:
    page = render(demo_report(), format=name)
    before, folded = page.split('<details class="uncertain">')
    folded, behind = folded.split("</details>", 1)
    assert "1 uncertain claim (confidence below" in folded
    assert folded.count('<li class="claim') == 1
    assert "not resolved" in folded
    assert before.count('<li class="claim') == 8
    assert "not resolved" not in behind
    assert "1 more is uncertain and not counted." in behind
    assert '<details class="uncertain" open>' in render(demo_report(), format=name, include_uncertain=True)


def test_sources_keep_carried_apart() -> None:
    rows = {row.name: row for row in facts.source_rows(demo_report())}
    duarte = rows["Ana Duarte"]
    assert (duarte.claims, duarte.direct, duarte.through) == (4, 3, (("Radio Meridian", 1, 1),))
    assert facts.heard(duarte) == "Radio Meridian 1 (+1 carried)"
    assert facts.heard(rows["the inspection report"]) == "–"
    relays = {row.name: (row.stated, row.carried, row.origins) for row in facts.relay_rows(demo_report())}
    assert relays["Radio Meridian"] == (1, 1, ("Ana Duarte",))


def test_belief_is_shown_on_request_only_and_never_as_a_tree() -> None:
    for name in FORMATS:
        assert "the plan will pass" not in _claims_part(render(demo_report(), format=name), name)
        assert "the plan will pass" in _claims_part(render(demo_report(), format=name, include_belief=True), name)
    lines = terminal(demo_report(), belief=True).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(" b1  belief"))
    assert lines[at + 1].startswith("     The ministry ·")
    assert facts.summary(demo_report())[0].startswith("8 claims"), "belief is not counted"


def _claims_part(page: str, name: str) -> str:
    """Without the article's own text, which has it all."""
    return TEXT_PART.sub("", page) if name.startswith("html") else page


def test_numbers_do_not_depend_on_what_is_shown() -> None:
    shown = {each.claim.id: each.number for each in facts.number_claims(demo_report())}
    every = {each.claim.id: each.number for each in facts.number_claims(demo_report(), include_belief=True)}
    assert shown.items() <= every.items()
    assert set(every.values()) - set(shown.values()) == {"b1"}


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_report_says_so(name: str) -> None:
    assert "Nothing quoted or reported was found in this article." in render(empty_report(), format=name)


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_text_is_shown_and_not_obeyed(name: str) -> None:
    page = render(demo_report(), format=name, width=160, include_uncertain=True)
    assert not UNSAFE.search(page)
    assert "␛" in page
    assert "u202egnp.exe" in page


def test_hostile_title_path_and_issue() -> None:
    report = demo_report()
    article = attrs.evolve(report.article, title=f"A{HOSTILE}", path=f"x{HOSTILE}.txt", publisher=f"P{HOSTILE}")
    for name in FORMATS:
        assert not UNSAFE.search(render(attrs.evolve(report, article=article), format=name))


def test_colour_only_adds_codes() -> None:
    plain = render(demo_report(), width=100)
    coloured = render(demo_report(), width=100, color=True)
    assert "\x1b" not in plain
    assert "\x1b[" in coloured
    assert ANSI.sub("", coloured) == plain


def test_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, coloured = render(demo_report()), render(demo_report(), color=True)
    for name, value in {"NO_COLOR": "1", "FORCE_COLOR": "1", "COLUMNS": "33", "TERM": "dumb"}.items():
        monkeypatch.setenv(name, value)
    assert render(demo_report()) == plain
    assert render(demo_report(), color=True) == coloured


def test_several_reports_stand_one_after_another() -> None:
    both = render([demo_report(), empty_report()])
    assert both == f"{render(demo_report())}\n{render(empty_report())}"


def test_an_unknown_view_is_refused() -> None:
    with pytest.raises(QuotesError, match=r"no view called 'pdf'.*terminal"):
        render(demo_report(), format="pdf")


def test_markdown_escapes_markup() -> None:
    assert escape("*a* [b](c) <d> | `e` _f_ &amp; $g$\n# h") == (
        r"\*a\* \[b\](c) \<d\> \| \`e\` \_f\_ \&amp; \$g\$ \# h"
    )
    assert escape("1. one") == r"1\. one"
    page = render(demo_report(), format="markdown", include_uncertain=True)
    assert "<script>" not in page
    assert r"\<script\>" in page
    assert "- **2.** “The cranes" in page
    assert r"**Radio Meridian** (carried from 2) → **Ana Duarte**" in page
    assert all(line.count(" | ") == 3 for line in page.splitlines() if line.startswith("| "))


def test_the_page_names_the_weakest_link_of_a_longer_chain() -> None:
    report = demo_report()
    trees = tuple(attrs.evolve(tree, weakest=0) for tree in report.trees)
    page = render(attrs.evolve(report, trees=trees), format="html")
    assert page.count(", the weakest link") == sum(len(c.chain) > 1 for c in report.claims if c.act == "speech")


class _Page(HTMLParser):
    """Balance of tags, ids, links, raw style and script."""

    VOID = frozenset({"meta", "br", "input"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[str] = []
        self.raw: dict[str, str] = {}
        self.policy = ""
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.attributes += list(known)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in {"href", "src"} and value]
        if known.get("http-equiv") == "Content-Security-Policy":
            self.policy = known["content"] or ""
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"style", "script"}:
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
        elif "div" in self.open:
            self.text += data


def test_the_page_stands_alone() -> None:
    page = _Page(render([demo_report(), empty_report()], format="html", include_belief=True))
    assert page.open == []
    assert page.policy.startswith("default-src 'none'; ")
    for name in ("style", "script"):
        digest = base64.b64encode(hashlib.sha256(page.raw[name].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in page.policy
    assert len(page.ids) == len(set(page.ids))
    assert all(link.startswith("#") and link[1:] in page.ids for link in page.links)
    assert not {"style", "onclick", "onload"} & set(page.attributes)


def test_the_page_holds_the_whole_text_with_its_claims() -> None:
    page = render(demo_report(), format="html")
    shown = TEXT_PART.search(page)
    assert shown
    text = re.sub(r'<a class="badge.*?</a>', "", shown[1])
    assert _plain(text) == facts.visible(TEXT)
    assert page.count('<mark class="direct sure hue c0') >= 4
    assert "&lt;script&gt;" in page


def _plain(fragment: str) -> str:
    parts: list[str] = []
    parser = HTMLParser()
    parser.handle_data = parts.append  # type: ignore[method-assign]
    parser.feed(fragment)
    parser.close()
    return "".join(parts)


def test_the_fragment_is_light_and_scoped() -> None:
    page = render(demo_report(), format="html-inline")
    parsed = _Page(page)
    assert parsed.open == []
    assert len(page.encode()) < 200_000
    assert "<script" not in page
    assert parsed.ids == []
    rules = re.findall(r"^([^@{}\n]+)\{", parsed.raw["style"], re.MULTILINE)
    assert rules
    assert all(part.strip().startswith(".quotes-view") for rule in rules for part in rule.split(","))


def test_a_long_text_is_left_out_of_the_fragment() -> None:
    report = demo_report()
    article = attrs.evolve(report.article, text=TEXT + "A ferry passed.\n" * 20_000)
    claims = tuple(attrs.evolve(claim, id=f"{claim.id}{at}") for at in range(50) for claim in report.claims)
    page = render(attrs.evolve(report, article=article, claims=claims), format="html-inline")
    assert "too long to be shown here" in page
    assert "370 more claims are left out here" in page
    assert len(page.encode()) < 200_000


def test_records_show_themselves() -> None:
    report = demo_report()
    assert str(report) == render(report)
    assert report._repr_html_() == render(report, format="html-inline")


def test_an_explanation_shows_rules_spans_and_rivals() -> None:
    report = demo_report()
    claim = report.claims[1]
    shown = render_explanation(report, claim.id, width=90)
    for expected in (
        f"id {claim.id} · direct · origin named · path relayed · confidence .97",
        f"[{claim.content[0].start}, {claim.content[0].end})",
        "Hop 1 of 2: Radio Meridian [outlet, Portugal, private]",
        "rule according-to",
        "Duarte said, ⟦according to⟧ Radio Meridian",
        "Hop 2 of 2: Ana Duarte, union leader",
        "⟦inspectors⟧",
        "inside the quotation (score 0.12)",
        "rejected    no source at all",
    ):
        assert expected in shown
    carried = render_explanation(report, report.claims[2].id)
    assert "carried from 2" in carried
    assert "No words here state this hop." in carried
    with pytest.raises(KeyError):
        render_explanation(report, "nothing")


@pytest.mark.parametrize("width", WIDTHS)
def test_explanations_fit_the_width_and_are_safe(width: int) -> None:
    report = demo_report()
    for claim in report.claims:
        shown = render_explanation(report, claim.id, width=width)
        assert not UNSAFE.search(shown)
        assert all(cell_len(line) <= width for line in shown.splitlines())


def test_rows_give_way_where_they_are_widest() -> None:
    rows = [{"name": "港" * 40, "claims": "12"}, {"name": "short", "claims": "3"}]
    lines = render_rows(rows, width=30).splitlines()
    assert lines[0] == f"name{' ' * 20}claims"
    assert lines[1].endswith("…      12") or lines[1].endswith("…       12")
    assert all(cell_len(line) <= 30 for line in lines)


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_shortened_text_fits(text: str, cells: int) -> None:
    line = facts.one_line(text)
    assert cell_len(shorten(line, cells)) <= cells
    assert cell_len(line[: fit(line, cells)]) <= cells


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_wrapped_text_fits_and_loses_nothing(text: str, cells: int) -> None:
    line = facts.one_line(text)
    lines = wrap(line, cells)
    assert all(cell_len(each) <= cells for each in lines)
    assert "".join(lines).replace(" ", "") == line.replace(" ", "")


@given(st.text(st.characters()))
def test_visible_text_holds_nothing_to_obey(text: str) -> None:
    assert not UNSAFE.search(facts.visible(text).replace("\r", "").replace("\n", ""))
    facts.visible(text).encode("utf-8")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31m", "␛[31m"),
        ("\u202eabc", "\\u202eabc"),
        ("\x9b", "\\x9b"),
        ("a\x00b\x7f", "a␀b␡"),
        ("\ud800", "\\ud800"),
        ("soft\u00adhyphen", "softhyphen"),
        ("👩\u200d🚀 می\u200cرود", "👩\u200d🚀 می\u200cرود"),
    ],
)
def test_what_is_shown_for_what_is_hidden(text: str, shown: str) -> None:
    assert facts.visible(text) == shown


def test_the_edges_of_the_picture_name_their_sources() -> None:
    page = render(demo_report(), format="html")
    nodes = set(re.findall(r'data-node="([^"]+)"', page))
    edges = [each.split()[0] for each in re.findall(r'data-keys="([^"]+)"', page)]
    assert edges
    assert set(edges) <= nodes
    assert page == render(demo_report(), format="html")
