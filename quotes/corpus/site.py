"""A corpus's site on disk: what its pages say is gathered here, and written as a folder that is replaced whole."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs

from quotes import lexicon as lexicons
from quotes import link
from quotes.article.addresses import is_address
from quotes.corpus.inputs import Inputs, Reading
from quotes.corpus.overview import survey
from quotes.corpus.store import REPORTS, Json, Store
from quotes.corpus.tables import Tables
from quotes.errors import QuotesError
from quotes.export.jsonform import from_dict
from quotes.export.rows import Row
from quotes.lexicon import Lexicon
from quotes.records import Article, Report, digest
from quotes.views import site

FORMAT = "quotes-site/1"
MARKER = "quotes-site.json"

Progress = Callable[[int, int], object]

_PATH = re.compile(r"(?:[a-z]+/)?[a-z0-9-]+\.(?:html|css|js)")
_OPTIONS: dict[str, Callable[[str], Any]] = {  # of the reader, from the text in which the manifest keeps them
    "publisher": str,
    "max_characters": int,
    "max_seconds": int,
    "input_format": str,
    "fields": ast.literal_eval,
}
_ARTICLES = "SELECT article, file, title, publisher, published, duplicate FROM articles ORDER BY duplicate, file"


@attrs.frozen(kw_only=True)
class SiteSummary:
    """What a site came to. pages: its HTML files; articles: those with a page; without_text: those of them whose text
    could not be read again.
    """

    folder: Path
    pages: int
    articles: int
    without_text: int


def write_site(corpus: Path, out: Path, *, progress: Progress | None = None) -> SiteSummary:
    """Write a corpus as pages that link to one another, in a folder of their own.

    The articles are read again from where the run had them, since a corpus does not hold their text; a page says so
    where that fails. out: the folder, which a site that it holds is replaced in, whole; progress: called with the
    articles done and all articles.
    Raises QuotesError where `out` holds anything else, or cannot be written.
    """
    target = Path(os.path.realpath(out))
    _refuse(target)
    store = Store(Path(corpus))
    manifest = store.require()
    lexicon = lexicons.load()
    contents = _contents(store, lexicon)
    found = _Found(total=len(contents.cards), progress=progress)
    with _replacing(target, out) as folder:
        for path, text in site.pages(contents, found.told(_reports(store, manifest, lexicon))):
            write_file(folder, path, text)
            found.pages += path.endswith(".html")
        files = sorted(each.name for each in folder.iterdir())
        (folder / MARKER).write_text(json.dumps({"format": FORMAT, "files": files}, indent=2) + "\n", encoding="utf-8")
    return SiteSummary(folder=out, pages=found.pages, articles=found.articles, without_text=found.without_text)


@attrs.define(kw_only=True)
class _Found:
    """Counts what goes into a site."""

    total: int
    progress: Progress | None
    pages: int = 0
    articles: int = 0
    without_text: int = 0

    def told(self, reports: Iterator[site.Told]) -> Iterator[site.Told]:
        for told in reports:
            yield told
            self.articles += 1
            self.without_text += bool(told.no_text)
            if self.progress is not None:
                self.progress(self.articles, self.total)


def _contents(store: Store, lexicon: Lexicon) -> site.Contents:
    found = survey(store.folder)
    with Tables(store.folder) as tables:
        rows = tables.rows(_ARTICLES)
    reported = _places(store).keys()
    first = {row["article"]: row for row in rows if not row["duplicate"] and row["article"] in reported}
    copies: dict[str, list[Row]] = defaultdict(list)
    publishers: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        if row["duplicate"]:
            copies[row["article"]].append(row)
        if row["publisher"]:
            publishers[link.outlet_name(row["publisher"], lexicon) or ""][row["publisher"]] = None
    once: dict[site.ClaimKey, link.Member] = {}
    for member in found.members:
        key = member.article, member.claim
        if key not in once or member.path == first[member.article]["file"]:
            once[key] = member
    return site.Contents(
        overview=found.overview,
        members=list(once.values()),
        ways=found.travels,
        cards=_latest_first([_card(row, copies[id_], lexicon) for id_, row in first.items()]),
        publishers={name: sorted(known) for name, known in publishers.items()},
    )


def _card(row: Row, copies: Sequence[Row], lexicon: Lexicon) -> site.Card:
    return site.Card(
        id=row["article"],
        title=row["title"],
        publisher=link.outlet_name(row["publisher"], lexicon),
        published=row["published"],
        file=row["file"],
        copies=tuple(link.outlet_name(each["publisher"], lexicon) or each["file"] for each in copies),
    )


def _latest_first(cards: list[site.Card]) -> list[site.Card]:
    cards.sort(key=lambda card: (card.title or "", card.file or "", card.id))
    cards.sort(key=lambda card: card.published or "", reverse=True)
    return cards


def _reports(store: Store, manifest: Json, lexicon: Lexicon) -> Iterator[site.Told]:
    """The reports on all articles, those first whose text can be read again."""
    left = _places(store)
    for article in _read_again(store, manifest, lexicon):
        if article.id in left:
            values = _values(left.pop(article.id))
            report = from_dict(values, article.text)
            known = attrs.evolve(report.article, blocks=article.blocks, issues=article.issues)
            yield site.Told(article=article.id, report=attrs.evolve(report, article=known))
    for id_, place in left.items():
        values = _values(place)
        reason = f"The text is not part of the corpus, and {values['article']['path']} could not be read again."
        yield site.Told(article=id_, report=_without_text(values), no_text=reason)


Place = tuple[Path, int]  # a file and the offset of a line


def _places(store: Store) -> dict[str, Place]:
    """Where each article's report stands, by the article's id."""
    found: dict[str, Place] = {}
    for shard in store.shards():
        path = store.folder / REPORTS / f"{shard}.jsonl"
        at = 0
        with path.open("rb") as file:
            for line in file:
                found[json.loads(line)["article"]["id"]] = path, at
                at += len(line)
    return found


def _values(place: Place) -> Json:
    path, at = place
    with path.open("rb") as file:
        file.seek(at)
        found: Json = json.loads(file.readline())
    return found


def _read_again(store: Store, manifest: Json, lexicon: Lexicon) -> Iterator[Article]:
    """The articles of the run's inputs, as far as they are still on this machine. Nothing is fetched."""
    request = manifest["request"]
    options = {name: _OPTIONS[name](value) for name, value in request["reading"].items() if name in _OPTIONS}
    known = {name: options[name] for name in attrs.fields_dict(Reading) if name in options}
    given = [each for each in request["inputs"] if not is_address(each)]
    for item in Inputs(given=given, without=store.folder.resolve(), reading=Reading(**known)):
        with suppress(Exception):  # whatever one article does, the others are read
            yield item.read({"lexicon": lexicon, **options})


