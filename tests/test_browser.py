"""The page in a real browser: choosing, filtering, dark, print, nothing asked of the network, nothing axe objects to.

Screenshots are left in .screens, to be looked at. Debian's `chromium` is what `.ci/run` installs.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest
from demo_report import TEXT, demo_report, empty_report

from quotes import views
from quotes.certainty import is_uncertain
from quotes.records import Report
from quotes.views import facts

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: apt-get install chromium"),
    pytest.mark.models,  # some read a sample, and all of them take their time
]

ROOT = Path(__file__).resolve().parents[1]
SCREENS = ROOT / ".screens"
FLAGS = (
    "--no-sandbox",  # Chromium has none for root
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)
SIZES = {"narrow": (380, 800), "wide": (1600, 1000)}
MARKED = "(select) => document.querySelectorAll(select).length"
OPEN_SECONDS = 2.0
LARGEST = 15_000_000  # bytes
WAIT = 120_000  # milliseconds, for machines that do other things as well

Open = Callable[..., Any]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def open_page(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Opens a page, or one of reports, from a file; what it complains of or asks for fails the test at its end."""
    complaints: list[str] = []
    contexts = []

    def opened(reports: Any, place: str = "", *, size: str = "wide", **options: Any) -> Any:
        file = tmp_path / "report.html"
        text = reports if isinstance(reports, str) else views.render(reports, format="html", include_belief=True)
        file.write_text(text, encoding="utf-8")
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url != page.url else None)
        page.goto(file.as_uri() + place)
        complaints.clear() if complaints == [file.as_uri()] else None
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="module")
def sample() -> Report:
    from test_samples import SAMPLES

    from quotes.analyzer import Analyzer
    from quotes.article import read_article

    return Analyzer().analyze(read_article((SAMPLES / "relay.txt").read_bytes(), path="samples/relay.txt"))


def longest(report: Report) -> facts.Numbered:
    """The first claim with the longest chain."""
    named = (each for each in facts.number_claims(report) if each.claim.origin != "unsourced")
    return max(named, key=lambda each: len(each.claim.chain))


def chosen_names(page: Any) -> list[str]:
    return page.locator(".claim.chosen .hop .name").all_inner_texts()


def names(each: facts.Numbered) -> list[str]:
    return [facts.hop_name(each.claim, hop, name) for hop in each.claim.chain for _, name in facts.hop_sources(hop)]


def test_uncertain_claims_are_folded_until_asked_for(open_page: Open) -> None:
    page = open_page(demo_report())
    mark, badge, chosen = (page.locator(each) for each in ("mark.uncertain", ".badge.uncertain", ".claim.chosen"))
    assert badge.count() == 1
    assert not badge.is_visible()
    mark.first.click()
    assert chosen.count() == 0
    page.locator("details.uncertain > summary").click()
    assert badge.is_visible()
    mark.first.click()
    assert chosen.count() == 1
    by_address = open_page(demo_report(), "#a1-claim-9")
    assert by_address.locator("details.uncertain[open] .claim.chosen").count() == 1


def test_a_claim_is_chosen_by_mouse(sample: Report, open_page: Open) -> None:
    each = longest(sample)
    page = open_page(sample)
    assert page.locator(".tree:visible").count() == 0
    page.locator(f'mark[data-c~="{each.number}"]').first.click()
    assert chosen_names(page) == names(each)
    assert len(names(each)) > 1
    lit = "".join(page.locator("mark.lit").all_inner_texts())
    assert "".join(lit.split()) == "".join("".join(span.text for span in each.claim.content).split())
    words = page.locator(".lit-words").all_inner_texts()
    for hop in each.claim.chain:
        for span in filter(None, (hop.cue, hop.mention)):
            assert span.text in " ".join(words)
    assert page.url.endswith(f"#a1-claim-{each.number}")
    page.locator(".claim.chosen .open").click()
    assert page.locator(".claim.chosen, .lit, .lit-words").count() == 0


def test_a_claim_is_chosen_by_keyboard(sample: Report, open_page: Open) -> None:
    each = longest(sample)
    page = open_page(sample)
    page.locator(f'[data-badge="{each.number}"]').focus()
    page.keyboard.press("Enter")
    assert chosen_names(page) == names(each)
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.keyboard.press("ArrowDown")
    numbered = facts.number_claims(sample)
    after = numbered[numbered.index(each) + 1]
    assert chosen_names(page) == names(after)
    page.keyboard.press("Escape")
    assert page.locator(".claim.chosen").count() == 0
    assert page.evaluate("document.activeElement.dataset.badge") == after.number


