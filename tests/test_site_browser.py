"""A corpus's site in a real browser, from a disk: search, the way from claim to article, keyboard, axe, looks.

Screenshots are left in .screens, to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from demo_corpus import make_corpus
from test_browser import CHROMIUM, SCREENS, WAIT, browser, violations  # noqa: F401 - a fixture
from test_hostile import ATTACKS
from test_site import hostile_site

from quotes.corpus import write_site

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: apt-get install chromium"),
    pytest.mark.models,  # all of them take their time
]

SIZES = {"narrow": (380, 800), "middle": (1280, 900), "wide": (1600, 1000)}
PAPER = "rgb(252, 251, 249)"
Visit = Callable[..., Any]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made")
    write_site(make_corpus(folder, 24), folder / "site")
    return folder / "site"


@pytest.fixture
def visit(browser: Any) -> Iterator[Visit]:  # noqa: F811
    """Opens a page of a folder from the disk; what it complains of, or asks for outside, fails the test at its end."""
    complaints: list[str] = []
    contexts = []

    def opened(folder: Path, name: str, *, size: str = "middle", **options: Any) -> Any:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("requestfailed", lambda request: complaints.append(f"{request.url} {request.failure}"))
        inside = folder.as_uri() + "/"
        page.on("request", lambda asked: None if asked.url.startswith(inside) else complaints.append(asked.url))
        page.goto(inside + name)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def largest(site: Path, folder: str) -> str:
    """The page of a folder that holds most."""
    found = max((site / folder).glob("*.html"), key=lambda path: (path.stat().st_size, path.name))
    return str(found.relative_to(site))


def test_from_the_overview_to_the_words_in_an_article(site: Path, visit: Visit) -> None:
    page = visit(site, "index.html")
    claim = page.locator(".came .claim-words a").first
    words = claim.inner_text()
    claim.click()
    assert page.locator("h1").inner_text() == words
    link = page.locator(".came .claim-words a").first
    words = link.inner_text()
    link.click()
    page.wait_for_selector(".claim.chosen")
    assert page.locator(".claim.chosen .said").inner_text() == words
    assert "".join(page.locator("mark.lit").all_inner_texts()) == words.strip("“”")
    page.locator(".claim.chosen .elsewhere a").click()
    page.locator(".ends a").first.click()
    assert "is heard to say" in page.locator("main").inner_text().lower().replace("\n", " ")
    page.go_back()
    page.locator(".came tbody th a").first.click()
    assert page.locator("nav a[aria-current]").inner_text() == "Outlets"


def test_the_search_finds_names_and_claims_as_they_are_typed(site: Path, visit: Visit) -> None:
    page = visit(site, "outlets.html")
    page.locator(".find input").fill("duar")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits a")
    assert page.locator("#asked").input_value() == "duar"
    first = page.locator(".hits a").first
    assert first.inner_text().endswith("Duarte")
    page.locator("#asked").fill("harbour closed")
    page.wait_for_selector(".hits li:first-child a:text-matches('^“')")
    found = [text.lower() for text in page.locator(".hits a").all_inner_texts()]
    assert any("harbour" in text and "closed" in text for text in found)
    assert page.url.endswith("search.html?q=harbour%20closed")
    page.locator("#asked").fill("nobodyeversaidso")
    page.wait_for_selector("#found:text-is('Nothing was found.')")
    page.locator("#asked").fill("koskiville")
    page.wait_for_selector(".hits a")
    page.locator(".hits a").first.click()
    page.wait_for_selector("h1")
    assert "Koskiville" in page.locator("main").inner_text()


def test_more_hits_are_shown_on_request_and_keep_the_focus(site: Path, visit: Visit) -> None:
    page = visit(site, "search.html?q=the")
    page.wait_for_selector(".hits a")
    section = page.locator("#hits section").filter(has=page.locator(".more:visible")).first
    before = section.locator(".hits a").count()
    section.locator(".more").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".hits a:focus")
    after = section.locator(".hits a")
    assert after.count() > before
    assert after.nth(before).evaluate("(link) => link === document.activeElement")


def test_the_keyboard_reaches_the_content_first(site: Path, visit: Visit) -> None:
    page = visit(site, largest(site, "source"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_pages_are_whole_without_scripts(site: Path, visit: Visit) -> None:
    page = visit(site, largest(site, "article"), java_script_enabled=False)
    assert page.locator(".tree:visible").count() == 8
    assert page.locator(".claim .elsewhere a:visible").count() > 0
    page.goto((site / "search.html").as_uri())
    assert "needs scripts" in page.locator("main").inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_looks(size: str, site: Path, visit: Visit) -> None:
    """No axe violation on either end, nothing wider than the screen, dark where wanted, and pictures to look at."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    names = {
        **{name: f"{name}.html" for name in ("index", "ways", "outlets", "articles")},
        **{name: largest(site, name) for name in ("way", "source", "outlet", "article")},
        "search": "search.html?q=harbour",
    }
    SCREENS.mkdir(exist_ok=True)
    for name, path in names.items():
        page = visit(site, path, size=size, color_scheme="light")
        if name == "search":
            page.wait_for_selector(".hits a")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == PAPER
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0], name
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            page.screenshot(path=SCREENS / f"site-{name}-{size}-{scheme}.png")
            if size != "middle":
                assert violations(axe, page) == [], (name, scheme)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(21, 23, 26)"
        page.context.close()


def test_nothing_hostile_runs_or_loads(tmp_path: Path, visit: Visit) -> None:
    """The fixture fails where anything outside the site is asked for, logged or thrown."""
    site = hostile_site(tmp_path / "hostile", list(ATTACKS.values()))
    page = visit(site, "index.html")
    for path in sorted(site.rglob("*.html")):
        page.goto(path.as_uri())
        assert page.evaluate("window.pwned") is None
        assert page.evaluate("document.querySelectorAll('iframe, object, img, base, style').length") == 0
    page.goto((site / "search.html").as_uri() + "?q=script")
    page.wait_for_selector(".hits a")
    assert page.evaluate("window.pwned") is None
    assert page.locator("#hits script, #hits img").count() == 0
    assert all(each.startswith(("article/", "source/", "outlet/", "way/")) for each in page.evaluate(
        "[...document.querySelectorAll('.hits a')].map((link) => link.getAttribute('href'))"
    ))  # fmt: skip
