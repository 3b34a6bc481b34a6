"""All that is learnt from annotated articles, end to end: scorer, reader, trees.

One article in seven is held back: the scorer and the reader that the trees judge have not seen it. The scorer that is
kept is fitted on all articles at last; of the rest of its scores, those of an article come from weights that were
fitted without it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes.attribute import decide, judge, propose, quoted, train, train_trust, trust
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal, Scored
from quotes.attribute.scorer import Scorer
from quotes.lexicon import Lexicon
from quotes.models import JUDGEMENT, Progress, reader, reader_fit
from quotes.records import Article, Parse, Passage

HELD = 7  # one article in so many is held back
FOLDS = 5
SCORER, READER, TRUST = JUDGEMENT


@attrs.frozen(kw_only=True, eq=False)
class Annotated:
    """An article with what the rules propose in it and what an annotator found."""

    name: str
    scene: Scene
    proposals: Sequence[Proposal]
    examples: Sequence[train.Example]
    gold: Sequence[train.Gold]


def learn(
    parsed: Iterable[tuple[Article, Parse, Sequence[Passage]]],
    data: Path,
    out: Path,
    lexicon: Lexicon,
    vectors: Mapping[str, Any],
    *,
    about: str = "",
    progress: Progress | None = None,
) -> None:
    """Writes the scorer's, the reader's and the trees' weights into a folder.

    parsed: articles with their parses and passages; data: the folder with attributions/*.ann; vectors: of words by
    form; about: a line on the data.
    """
    tell = progress or (lambda _: None)
    articles: list[Annotated] = []
    for article, parse, passages in parsed:
        articles += _annotated(article, parse, passages, data, lexicon)
        tell(f"{len(articles)} articles  {article.path}")
    held = articles[HELD // 2 :: HELD]
    learnt = [each for at, each in enumerate(articles) if at % HELD != HELD // 2]
    out.mkdir(parents=True, exist_ok=True)
    scorer = _scorer(learnt)
    tell("scorer: fitted")
    lessons = [
        lesson for each, scored in _scored_apart(learnt) for lesson in train.lessons(each.scene, scored, each.gold)
    ]
    codes = reader_fit.codes_of(lessons, vectors)
    reader_fit.save(reader_fit.fit(lessons, codes, progress=progress), codes, out / READER)
    cases = [case for each in held for case in _judged(each, scorer, reader.load(out / READER))]
    train_trust.save(train_trust.fit(cases), out / TRUST, about)
    tell(f"trees: fitted on {len(cases)} cases of {len(held)} articles")
    train.save(dict(_scorer(articles).weights), out / SCORER, about)


def _annotated(
    article: Article, parse: Parse, passages: Sequence[Passage], data: Path, lexicon: Lexicon
) -> Iterator[Annotated]:
    name = Path(article.path or "").stem
    gold = train.read_gold(data, name)
    if gold:
        scene = Scene.of(article, parse, quoted.spoken(passages), lexicon)
        proposals = propose(scene, passages)
        examples = tuple(train.examples(scene, proposals, gold))
        yield Annotated(name=name, scene=scene, proposals=proposals, examples=examples, gold=gold)


def _scorer(articles: Iterable[Annotated]) -> Scorer:
    return Scorer(weights=train.fit([example for each in articles for example in each.examples]))


def _scored_apart(articles: Sequence[Annotated]) -> Iterator[tuple[Annotated, Scored]]:
    """Each article with its proposals' scores by weights that have not seen it."""
    for fold in range(FOLDS):
        scorer = _scorer(each for at, each in enumerate(articles) if at % FOLDS != fold)
        for each in articles[fold::FOLDS]:
            yield each, decide.scores(each.scene, each.proposals, scorer)


def _judged(each: Annotated, scorer: Scorer, model: reader.Reader) -> Iterator[train_trust.Judged]:
    """What rules and reader find in an article, for the trees to judge."""
    taken, readings, added = judge.candidates(each.scene, decide.scores(each.scene, each.proposals, scorer), model)
    decisions = [*taken, *added]
    for case in judge.cases_of(each.scene, decisions, readings):
        right = train.is_right(case.proposal, train.mention(each.scene, case.proposal), each.gold)
        yield train_trust.Judged(facts=trust.facts(each.scene, case), right=right, article=each.name)
