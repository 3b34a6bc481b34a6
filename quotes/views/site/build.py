"""All files of a site, one after the other: jinja2 lays out, everything else is decided before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from quotes.link import Travel
from quotes.records import Report
from quotes.views import facts
from quotes.views.article import TOO_LONG, article_values
from quotes.views.corpus_pages import HEADING, overview_values, way_values
from quotes.views.links import Links
from quotes.views.pages import common_style, environment, fill, trusted
from quotes.views.site import places, search, tables
from quotes.views.site.contents import Card, Contents, Place
from quotes.views.site.tables import Table, Values

LARGEST = 1_000_000  # bytes of a page
KEY = "a1"  # begins the ids in an article's page
File = tuple[str, str]  # its path in the site, and its text
# A page from a disk has no origin that 'self' could stand for; browsers that think so need the scheme.
POLICY = "default-src 'none'; style-src 'self' file:; base-uri 'none'; form-action 'self' file:"
SCRIPTS = "; script-src 'self' file:"  # of pages that run some
SECTIONS = (
    ("index.html", "Overview"),
    ("ways.html", "Shared claims"),
    ("sources.html", "Sources"),
    ("outlets.html", "Outlets"),
    ("articles.html", "Articles"),
)


@attrs.frozen(kw_only=True)
class Told:
    """A report on an article of the site. no_text: why its text is not there, empty where it is."""

    article: str
    report: Report
    no_text: str = ""


def pages(contents: Contents, reports: Iterable[Told]) -> Iterator[File]:
    """(path, text) of every file of the site; the paths are made of digests and numbers alone.

    reports: on the articles of the contents, in any order.
    """
    site = _Site(contents)
    cards = {card.id: card for card in contents.cards}
    for told in reports:
        yield site.article(told, cards[told.article])
    yield site.overview()
    yield site.search()
    for table, path, lead in _lists(contents):
        yield from site.list(table, path, table.label, lead=lead)
    for way in contents.ways:
        yield site.way(way)
    for place in contents.places:
        yield from site.place(place)
    yield from search.files(search.things_of(contents, site.paths))
    yield from site.styles_and_scripts()


def _lists(contents: Contents) -> Iterator[tuple[Table, str, str]]:
    """The lists of all that have a page, each with its path and what stands above it."""
    outlets = [place for place in contents.places if place.kind == "outlet"]
    outlets.sort(key=lambda each: (-len(each.published), -len(each.through), each.name))
    heard = [place for place in contents.places if place.kind != "outlet"]
    shared = tables.ways("Shared claims", contents.ways)
    yield shared, "ways.html", "Claims that several articles carry, the most carried first."
    yield tables.sources("Sources", heard), "sources.html", f"Who is heard, most claims first. {places.BY_NAME}"
    yield tables.outlets("Outlets", outlets), "outlets.html", "Who published the articles, and whom these cite."
    articles = tables.articles(contents, "Articles", contents.cards)
    yield articles, "articles.html", "All articles with a report, the latest first."


class _Site:
    """Fills the templates; remembers where in its article's page each claim stands, and the most colours of one."""

    def __init__(self, contents: Contents) -> None:
        self.contents = contents
        self.templates = environment()
        self.colors = 0
        self.paths = _paths(contents)

    def article(self, told: Told, card: Card) -> File:
        """An article's page, without its text and the last of its claims where it would be too large."""
        path = self.paths["article", card.id]
        links = self._links(path)
        for no_text, inline in ((told.no_text, False), (told.no_text or TOO_LONG, False), (TOO_LONG, True)):
            values = article_values(told.report, KEY, include_belief=False, inline=inline, no_text=no_text, links=links)
            for claim in values["claims"]:
                claim["elsewhere"] = self._elsewhere(card.id, claim["id"], links)
            page = self._page(
                path,
                "site-article.html.j2",
                values["title"],
                scripts=("article.js",),
                article=values,
                publisher=links.named(card.publisher, "outlet") if card.publisher else None,
                copies=[links.named(each, "outlet") for each in card.copies],
            )
            if len(page[1].encode()) < LARGEST:
                break
        self.colors = max(self.colors, values["colors"])
        for claim in values["claims"]:
            self.paths["claim", card.id, claim["id"]] = f"{path}#{KEY}-claim-{claim['number']}"
        return page

    def _elsewhere(self, article: str, claim: str, links: Links) -> Values | None:
        way = self.contents.way_of.get((article, claim))
        if way is None:
            return None
        text = f"Its way through {len(way.carries)} articles of {facts.plural(len(way.outlets), 'outlet')}"
        return {"text": text, "href": links.to("way", way.cluster.id)}

    def overview(self) -> File:
        found = places.with_counts(self.contents.overview, self.contents.places)
        path = "index.html"
        values = overview_values(found, self._links(path)) | {"lists": _whole_lists(self.contents)}
        return self._page(path, "site-overview.html.j2", HEADING, found=values)

    def search(self) -> File:
        return self._page("search.html", "site-search.html.j2", "Search", scripts=("search.js", "search/index.js"))

    def way(self, way: Travel) -> File:
        path = self.paths["way", way.cluster.id]
        values = way_values(way, self._links(path))
        return self._page(path, "site-way.html.j2", values["words"], way=values)

    def place(self, place: Place) -> Iterator[File]:
        path, name = place.path, facts.one_line(place.name)
        links = self._links(path)
        found = places.tables_of(self.contents, place)
        shown = [
            {
                "title": table.label,
                "table": table.values(table.pages()[0], links),
                "pages": _pager(path, ending, 1, len(table.pages()), links),
            }
            for ending, table in found
        ]
        about, lists = places.describe(place), places.bars_of(place, links)
        yield self._page(path, "site-place.html.j2", name, place=about, lists=lists, tables=shown)
        back = {"name": name, "href": links.root + path}
        for ending, table in found:
            yield from self.list(table, path, f"{name}: {table.label.lower()}", ending=ending, first=2, back=back)

    def list(
        self,
        table: Table,
        path: str,
        heading: str,
        *,
        ending: str = "",
        first: int = 1,
        lead: str = "",
        back: Values | None = None,
    ) -> Iterator[File]:
        """The pages of a list from the first one on that is wanted. ending: of the further pages' names."""
        found = table.pages()
        for number in range(first, len(found) + 1):
            own = _numbered(path, ending, number)
            links = self._links(own)
            yield self._page(
                own,
                "site-list.html.j2",
                heading,
                lead=lead,
                back=back,
                table=table.values(found[number - 1], links),
                pages=_pager(path, ending, number, len(found), links),
            )

    def styles_and_scripts(self) -> Iterator[File]:
        styles = [fill(self.templates, name) for name in ("report-page.css", "corpus.css", "site.css")]
        yield "site.css", "\n".join((common_style(self.templates, self.colors), *styles)) + "\n"
        yield "search.js", fill(self.templates, "search.js") + "\n"
        yield "article.js", fill(self.templates, "report.js") + "\n"

    def _links(self, path: str) -> Links:
        return Links(root="../" if "/" in path else "", pages=self.paths)

    def _page(self, path: str, template: str, heading: str, *, scripts: Sequence[str] = (), **values: Any) -> File:
        """A page from its template. scripts: those that it runs."""
        root = self._links(path).root
        here = path.partition("/")[0].partition("-")[0].removesuffix(".html").removesuffix("s")
        sections = [{"href": root + href, "title": title, "here": href.startswith(here)} for href, title in SECTIONS]
        fixed = {"root": root, "sections": sections, "heading": heading, "scripts": scripts}
        policy = trusted(POLICY + SCRIPTS if scripts else POLICY)
        return path, fill(self.templates, template, policy=policy, **fixed, **values) + "\n"


