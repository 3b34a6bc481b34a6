"""Deals articles out in shards, the same ones every time, and keeps count of what has been done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from quotes.corpus.inputs import Inputs, Item
from quotes.corpus.seen import Seen
from quotes.corpus.store import Json, Known, Store
from quotes.errors import QuotesError
from quotes.parse import BATCH_CHARACTERS
from quotes.records import Article, digest

MOST_ARTICLES = 256  # of a shard, where they are short or have been seen before

Progress = Callable[[int, int], object]


@attrs.frozen(kw_only=True)
class CorpusSummary:
    """What a run came to.

    articles: all that were named; analyzed: those with a report; duplicates: those whose text another one has;
    failed: those that could not be read or analysed, each with its reason in the table of issues; claims: in all
    reports; shards: of the corpus; resumed: those of them that an earlier run had completed.
    """

    folder: Path
    articles: int = 0
    analyzed: int = 0
    duplicates: int = 0
    failed: int = 0
    claims: int = 0
    shards: int = 0
    resumed: int = 0


@attrs.frozen(kw_only=True)
class Entry:
    """An article as it was read, or the reason why it was not. mark: of what it was read from."""

    name: str
    mark: str
    article: Article | None = None
    duplicate: bool = False
    reason: str | None = None


@attrs.frozen(kw_only=True)
class Shard:
    """Articles that are analysed together. name: its number, and a digest of all that its results depend on."""

    name: str
    entries: tuple[Entry, ...]

    def known(self) -> Known:
        """What the next run need not read again to deal out the same shard: see Plan."""
        return {each.mark: (each.article.id, len(each.article.text)) for each in self.entries if each.article}


@attrs.frozen(kw_only=True)
class _Draft:
    """An item of a shard that is being put together. id: of its text, None where it cannot be read."""

    item: Item
    mark: str
    id: str | None
    characters: int
    duplicate: bool
    article: Article | None
    reason: str | None


@attrs.define(kw_only=True)
class Plan:
    """Deals the articles out in shards, one at a time, and keeps count of what has been done.

    shard_size: how many articles a shard has; None for as many as fill a batch of the parser. reading: read_article's
    options; progress: told how many articles are done, and how many there will have been.
    An article is read unless a complete shard at the same place knows what its bytes came to, and is then read only
    where the shard as a whole has changed: a run that was broken off finds its place as quickly as files can be hashed.
    """

    store: Store
    inputs: Inputs
    shard_size: int | None
    reading: Mapping[str, Any]
    progress: Progress | None
    summary: CorpusSummary = attrs.field(init=False)
    names: set[str] = attrs.field(factory=set)
    _seen: Seen = attrs.field(factory=Seen)
    _complete: dict[int, list[str]] = attrs.field(factory=lambda: defaultdict(list))

    def __attrs_post_init__(self) -> None:
        self.summary = CorpusSummary(folder=self.store.folder)
        for name in self.store.shards():
            self._complete[int(name.partition("-")[0])].append(name)
        if self.progress is not None:
            self.inputs.measure()

    def missing(self) -> Iterator[Shard]:
        """The shards that are not complete yet; the others are counted on the way."""
        drafts: list[_Draft] = []
        known = self._known()
        for item in self.inputs:
            drafts.append(self._draft(item, known))
            if self._is_full(drafts):
                yield from self._unless_complete(drafts)
                drafts, known = [], self._known()
        if drafts:
            yield from self._unless_complete(drafts)

    def count(self, counts: Json, *, resumed: bool = False) -> None:
        known = attrs.asdict(self.summary)
        names = ("articles", "analyzed", "duplicates", "failed", "claims")
        changed = {name: known[name] + counts[name] for name in names}
        changed |= {"shards": known["shards"] + 1, "resumed": known["resumed"] + resumed}
        self.summary = attrs.evolve(self.summary, **changed)
        if self.progress is not None:
            self.progress(self.summary.articles, self.inputs.expected())

    def _known(self) -> Known:
        """What complete shards at the place of the next one know of the items that they were made of."""
        counts = [self.store.counts(name) for name in self._complete[len(self.names)]]
        return {mark: tuple(known) for each in counts if each for mark, known in each["known"].items()}

    def _draft(self, item: Item, known: Known) -> _Draft:
        mark = item.mark()
        article, reason = None, None
        id_, characters = known.get(mark, (None, 0))
        if id_ is None:
            article, reason = self._read(item)
            id_, characters = (article.id, len(article.text)) if article else (None, 0)
        duplicate = id_ is not None and not self._seen.is_new(id_)
        return _Draft(
            item=item,
            mark=mark,
            id=id_,
            characters=0 if duplicate else characters,
            duplicate=duplicate,
            article=article,
            reason=reason,
        )

    def _read(self, item: Item) -> tuple[Article | None, str | None]:
        try:
            return item.read(self.reading), None
        except Exception as error:  # whatever one article does, the others are read
            return None, reason_of(error)

    def _is_full(self, drafts: list[_Draft]) -> bool:
        if self.shard_size is not None:
            return len(drafts) == self.shard_size
        return len(drafts) == MOST_ARTICLES or sum(draft.characters for draft in drafts) >= BATCH_CHARACTERS

    def _unless_complete(self, drafts: list[_Draft]) -> Iterator[Shard]:
        marks = [(each.item.name, each.mark, each.duplicate, each.reason) for each in drafts]
        name = f"{len(self.names):06d}-{digest('shard', *marks)}"
        self.names.add(name)
        counts = self.store.counts(name)
        if counts is None or counts["died"]:
            yield Shard(name=name, entries=tuple(map(self._entry, drafts)))
        else:
            self.count(counts, resumed=True)

    def _entry(self, draft: _Draft) -> Entry:
        article, reason = draft.article, draft.reason
        if article is None and reason is None:
            article, reason = self._read(draft.item)
        return Entry(name=draft.item.name, mark=draft.mark, article=article, duplicate=draft.duplicate, reason=reason)


def reason_of(error: Exception) -> str:
    """What went wrong, in words for the table of issues."""
    return str(error) if isinstance(error, QuotesError) else f"{type(error).__name__}: {error}"
