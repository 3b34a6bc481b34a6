"""The conductor: article → parse → passages → attributions → sources → chains → report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import attrs

from quotes import lexicon as lexicons
from quotes.article import article_from_text
from quotes.attribute import attribute, weights
from quotes.attribute.weights import Weights
from quotes.chains import build, trees
from quotes.corrections import apply
from quotes.lexicon import Lexicon
from quotes.marks import find_passages
from quotes.parse import Parser
from quotes.patience import MAX_SECONDS, Deadline, TooSlow
from quotes.records import Article, Claim, Correction, Issue, Parse, Passage, Report
from quotes.speakers import find_speakers

STRETCH = 500  # code points


@attrs.frozen(kw_only=True)
class Reporter:
    """All that follows the parse: from a parsed article to its report.

    lexicon: the word lists; weights: what decides on attributions; min_confidence: claims below it are left out;
    corrections: a reader's, applied to every report that they are about; models, digest: what the parses come from, for
    the report's settings and versions; max_seconds: an article that takes longer, the parse included, is failed.
    """

    lexicon: Lexicon
    weights: Weights = attrs.field(factory=weights.bundled)
    min_confidence: float = 0.0
    corrections: tuple[Correction, ...] = ()
    models: str = "bundled"
    digest: str = "unknown"
    max_seconds: float = MAX_SECONDS

    def report(self, article: Article, parse: Parse) -> Report:
        """The report; an empty one with an issue `failed` where an article cannot be digested."""
        if parse.failed is not None:
            return self.failed(article, parse.failed)
        deadline = Deadline.after(self.max_seconds, spent=parse.seconds)
        try:
            return deadline.hold(lambda: self._report(article, parse, deadline))
        except TooSlow as error:
            return self.failed(article, str(error))
        except Exception as error:  # one bad article must not stop a corpus
            return self.failed(article, f"{type(error).__name__}: {error}")

    def _report(self, article: Article, parse: Parse, deadline: Deadline) -> Report:
        """The report. Raises TooSlow between its steps, so that one which is no longer waited for soon ends."""
        passages, odd = find_passages(article, self.lexicon)
        deadline.check()
        attributions = attribute(article, parse, passages, self.lexicon, self.weights)
        deadline.check()
        cast = find_speakers(article, parse, passages, attributions, self.lexicon)
        deadline.check()
        chains = build(article, parse, attributions, cast, self.lexicon)
        deadline.check()
        found = apply(article, chains.sources, chains.claims, passages, self.corrections)
        claims = tuple(claim for claim in found.claims if claim.confidence >= self.min_confidence)
        kept = {claim.id for claim in claims}
        return attrs.evolve(
            self.empty(article, *odd),
            sources=found.sources,
            passages=_claimed(passages, claims),
            claims=claims,
            trees=tuple(trees.tree(claim) for claim in claims if claim.act == "speech"),
            corrections=found.corrections,
            evidence=tuple(each for each in chains.evidence if each.claim in kept),
        )

    def failed(self, article: Article, reason: str) -> Report:
        """A report that says why there is nothing else."""
        return self.empty(article, Issue(kind="failed", message=reason))

    def empty(self, article: Article, *issues: Issue) -> Report:
        """A report of nothing but what went wrong."""
        return Report(
            article=article,
            sources=(),
            passages=(),
            claims=(),
            trees=(),
            issues=(*article.issues, *issues),
            settings={"models": self.models, "min_confidence": self.min_confidence},
            versions={
                "quotes": _version("quotes"),
                "stanza": _version("stanza"),
                "models": self.digest,
                "attribution": self.weights.digest,
                "lexicon": self.lexicon.digest,
            },
        )


class Analyzer:
    """Holds the models and word lists, and turns articles into reports.

    models: `bundled`, `stanza` or a folder laid out like ours; device: `cpu`, a torch device, or `auto` for a GPU where
    there is one; lexicon: a folder whose word lists add to ours; min_confidence: claims below it are left out (0 to 1);
    threads: how many torch may use; corrections: a reader's, from `read_corrections`, applied to every report that
    they are about; max_seconds: an article that takes longer is failed.
    Raises ModelError or LexiconError when built, and nothing for what an article says.
    """

    def __init__(
        self,
        *,
        models: str = "bundled",
        device: str = "cpu",
        lexicon: Path | None = None,
        min_confidence: float = 0.0,
        threads: int | None = None,
        corrections: Sequence[Correction] = (),
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.lexicon = lexicons.load(lexicon)
        self.parser = Parser(models=models, device=device, threads=threads, max_seconds=max_seconds)
        self.reporter = Reporter(
            lexicon=self.lexicon,
            weights=weights.of_set(self.parser.models),
            min_confidence=min_confidence,
            corrections=tuple(corrections),
            models=self.parser.models.name,
            digest=self.parser.models.digest(),
            max_seconds=max_seconds,
        )

    def analyze(self, article: Article | str, *, publisher: str | None = None) -> Report:
        """The report of one article; of a text, when it is given as one (InputError where it is no article)."""
        if isinstance(article, str):
            article = article_from_text(article, publisher=publisher, lexicon=self.lexicon)
        elif publisher:
            article = attrs.evolve(article, publisher=publisher)
        return next(self.analyze_all([article]))

    def analyze_all(self, articles: Iterable[Article]) -> Iterator[Report]:
        """A report for each article, in order. One that fails gives an empty report with an issue `failed`."""
        for article, parse in self.parser.parse_all(articles):
            yield self.report(article, parse)

    def report(self, article: Article, parse: Parse) -> Report:
        """The report of an article that is parsed already."""
        return self.reporter.report(article, parse)


def analyze(
    article: Article | str,
    *,
    publisher: str | None = None,
    models: str = "bundled",
    device: str = "cpu",
    lexicon: Path | None = None,
    min_confidence: float = 0.0,
    max_seconds: float = MAX_SECONDS,
) -> Report:
    """The report of one article or text; build an Analyzer for more than one, the models load each time."""
    analyzer = Analyzer(
        models=models, device=device, lexicon=lexicon, min_confidence=min_confidence, max_seconds=max_seconds
    )
    return analyzer.analyze(article, publisher=publisher)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"


def _claimed(passages: Iterable[Passage], claims: Sequence[Claim]) -> tuple[Passage, ...]:
    """The passages, each with the id of the claim that holds most of it, and at least half."""
    near: dict[int, set[int]] = defaultdict(set)  # stretch of the text -> the numbers of claims with content there
    for number, claim in enumerate(claims):
        for span in claim.content:
            for stretch in _stretches(span.start, span.end):
                near[stretch].add(number)
    found = []
    for passage in passages:
        close = sorted({number for at in _stretches(passage.start, passage.end) for number in near[at]})
        best = max((claims[number] for number in close), key=partial(_shared, passage), default=None)
        enough = best is not None and 2 * _shared(passage, best) >= passage.end - passage.start
        found.append(attrs.evolve(passage, claim=best.id) if best is not None and enough else passage)
    return tuple(found)


def _stretches(start: int, end: int) -> range:
    return range(start // STRETCH, end // STRETCH + 1)


def _shared(passage: Passage, claim: Claim) -> int:
    """How many characters of a passage a claim holds."""
    return sum(max(0, min(span.end, passage.end) - max(span.start, passage.start)) for span in claim.content)