def _without_text(values: Json) -> Report:
    """A report on a text of which no more is known than the words in its findings; blanks stand for the rest."""
    signs = [" "] * values["article"]["characters"]
    for start, end, words in _spans([values["sources"], values["passages"], values["claims"]]):
        if end - start == len(words) and end <= len(signs):
            signs[start:end] = words
    text = "".join(signs)
    return from_dict({**values, "article": {**values["article"], "id": digest("article", text)}}, text)


def _spans(values: Any) -> Iterator[tuple[int, int, str]]:
    if isinstance(values, dict):
        if {"start", "end", "text"} <= values.keys():
            yield values["start"], values["end"], values["text"]
        values = list(values.values())
    if isinstance(values, list):
        for each in values:
            yield from _spans(each)


def _refuse(folder: Path) -> None:
    """Raise QuotesError where a folder holds anything but a site."""
    if folder.exists() and not folder.is_dir():
        raise QuotesError(f"{folder} is a file.", "Give the site a folder of its own.")
    names = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
    known = _files_of(folder)
    if names and known is None:
        raise QuotesError(f"{folder} holds other files.", "Give the site a folder of its own.")
    others = [name for name in names if name not in (*(known or ()), MARKER)]
    if others:
        raise QuotesError(
            f"{folder} holds a site and, beside it, {others[0]}.", "Move that elsewhere: a site is replaced whole."
        )


def _files_of(folder: Path) -> list[str] | None:
    """The files and folders of the site that a folder holds; None where it holds none."""
    try:
        found = json.loads((folder / MARKER).read_bytes())
        return list(found["files"]) if found["format"] == FORMAT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def _replacing(target: Path, shown: Path) -> Iterator[Path]:
    """A folder beside the target to be filled, which takes its place in the end, or goes away where that fails."""
    made, old = (target.with_name(f".{target.name}.{os.getpid()}.{ending}") for ending in ("tmp", "old"))
    try:
        try:
            shutil.rmtree(made, ignore_errors=True)
            made.mkdir(parents=True)
            yield made
            _swap(made, target, old)
        finally:
            shutil.rmtree(made, ignore_errors=True)
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise QuotesError(f"{shown} cannot be written: {reason}.", "Choose another place with -o.") from error


def _swap(made: Path, target: Path, old: Path) -> None:
    """Put a folder in the place of another one, which is put back where that fails."""
    if not target.exists():
        made.rename(target)
        return
    target.rename(old)
    try:
        made.rename(target)
    except OSError:
        old.rename(target)
        raise


def write_file(folder: Path, path: str, text: str) -> None:
    """Write a file of the site. Raises QuotesError for a path that leads elsewhere, as a damaged corpus may have it."""
    if not _PATH.fullmatch(path):
        raise QuotesError(f"The corpus holds an id that no file can be called by: {path}.", "Make the corpus anew.")
    (folder / path).parent.mkdir(exist_ok=True)
    (folder / path).write_text(text, encoding="utf-8", newline="")
