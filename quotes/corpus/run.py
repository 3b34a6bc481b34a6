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
from quotes.article.addresses import without_secrets
from quotes.article.fetch import Fetches
from quotes.corpus.inputs import Inputs, Reading, check_inputs
from quotes.corpus.inputs.pages import Pages
from quotes.corpus.plan import CorpusSummary, Entry, Plan, Progress, Shard, reason_of
from quotes.corpus.store import PAGES, Json, Store, arrow
from quotes.errors import LexiconError, MissingExtra, ModelError, QuotesError
from quotes.export import to_jsonl_line
from quotes.export.rows import COLUMNS, Row, article_row, issue_row, rows
from quotes.lexicon import Lexicon
from quotes.models import resolve
from quotes.records import Article, Issue, Report

UNREADABLE, FAILED = "unreadable", "failed"


class AnalyzesAll(Protocol):
    """What analyses the articles of a shard: a quotes.Analyzer, or anything of its shape."""

    def analyze_all(self, articles: Iterable[Article], /) -> Iterator[Report]: ...


MakeAnalyzer = Callable[..., AnalyzesAll]


def analyze_corpus(
    inputs: Sequence[str | Path],
    out: Path,
    *,
    workers: int = 1,
    threads: int | None = None,
    engine: str = "local",
    address: str | None = None,
    shard_size: int | None = None,
    analyzer_options: Mapping[str, Any] | None = None,
    reader_options: Mapping[str, Any] | None = None,
    make_analyzer: MakeAnalyzer | None = None,
    progress: Progress | None = None,
    resume: bool = True,
    fetch: Fetches | None = None,
) -> CorpusSummary:
    """Analyse every article of the inputs into the folder `out`.

    inputs: folders (their files of the formats that are read, at any depth), glob patterns, files, and addresses of
    such in object stores; see quotes.corpus.inputs.
    threads: of each worker; None for this machine's cores shared out among several workers, for as many as torch likes
    in one, and for one each on Ray. engine, address: see quotes.engines; on Ray, all machines share `out`.
    shard_size: articles that are kept together; None for as many as fill a batch of the parser.
    analyzer_options: for make_analyzer, which is quotes.Analyzer where none is given and otherwise a picklable
    callable; its `lexicon` is for the reader too. reader_options: for read_article. The values of both are hashable.
    progress: called with the articles done and all articles (a guess where files hold many), after each shard.
    resume: whether to keep the complete shards of an earlier run with the same inputs and options, whose articles have
    not changed; False begins anew. However often a run is broken off, what it leaves in the end is the same.
    fetch: what fetches the pages that feeds, sitemaps, lists of addresses and the inputs themselves name, such as a
    quotes.article.fetcher.Fetcher; None to fetch nothing. A page that was fetched is kept, and not fetched again.
    An article that cannot be read or analysed is a row of the table of issues and the run goes on; so are, until the
    next run, all articles of a shard at which a worker died twice. An article whose text an earlier one has is a row
    of the table of articles only.
    Raises QuotesError where the run as a whole cannot go on, MissingExtra without pyarrow.
    """
    arrow()
    check_inputs(inputs, fetch=fetch is not None)
    if shard_size is not None and shard_size < 1:
        raise QuotesError(f"Shards of {shard_size} articles cannot be.", "Give a size from 1 on.")
    options, reading = dict(analyzer_options or {}), dict(reader_options or {})
    store = Store(Path(out).absolute())
    lexicon = lexicons.load(options.get("lexicon"))
    request = _request(inputs, shard_size, lexicon, options, reading) | {"fetch": fetch is not None}
    pages = Pages(folder=store.folder / PAGES, fetch=fetch) if fetch else None
    with store.open_for(request, resume=resume):
        plan = Plan(
            store=store,
            inputs=Inputs(given=inputs, without=store.folder, reading=_reading({**reading, "fetch": pages})),
            shard_size=shard_size,
            reading={"lexicon": lexicon, **reading},
            progress=progress,
        )
        threads = threads or _threads(engine, workers)
        if threads and make_analyzer is None:
            options.setdefault("threads", threads)
        job = _Job(store=store, make=make_analyzer or _analyzer_of_quotes, options=tuple(sorted(options.items())))
        gpu = str(options.get("device", "cpu")) != "cpu"
        _run(job, plan, engine=engine, workers=workers, threads=threads or 1, address=address, gpu=gpu)
        store.keep_only(plan.names)
        store.write_manifest(request, finished=True)
    return plan.summary