def _whole_lists(contents: Contents) -> dict[str, Values]:
    """The lists that go on where the overview's end."""
    outlets = sum(place.kind == "outlet" for place in contents.places)
    found = (
        ("ways", len(contents.ways), "claim that several articles carry", "claims that several articles carry"),
        ("sources", len(contents.places) - outlets, "source", "sources"),
        ("outlets", outlets, "outlet", "outlets"),
    )
    return {
        name: {"href": f"{name}.html", "text": f"All {count:,} {many}" if count != 1 else f"The {one}"}
        for name, count, one, many in found
    }


def _paths(contents: Contents) -> dict[tuple[str, ...], str]:
    """Where in the site all stands that pages link to, but for claims, which their articles' pages note."""
    paths: dict[tuple[str, ...], str] = {}
    for place in contents.places:
        paths.setdefault(("name", place.name), place.path)
        for name in (*place.aliases, place.name):
            paths["place", place.kind, name] = place.path
    for way in contents.ways:
        paths["way", way.cluster.id] = f"way/{way.cluster.id}.html"
    for card in contents.cards:
        paths["article", card.id] = f"article/{card.id}.html"
    return paths


def _numbered(path: str, ending: str, number: int) -> str:
    return path if number == 1 else f"{path.removesuffix('.html')}{ending}-{number}.html"


def _pager(path: str, ending: str, number: int, count: int, links: Links) -> Values | None:
    """The pages of a list that a page of it leads to; None where it has no others."""
    if count == 1:
        return None
    near = sorted({1, number - 1, number, number + 1, count} & set(range(1, count + 1)))
    shown = [{"number": at, "href": links.root + _numbered(path, ending, at)} for at in near]
    return {"number": number, "count": count, "near": shown}