def test_filters_sources_and_words_narrow_the_list(sample: Report, open_page: Open) -> None:
    sure = tuple(each for each in sample.claims if each.act == "speech" and not is_uncertain(each))
    sample = attrs.evolve(
        sample, claims=sure, trees=tuple(each for each in sample.trees if each.claim in {c.id for c in sure})
    )
    claims = [each.claim for each in facts.number_claims(sample, include_belief=True)]
    page = open_page(sample)
    shown = page.locator(".claim:visible")
    assert shown.count() == len(claims)
    page.locator(".filters summary").click()
    page.locator('[data-filter="kind"]').select_option("direct")
    direct = [claim for claim in claims if claim.kind == "direct"]
    assert shown.count() == len(direct)
    page.locator('[data-filter="confidence"]').fill("0.8")
    assert shown.count() == sum(claim.confidence >= 0.8 for claim in direct)
    assert page.locator("#status").inner_text().startswith(f"{shown.count()} of {len(claims)} claims")
    page.keyboard.press("Escape")
    page.locator("#reset").click()
    assert shown.count() == len(claims)
    row = facts.source_rows(sample)[0]
    page.locator(".sources .pick").first.click()
    assert shown.count() == row.claims
    assert page.evaluate(MARKED, "mark.lit") >= row.claims
    page.locator(".sources .pick").first.click()
    word = claims[0].content[0].text.split()[-1]
    page.locator("#words").fill(word.upper())
    assert 0 < shown.count() < len(claims)
    assert all(word.casefold() in text.casefold() for text in shown.all_text_contents())
    assert page.evaluate("CSS.highlights.get('found').size") >= 1


def test_every_part_of_the_filter_counts(open_page: Open) -> None:
    page = open_page(demo_report())
    page.locator("details.uncertain > summary").click()
    shown = page.locator(".claim:visible")
    for part, value, wanted in (
        ("from", "ana-duarte", 4),
        ("via", "radio-meridian", 2),
        ("kind", "mixed", 1),
        ("origin", "unsourced", 1),
        ("path", "relayed", 3),
        ("kind", "belief", 1),
    ):
        page.evaluate("(part) => { document.querySelector('.filters').open = true }", part)
        page.locator(f'[data-filter="{part}"]').select_option(value)
        assert shown.count() == wanted, part
        page.keyboard.press("Escape")
        page.locator("#reset").click()
    assert shown.count() == 10


def test_a_hop_shows_its_words_in_the_text(open_page: Open) -> None:
    page = open_page(demo_report(), "#a1-claim-2")
    page.locator(".claim.chosen button.words").first.click()
    assert page.locator(".now").all_inner_texts() == ["according to", "Radio Meridian"]
    page.locator('.node[data-node="ana-duarte"]').first.focus()
    page.keyboard.press("Enter")
    assert page.locator(".claim:visible").count() == 4
    assert page.locator(".node[aria-pressed=true]").count() == 1


def test_touch_opens_the_tree_over_the_text(open_page: Open) -> None:
    page = open_page(demo_report(), size="narrow", has_touch=True)
    page.locator('mark[data-c~="2"]').first.tap()
    sheet = page.locator(".claim.chosen").bounding_box()
    assert sheet["y"] + sheet["height"] == pytest.approx(SIZES["narrow"][1], abs=1)
    assert sheet["height"] <= 0.6 * SIZES["narrow"][1]
    assert chosen_names(page) == ["Radio Meridian", "Ana Duarte"]
    page.locator(".claim.chosen .open").tap()
    assert page.locator(".claim.chosen").count() == 0


def test_hostile_text_stays_text_and_every_writing_its_direction(open_page: Open) -> None:
    arabic = "قالت ليلى: «الميناء مغلق» 🚢👩‍🚀"
    report = attrs.evolve(demo_report(), article=attrs.evolve(demo_report().article, text=TEXT + arabic))
    page = open_page(report)
    shown = "".join(
        page.evaluate(
            "() => { const text = document.querySelector('.text').cloneNode(true);"
            " text.querySelectorAll('.badge').forEach((each) => each.remove()); return text.textContent; }"
        )
    )
    assert shown == facts.visible(TEXT + arabic)
    assert page.evaluate("document.querySelectorAll('.text script, .text b, .claims script').length") == 0
    content = report.claims[5].content[0].text
    assert "🚢" in content
    assert page.locator('mark[data-c~="6"]').all_text_contents() == [content]
    last = page.locator(".text .block").last
    assert last.evaluate("(block) => getComputedStyle(block).unicodeBidi") == "plaintext"


