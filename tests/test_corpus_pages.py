"""What readers see of a corpus: a claim's way in the terminal and as a page, the overview in Markdown and as a page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import attrs
import pytest
from demo_travel import carry, demo_overview, demo_travels, outlet, overview_of
from rich.cells import cell_len
from test_hostile import ATTACKS, CONTROL

from quotes import views
from quotes.link import Member, Teller, Travel, link_members, travel
from quotes.views import timeline
from quotes.views import travel as facts

WIDTHS = (40, 80, 160)


class Elements(HTMLParser):
    """The names and attributes of all elements."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


def handlers(attributes: dict[str, str | None]) -> list[str]:
    return [name for name in attributes if name.startswith("on")]


def pages() -> Iterator[tuple[str, str]]:
    yield "trace", views.render_trace(demo_travels(), format="html", asked="cranes")
    yield "overview", views.render_overview(demo_overview(), format="html")


def test_the_terminal_says_first_how_many_stand_behind_a_claim() -> None:
    lines = views.render_trace(demo_travels()[:1], width=100).splitlines()
    assert lines[0].startswith("“The cranes will stand still")
    text = " ".join(" ".join(lines).split())
    assert "7 articles of 7 outlets carry it, Coast Courier and Radio Meridian first, on 6 May 2024." in text
    assert "All that give a source rest on one origin: Ana Duarte. Brell Gazette gives no source." in text
    assert "Inland Post (7 May 2024) cites Coast Courier (6 May 2024) and leaves out Radio Meridian." in text
    assert "[-the last of the-] {+all+} 14 inspectors [-has-] {+have+} signed" in text
    assert "← (TASS) ← Ana Duarte" in text


def test_a_circle_is_said_and_drawn() -> None:
    text = " ".join(views.render_trace(demo_travels()[1:], width=120).split())
    assert "Nobody outside stands behind it: Inland Post and Lantern Online have it from one another." in text
    drawn = timeline.draw(demo_travels()[1])
    assert drawn is not None
    assert sum(edge["circle"] for edge in drawn["edges"]) == 2
    assert [day["text"] for day in drawn["days"]] == ["7 May 2024", "8 May 2024", "9 May 2024"]


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    lines = views.render_trace(demo_travels(), width=width).splitlines()
    assert max(map(cell_len, lines)) <= width
    assert all(line == line.rstrip() for line in lines)


def test_colour_changes_no_character() -> None:
    plain, colored = (views.render_trace(demo_travels(), color=color) for color in (False, True))
    assert re.sub(r"\x1b\[[\d;]*m", "", colored) == plain
    assert "\x1b[" in colored


def test_the_tree_opens_a_place_once_and_takes_no_short_cut() -> None:
    way = demo_travels()[0]
    names = [branch.name for _, branch in facts.lines(facts.tree(way))]
    assert sorted(names) == sorted(set(names))
    assert ("Lantern Online", "Ana Duarte") in {(step.near, step.far) for step in way.steps} or len(way.steps) > 6
    assert ("Inland Post", "Ana Duarte") not in {(step.near, step.far) for step in facts.direct_steps(way)}


def test_nodes_of_the_picture_keep_apart() -> None:
    for way in demo_travels():
        drawn = timeline.draw(way)
        assert drawn is not None
        spots = [(node["x"], node["y"]) for node in drawn["nodes"]]
        assert len(set(spots)) == len(spots)
        assert all(0 < x < drawn["width"] and 0 < y < drawn["height"] for x, y in spots)


def test_rings_within_one_day_are_drawn() -> None:
    members = [carry("A", 1, outlet("B")), carry("B", 1, outlet("C")), carry("C", 1, outlet("A"))]
    (cluster,) = link_members(members)
    drawn = timeline.draw(travel(cluster))
    assert drawn is not None
    assert len(drawn["nodes"]) == len(drawn["edges"]) == 3


