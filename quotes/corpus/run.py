"""Analyses many articles: reads them, deals them out in shards, and keeps what comes back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import lru_cache, partial
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import attrs

from quotes import engines
from quotes import lexicon as lexicons
from quotes.corpus.inputs import Item, check_inputs, items_of
from quotes.corpus.store import Json, Store, arrow
from quotes.errors import LexiconError, MissingExtra, ModelError, QuotesError
from quotes.export import to_jsonl_line
from quotes.export.rows import COLUMNS, Row, article_row, issue_row, rows
from quotes.lexicon import Lexicon
from quotes.records import Article, Issue, Report, digest

SHARD_SIZE = 16
UNREADABLE, FAILED = "unreadable", "failed"

Progress = Callable[[int, int], object]


class AnalyzesAll(Protocol):
    """What analyses the articles of a shard: a quotes.Analyzer, or anything of its shape."""

    def analyze_all(self, articles: Iterable[Article], /) -> Iterator[Report]: ...


MakeAnalyzer = Callable[..., AnalyzesAll]


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


def analyze_corpus(
    inputs: Sequence[str | Path],
    out: Path,
    *,
    workers: int = 1,
    engine: str = "local",
    shard_size: int = SHARD_SIZE,
    analyzer_options: Mapping[str, Any] | None = None,
    reader_options: Mapping[str, Any] | None = None,
    make_analyzer: MakeAnalyzer | None = None,
    progress: Progress | None = None,
    resume: bool = True,
) -> CorpusSummary:
    """Analyse every article of the inputs into the folder `out`.

    inputs: folders (their files of the formats that are read, at any depth), glob patterns, files.
    analyzer_options: for make_analyzer, which is quotes.Analyzer where none is given and otherwise a picklable
    callable; its `lexicon` is for the reader too. reader_options: for read_article. The values of both are hashable.
    progress: called with the articles done and all articles, after each shard.
    resume: whether to keep the complete shards of an earlier run with the same inputs and options, whose articles have
    not changed; False begins anew. However often a run is broken off, what it leaves in the end is the same.
    An article that cannot be read or analysed is a row of the table of issues and the run goes on; so are, until the
    next run, all articles of a shard at which a worker died twice. An article whose text an earlier one has is a row
    of the table of articles only.
    Raises QuotesError where the run as a whole cannot go on, MissingExtra without pyarrow.
    """
    arrow()
    check_inputs(inputs)
    if shard_size < 1:
        raise QuotesError(f"Shards of {shard_size} articles cannot be.", "Give a size from 1 on.")
    options = dict(analyzer_options or {})
    store = Store(Path(out))
    lexicon = lexicons.load(options.get("lexicon"))
    request = _request(inputs, shard_size, lexicon, options, reader_options or {})
    store.open_for(request, resume=resume)
    plan = _Plan(
        store=store,
        inputs=inputs,
        shard_size=shard_size,
        reading={"lexicon": lexicon, **(reader_options or {})},
        progress=progress,
    )
    if workers > 1 and make_analyzer is None:
        options.setdefault("threads", max(1, (os.cpu_count() or 1) // workers))
    job = _Job(store=store, make=make_analyzer or _analyzer_of_quotes, options=tuple(sorted(options.items())))
    try:
        ran = engines.run(
            plan.missing(), partial(_work, job), engine=engine, workers=workers, initializer=_analyzer, initargs=(job,)
        )
        with closing(ran):
            for shard, counts in ran:
                plan.count(_died(store, shard, counts) if isinstance(counts, engines.Failure) else counts)
    finally:
        _analyzer.cache_clear()
    store.keep_only(plan.names)
    store.write_manifest(request, finished=True)
    return plan.summary


def _request(
    inputs: Sequence[str | Path],
    shard_size: int,
    lexicon: Lexicon,
    analyzer_options: Mapping[str, Any],
    reader_options: Mapping[str, Any],
) -> Json:
    """What decides the results, as JSON; how many threads and which device do not."""
    analyzing = {key: str(value) for key, value in analyzer_options.items() if key not in ("threads", "device")}
    reading = {key: str(value) for key, value in reader_options.items()}
    asked = {
        "inputs": [str(each) for each in inputs],
        "shard_size": shard_size,
        "analyzing": analyzing,
        "reading": reading,
    }
    return {**asked, "lexicon": lexicon.digest, "version": _version()}


def _version() -> str | None:
    try:
        return metadata.version("quotes")
    except metadata.PackageNotFoundError:
        return None


@attrs.frozen(kw_only=True)
class _Entry:
    """An article as it was read, or the reason why it was not."""

    name: str
    article: Article | None = None
    duplicate: bool = False
    reason: str | None = None


@attrs.frozen(kw_only=True)
class _Shard:
    name: str
    entries: tuple[_Entry, ...]


@attrs.define(kw_only=True)
class _Plan:
    """Deals the articles out in shards, one at a time, and keeps count of what has been done."""

    store: Store
    inputs: Sequence[str | Path]
    shard_size: int
    reading: dict[str, Any]
    progress: Progress | None
    summary: CorpusSummary = attrs.field(init=False)
    names: set[str] = attrs.field(factory=set)
    seen: set[str] = attrs.field(factory=set)
    total: int = 0

    def __attrs_post_init__(self) -> None:
        self.summary = CorpusSummary(folder=self.store.folder)
        if self.progress is not None:
            self.total = sum(1 for _ in self._items())

    def missing(self) -> Iterator[_Shard]:
        """The shards that are not complete yet; the others are counted on the way."""
        entries: list[_Entry] = []
        for item in self._items():
            entries.append(self._read(item))
            if len(entries) == self.shard_size:
                yield from self._unless_complete(entries)
                entries = []
        if entries:
            yield from self._unless_complete(entries)

    def count(self, counts: Json, *, resumed: bool = False) -> None:
        known = attrs.asdict(self.summary)
        names = ("articles", "analyzed", "duplicates", "failed", "claims")
        changed = {name: known[name] + counts[name] for name in names}
        changed |= {"shards": known["shards"] + 1, "resumed": known["resumed"] + resumed}
        self.summary = attrs.evolve(self.summary, **changed)
        if self.progress is not None:
            self.progress(self.summary.articles, self.total)

    def _items(self) -> Iterator[Item]:
        return items_of(self.inputs, without=self.store.folder)

    def _read(self, item: Item) -> _Entry:
        try:
            article = _read_article(item, self.reading)
        except Exception as error:  # whatever one article does, the others are read
            return _Entry(name=item.name, reason=_reason(error))
        duplicate = article.id in self.seen
        self.seen.add(article.id)
        return _Entry(name=item.name, article=article, duplicate=duplicate)

    def _unless_complete(self, entries: list[_Entry]) -> Iterator[_Shard]:
        marks = [
            (each.name, each.article and each.article.id, each.article, each.duplicate, each.reason) for each in entries
        ]
        name = f"{len(self.names):06d}-{digest('shard', *marks)}"
        self.names.add(name)
        counts = self.store.counts(name)
        if counts is None or counts["died"]:
            yield _Shard(name=name, entries=tuple(entries))
        else:
            self.count(counts, resumed=True)


def _read_article(item: Item, options: Mapping[str, Any]) -> Article:
    from quotes.article import read_article

    if item.data is None:
        return read_article(item.path, path=item.name, **options)
    return read_article(item.data, path=item.name, **{**options, "input_format": item.input_format})


@attrs.frozen(kw_only=True)
class _Job:
    """What a worker needs besides the shard."""

    store: Store
    make: MakeAnalyzer
    options: tuple[tuple[str, Any], ...]


@lru_cache(maxsize=1)
def _analyzer(job: _Job) -> AnalyzesAll:
    """The analyzer of this process, made once."""
    return job.make(**dict(job.options))


def _analyzer_of_quotes(**options: Any) -> AnalyzesAll:
    from quotes.analyzer import Analyzer

    return Analyzer(**options)


def _work(job: _Job, shard: _Shard) -> Json:
    articles = [entry.article for entry in shard.entries if entry.article is not None and not entry.duplicate]
    return _keep(job.store, shard, _reports(_analyzer(job), articles))


def _reports(analyzer: AnalyzesAll, articles: list[Article]) -> dict[str, Report | str]:
    """By article id, its report or the reason why there is none."""
    try:
        return {report.article.id: report for report in analyzer.analyze_all(articles)}
    except (ModelError, LexiconError, MissingExtra):  # no article would fare better
        raise
    except Exception as error:
        if len(articles) == 1:
            return {articles[0].id: _reason(error)}
    return {key: found for article in articles for key, found in _reports(analyzer, [article]).items()}


def _died(store: Store, shard: _Shard, failure: engines.Failure) -> Json:
    """Keeps the articles of a shard that killed its worker as failed; what no article is to blame for ends the run."""
    if failure.kind == "raised":
        raise QuotesError(failure.message)
    found: dict[str, Report | str] = {each.article.id: failure.message for each in shard.entries if each.article}
    return _keep(store, shard, found, died=True)


def _keep(store: Store, shard: _Shard, found: Mapping[str, Report | str], *, died: bool = False) -> Json:
    tables: dict[str, list[Row]] = {table: [] for table in COLUMNS}
    reports: list[Report] = []
    failed = 0
    for entry in shard.entries:
        report = _outcome(entry, found)
        if entry.article is not None:
            tables["articles"].append(article_row(entry.article, duplicate=entry.duplicate))
        if isinstance(report, Report):
            reports.append(report)
            for table in COLUMNS.keys() - {"articles"}:
                tables[table].extend(rows(report, table))
        elif report is not None:
            failed += 1
            tables["issues"].append(_failure_row(entry, report))
    counts = {
        "articles": len(shard.entries),
        "analyzed": len(reports),
        "duplicates": sum(entry.duplicate for entry in shard.entries),
        "failed": failed,
        "claims": sum(len(report.claims) for report in reports),
        "died": died,
    }
    store.write(shard.name, reports=map(to_jsonl_line, reports), tables=tables, counts=counts)
    return counts


def _outcome(entry: _Entry, found: Mapping[str, Report | str]) -> Report | str | None:
    """The entry's report, the reason why it has none, or None for a duplicate. A failed report says so in an issue."""
    if entry.article is None or entry.duplicate:
        return entry.reason
    report = found.get(entry.article.id, "The analyzer gave nothing back.")
    if isinstance(report, Report):
        return next((issue.message for issue in report.issues if issue.kind == FAILED), report)
    return report


def _failure_row(entry: _Entry, reason: str) -> Row:
    issue = Issue(kind=FAILED if entry.article else UNREADABLE, message=reason)
    return issue_row(issue, article=entry.article.id if entry.article else None, file=entry.name)


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, QuotesError) else f"{type(error).__name__}: {error}"