def test_the_policy_forbids_what_a_text_could_ask_for(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    page_text = views.render(demo_report(), format="html")
    planted = (
        '<script>window.planted = 1</script><img src="https://example.org/x.png"><p style="color:red">x</p></main>'
    )
    file.write_text(page_text.replace("</main>", planted), encoding="utf-8")
    page = browser.new_page()
    failed: list[str] = []
    refused: list[str] = []
    page.on("requestfailed", lambda request: failed.append(f"{request.url} {request.failure}"))
    page.on("console", lambda message: refused.append(message.text))
    page.goto(file.as_uri())
    assert page.evaluate("window.planted") is None
    assert failed == ["https://example.org/x.png csp"]
    assert sum("Content Security Policy" in each for each in refused) == 3
    page.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["article", "articles"])
def test_looks(name: str, size: str, scheme: str, open_page: Open) -> None:
    """No axe violation, nothing wider than the screen, and a picture to look at."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    place, reports = {"article": ("#a1-claim-2", demo_report()), "articles": ("", [demo_report(), empty_report()])}[
        name
    ]
    page = open_page(reports, place, size=size, color_scheme=scheme)
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"{name}-{size}-{scheme}.png")
    page.screenshot(path=SCREENS / f"{name}-{size}-{scheme}-whole.png", full_page=True)
    assert violations(axe, page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(21, 23, 26)") == (scheme == "dark")


def violations(axe: Any, page: Any) -> list[str]:
    """What axe objects to. It may not fetch the styles again, which a page's policy forbids."""
    response = axe.run(page, options={"resultTypes": ["violations"], "preload": False}).response
    assert len(response["passes"]) > 20, "axe has looked"
    found = response["violations"]
    return [f"{each['id']}: {node['html'][:120]} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.mark.parametrize("size", SIZES)
def test_a_sample_looks_well_and_turns_dark(sample: Report, size: str, open_page: Open) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(sample, f"#a1-claim-{longest(sample).number}", size=size, color_scheme="light")
    SCREENS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.screenshot(path=SCREENS / f"sample-{size}-{scheme}.png")
        assert violations(axe, page) == []
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"


def test_print_shows_every_tree(open_page: Open) -> None:
    page = open_page(demo_report(), color_scheme="dark")
    page.emulate_media(media="print")
    assert page.locator(".tree:visible").count() == 9, "all but the uncertain one's"
    assert page.locator(".tools").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 249)"
    SCREENS.mkdir(exist_ok=True)
    written = page.pdf(path=SCREENS / "article.pdf", format="A4", print_background=True)
    assert written.startswith(b"%PDF")
    assert 1 <= written.count(b"/Type /Page\n") <= 6


def test_without_its_script_the_page_is_still_whole(open_page: Open) -> None:
    page = open_page([demo_report(), empty_report()], java_script_enabled=False)
    assert page.locator(".tree:visible").count() == 9, "all but the uncertain one's"
    assert page.locator("article.report:visible").count() == 2
    assert page.locator(".tools").is_hidden()


def test_several_articles_have_an_index(open_page: Open) -> None:
    page = open_page([demo_report(), empty_report()])
    assert page.locator("article.report:visible").count() == 0
    assert page.locator("tr[data-article]:visible").count() == 2
    page.locator("#words").fill("cranes")
    assert page.locator("tr[data-article]:visible").count() == 1
    page.locator("tr[data-article]:visible a").click()
    page.wait_for_selector("article.report:visible")
    assert page.locator("article.report:visible").get_attribute("id") == "a1"
    page.go_back()
    page.wait_for_selector("#overview:visible")
    page.locator("#words").fill("")
    page.locator('[data-everywhere="ana-duarte"]').click()
    assert page.locator("tr[data-article]:visible").count() == 1
    assert page.locator("[data-count]").first.inner_text() == "4 of 9"


def test_a_hundred_articles_open_at_once(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    text = TEXT * 3
    demo = demo_report()
    reports = [
        attrs.evolve(demo, article=attrs.evolve(demo.article, text=f"{text}{at}", title=f"Article {at}"))
        for at in range(100)
    ]
    file.write_text(views.render(reports, format="html"), encoding="utf-8")
    assert file.stat().st_size < LARGEST
    page = browser.new_page()
    page.set_default_timeout(WAIT)
    page.goto(file.as_uri())
    assert page.locator("tr[data-article]:visible").count() == 100
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    page.close()
    assert metrics["ProcessTime"] < OPEN_SECONDS, "the processor's own seconds, whatever else the machine does"
