"""The pages about a corpus in a real browser: nothing asked of the network, nothing run, nothing axe objects to.

Screenshots are left in .screens, to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from demo_travel import demo_overview, demo_travels, overview_of
from test_browser import CHROMIUM, SCREENS, SIZES, WAIT, browser, violations  # noqa: F401 - a fixture
from test_corpus_pages import poisoned
from test_hostile import ATTACKS

from quotes import views

pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path: apt-get install chromium"),
    pytest.mark.models,  # all of them take their time
]

PAGES: dict[str, Callable[[], str]] = {
    "trace": lambda: views.render_trace(demo_travels()[:1], format="html"),
    "traces": lambda: views.render_trace(demo_travels(), format="html", asked="cranes ship"),
    "overview": lambda: views.render_overview(demo_overview(), format="html"),
}

Open = Callable[..., Any]


@pytest.fixture
def open_text(browser: Any, tmp_path: Path) -> Iterator[Open]:  # noqa: F811
    """Opens a page from a file; whatever it complains of or asks for fails the test at its end."""
    complaints: list[str] = []
    contexts = []

    def opened(text: str, *, size: str = "wide", **options: Any) -> Any:
        file = tmp_path / "page.html"
        file.write_text(text, encoding="utf-8")
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(WAIT)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url != file.as_uri() else None)
        page.goto(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_looks(name: str, size: str, scheme: str, open_text: Open) -> None:
    """No axe violation, nothing wider than the screen, and a picture to look at."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_text(PAGES[name](), size=size, color_scheme=scheme)
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"corpus-{name}-{size}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(21, 23, 26)") == (scheme == "dark")
    assert violations(axe, page) == []


def test_no_label_of_the_picture_lies_on_another(open_text: Open) -> None:
    page = open_text(PAGES["traces"]())
    for picture in page.locator(".timeline svg").all():
        boxes = [box.bounding_box() for box in picture.locator("g text").all()]
        assert len(boxes) > 2
        assert not [(one, other) for at, one in enumerate(boxes) for other in boxes[:at] if overlap(one, other)]


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    above = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    return not (beside or above)


def test_nothing_hostile_runs(open_text: Open) -> None:
    for words in ATTACKS.values():
        ways = poisoned(words)
        for text in (
            views.render_trace(ways, format="html", asked=words),
            views.render_overview(overview_of(ways, words, f"A {words}"), format="html"),
        ):
            page = open_text(text)
            assert page.evaluate("window.pwned") is None
            assert page.evaluate("document.querySelectorAll('script, img, iframe, a, object').length") == 0
            page.context.close()


def test_print_is_light_and_whole(open_text: Open) -> None:
    page = open_text(PAGES["trace"](), color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 249)"
    assert page.locator(".came tbody tr:visible").count() == 7