def _run(job: _Job, plan: Plan, **how: Any) -> None:
    work = partial(_work, job)
    try:
        with closing(engines.run(plan.missing(), work, initializer=_start, initargs=(job,), **how)) as ran:
            for shard, counts in ran:
                plan.count(_died(job.store, shard, counts) if isinstance(counts, engines.Failure) else counts)
    finally:
        _analyzer.cache_clear()


def _threads(engine: str, workers: int) -> int | None:
    if engine == "ray":
        return 1
    return max(1, _cores() // workers) if workers > 1 else None


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _reading(options: Mapping[str, Any]) -> Reading:
    return Reading(**{name: options[name] for name in attrs.fields_dict(Reading) if name in options})


def _request(
    inputs: Sequence[str | Path],
    shard_size: int | None,
    lexicon: Lexicon,
    analyzer_options: Mapping[str, Any],
    reader_options: Mapping[str, Any],
) -> Json:
    """What decides the results, as JSON; how many threads and which device do not."""
    analyzing = {key: str(value) for key, value in analyzer_options.items() if key not in ("threads", "device")}
    reading = {key: str(value) for key, value in reader_options.items()}
    asked = {
        "inputs": [without_secrets(str(each)) for each in inputs],
        "shard_size": shard_size,
        "analyzing": analyzing,
        "reading": reading,
    }
    deciding = resolve(analyzing.get("models", "bundled")).deciding_digest()
    return {**asked, "lexicon": lexicon.digest, "attribution": deciding, "version": _version()}


def _version() -> str | None:
    try:
        return metadata.version("quotes")
    except metadata.PackageNotFoundError:
        return None


@attrs.frozen(kw_only=True)
class _Job:
    """What a worker needs besides the shard."""

    store: Store
    make: MakeAnalyzer
    options: tuple[tuple[str, Any], ...]


def _start(job: _Job) -> None:
    if not job.store.is_there():
        raise QuotesError(f"A worker does not see {job.store.folder}.", "Choose a folder that all machines share.")
    _analyzer(job)


@lru_cache(maxsize=1)
def _analyzer(job: _Job) -> AnalyzesAll:
    """The analyzer of this process, made once."""
    return job.make(**dict(job.options))


def _analyzer_of_quotes(**options: Any) -> AnalyzesAll:
    from quotes.analyzer import Analyzer

    return Analyzer(**options)


def _work(job: _Job, shard: Shard) -> Json:
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
            return {articles[0].id: reason_of(error)}
    return {key: found for article in articles for key, found in _reports(analyzer, [article]).items()}


def _died(store: Store, shard: Shard, failure: engines.Failure) -> Json:
    """Keeps the articles of a shard that killed its worker as failed; what no article is to blame for ends the run."""
    if failure.kind == "raised":
        raise QuotesError(failure.message)
    found: dict[str, Report | str] = {each.article.id: failure.message for each in shard.entries if each.article}
    return _keep(store, shard, found, died=True)


def _keep(store: Store, shard: Shard, found: Mapping[str, Report | str], *, died: bool = False) -> Json:
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
        "known": shard.known(),
    }
    store.write(shard.name, reports=map(to_jsonl_line, reports), tables=tables, counts=counts)
    return counts


def _outcome(entry: Entry, found: Mapping[str, Report | str]) -> Report | str | None:
    """The entry's report, the reason why it has none, or None for a duplicate. A failed report says so in an issue."""
    if entry.article is None or entry.duplicate:
        return entry.reason
    report = found.get(entry.article.id, "The analyzer gave nothing back.")
    if isinstance(report, Report):
        return next((issue.message for issue in report.issues if issue.kind == FAILED), report)
    return report


def _failure_row(entry: Entry, reason: str) -> Row:
    issue = Issue(kind=FAILED if entry.article else UNREADABLE, message=reason)
    return issue_row(issue, article=entry.article.id if entry.article else None, file=entry.name)
