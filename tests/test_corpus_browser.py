"""The pages about a corpus in a real browser: nothing asked of the network, nothing run, nothing axe objects to.

Screenshots are left in .screens, to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from demo_travel import demo_overview, demo_travels, overview_of
from test_browser import CHROMIUM, SCREENS, SIZES, Open, browser, open_page, violations  # noqa: F401 - fixtures
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


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_looks(name: str, size: str, scheme: str, open_page: Open) -> None:  # noqa: F811
    """No axe violation, nothing wider than the screen, and a picture to look at."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page = open_page(PAGES[name](), size=size, color_scheme=scheme)
    SCREENS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENS / f"corpus-{name}-{size}-{scheme}.png", full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (dark == "rgb(21, 23, 26)") == (scheme == "dark")
    assert violations(axe, page) == []


def test_no_label_of_the_picture_lies_on_another(open_page: Open) -> None:  # noqa: F811
    page = open_page(PAGES["traces"]())
    for picture in page.locator(".timeline svg").all():
        boxes = [box.bounding_box() for box in picture.locator("g text").all()]
        assert len(boxes) > 2
        assert not [(one, other) for at, one in enumerate(boxes) for other in boxes[:at] if overlap(one, other)]


def overlap(one: dict[str, float], other: dict[str, float]) -> bool:
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    above = one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    return not (beside or above)


def test_nothing_hostile_runs(open_page: Open) -> None:  # noqa: F811
    for words in ATTACKS.values():
        ways = poisoned(words)
        for text in (
            views.render_trace(ways, format="html", asked=words),
            views.render_overview(overview_of(ways, words, f"A {words}"), format="html"),
        ):
            page = open_page(text)
            assert page.evaluate("window.pwned") is None
            assert page.evaluate("document.querySelectorAll('script, img, iframe, a, object').length") == 0
            page.context.close()


def test_print_is_light_and_whole(open_page: Open) -> None:  # noqa: F811
    page = open_page(PAGES["trace"](), color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(252, 251, 249)"
    assert page.locator(".came tbody tr:visible").count() == 7