@pytest.mark.parametrize(("name", "page"), list(pages()), ids=[name for name, _ in pages()])
def test_a_page_stands_alone_and_runs_nothing(name: str, page: str) -> None:
    found = Elements(page).found
    policy = next(each["content"] for tag, each in found if each.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src" not in policy
    assert not {tag for tag, _ in found} & {"script", "img", "iframe", "link", "object", "a", "form"}
    assert not [
        each for _, each in found if each.keys() & {"src", "href", "style"} or any(key.startswith("on") for key in each)
    ]
    assert "<svg" in page
    assert ("<del>" in page) == (name == "trace")


def test_the_overview_names_what_it_found() -> None:
    notes = views.render_overview(demo_overview())
    assert "The run has not finished" in notes
    assert "| “The cranes will stand still until the last of the 14 inspectors has signed” | 7 | Ana Duarte |" in notes
    assert "Inland Post and Lantern Online" in notes
    page = views.render_overview(demo_overview(), format="html")
    for heading in (
        "Many outlets, one source",
        "In a circle",
        "Most heard sources",
        "Relays",
        "Nobody named, by publisher",
    ):
        assert heading in page
    assert "Who relies on whom" in page


def poisoned(words: str) -> list[Travel]:
    """Ways on which every name, date and word is hostile."""
    text = f"{words} and the cranes will stand still until the last of the inspectors has signed {words}"
    changed = text.replace("the last of the", f"all {words}")

    def bad(member: Member, content: str) -> Member:
        return attrs.evolve(member, published=words or None, path=words, text=content)

    source = Teller(name=words, kind="person", role=words)
    members = [
        bad(carry(words, 1, source), text),
        bad(carry(f"B {words}", 2, outlet(words), source), changed),
        bad(carry(f"C {words}", 3, outlet(f"B {words}")), text),
        bad(carry(f"D {words}", 4, outlet(f"C {words}"), outlet(f"D {words}")), text),
        bad(carry(None, 5, Teller(name=words, kind="anonymous", beside=(words,)), origin="unnamed"), text),
    ]
    ways = [travel(cluster) for cluster in link_members(members)]
    assert ways
    return ways


@pytest.mark.parametrize("words", list(ATTACKS.values()), ids=list(ATTACKS))
def test_hostile_names_and_claims_are_shown_and_not_obeyed(words: str) -> None:
    ways = poisoned(words)
    shown = {
        "terminal": views.render_trace(ways, asked=words),
        "notes": views.render_overview(overview_of(ways, words, f"A {words}")),
        "trace": views.render_trace(ways, format="html", asked=words),
        "overview": views.render_overview(overview_of(ways, words, f"A {words}"), format="html"),
    }
    harmless = {tag: Elements(page).found for tag, page in pages()}
    for name, text in shown.items():
        assert not CONTROL.search(text.replace("\n", "")), name
        if name in harmless:
            allowed = {tag for tag, _ in harmless["trace"] + harmless["overview"]}
            found = Elements(text).found
            assert {tag for tag, _ in found} <= allowed
            assert not [
                each for _, each in found if any(key.startswith("on") or key in ("href", "src") for key in each)
            ]


def test_no_claim_and_several_claims_have_their_page() -> None:
    assert "No claim has these words." in views.render_trace([], format="html", asked="<b>cranes</b>")
    page = views.render_trace(demo_travels(), format="html", asked="<b>cranes</b>")
    assert "2 claims have these words." in page
    assert "&lt;b&gt;cranes" in page


def test_many_places_are_left_to_the_table() -> None:
    members: list[Any] = [carry(f"Paper {at}", at % 28 + 1, "Ana Duarte") for at in range(80)]
    (cluster,) = link_members(members)
    way = travel(cluster)
    assert timeline.draw(way) is None
    assert views.render_trace([way], format="html").count("<tr>") == 81


def test_a_long_chain_of_outlets_and_a_thicket_of_citations_are_shown() -> None:
    names = [f"Paper {at}" for at in range(300)]
    chain = [
        carry(names[0], 1, "Ana Duarte"),
        *(carry(one, 1, outlet(other)) for other, one in pairwise(names)),
    ]
    thicket = [carry(one, 1, outlet(other)) for one in names[:14] for other in names[:14] if one != other]
    for members in (chain, thicket):
        (cluster,) = link_members([attrs.evolve(each, claim=str(at)) for at, each in enumerate(members)])
        way = travel(cluster)
        assert max(map(cell_len, views.render_trace([way], width=40).splitlines())) <= 40
        assert "</html>" in views.render_trace([way], format="html")
