"""All that is learnt from annotated articles, end to end: reader with its encoder, scorer, trees.

One article in seven is held back: what the trees judge comes from a scorer, a reader and an encoder that have not seen
it. The scorer that is kept is fitted on all articles at last; what the reader learns beside, the scores of an article's
proposals, come from weights that were fitted without it.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from quotes.article import read_article
from quotes.attribute import decide, judge, propose, quoted, train, train_trust, trust
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal, Scored
from quotes.attribute.scorer import Scorer
from quotes.lexicon import Lexicon
from quotes.marks import find_passages
from quotes.models import JUDGEMENT, RESOURCES, STANZA_PARTS, Progress, reader, write_sums
from quotes.parse import Parser
from quotes.records import Article, Parse
from quotes.training.recipe import train_attribution

HELD = 7  # one article in so many is held back
FOLDS = 5
SCORER, READER, TRUST = JUDGEMENT
LESSONS = "lessons.jsonl"


@attrs.frozen(kw_only=True, eq=False)
class Annotated:
    """An article with what the rules propose in it and what an annotator found."""

    name: str
    scene: Scene
    proposals: Sequence[Proposal]
    examples: Sequence[train.Example]
    gold: Sequence[train.Gold]


def learn(
    first: Path, data: Path, out: Path, lexicon: Lexicon, *, about: str = "", progress: Progress | None = None
) -> None:
    """Writes a set of models whose network has learnt attributions too, with the weights that decide on them.

    first: a folder that `quotes models train` wrote, its `work` included; data: the folder with text/*.txt and
    attributions/*.ann; out: gets the set, `work/` and `logs/`, and the files of JUDGEMENT; about: a line on the data.
    A run that was broken off goes on where its steps are kept. ModelError where a part fails.
    """
    tell = progress or (lambda _: None)
    work = out / "work"
    work.mkdir(parents=True, exist_ok=True)
    if not (work / LESSONS).is_file():
        write_lessons(_articles(first, data, lexicon, tell), work / LESSONS)
        tell("lessons: written")
    if not (out / READER).is_file():
        train_attribution(first, work / LESSONS, out, out / READER, progress=tell)
    for part in STANZA_PARTS:
        shutil.copytree(first / part, out / part, dirs_exist_ok=True)
    shutil.copyfile(first / RESOURCES, out / RESOURCES)
    write_sums(out)
    decide_on(list(_articles(out, data, lexicon, tell)), out, about=about, progress=tell)


def write_lessons(articles: Iterable[Annotated], path: Path) -> None:
    """Writes what the reader learns from: a line of JSON for each article, the held-back ones marked."""
    read = list(articles)
    held = {id(each) for each in _held(read)}
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("w", encoding="utf-8") as file:
        for each, scored in _scored_apart(read):
            sentences = train.lesson(each.scene, scored, each.gold)
            line = {"name": each.name, "held": id(each) in held, "sentences": sentences}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    unfinished.replace(path)


def decide_on(articles: Sequence[Annotated], out: Path, *, about: str = "", progress: Progress | None = None) -> None:
    """Writes scorer and trees beside the reader that is in the folder."""
    tell = progress or (lambda _: None)
    held = _held(articles)
    kept = {id(each) for each in held}
    scorer = _scorer(each for each in articles if id(each) not in kept)
    tell("scorer: fitted")
    cases = [case for each in held for case in _judged(each, scorer, reader.load(out / READER))]
    train_trust.save(train_trust.fit(cases), out / TRUST, about)
    tell(f"trees: fitted on {len(cases)} cases of {len(held)} articles")
    train.save(dict(_scorer(articles).weights), out / SCORER, about)


def _held(articles: Sequence[Annotated]) -> Sequence[Annotated]:
    return articles[HELD // 2 :: HELD]


def _articles(models: Path, data: Path, lexicon: Lexicon, tell: Progress) -> Iterator[Annotated]:
    articles = (read_article(path, lexicon=lexicon) for path in sorted((data / "text").glob("*.txt")))
    for number, (article, parse) in enumerate(Parser(models=str(models)).parse_all(articles), 1):
        yield from _annotated(article, parse, data, lexicon)
        tell(f"{number} articles  {article.path}")


def _annotated(article: Article, parse: Parse, data: Path, lexicon: Lexicon) -> Iterator[Annotated]:
    name = Path(article.path or "").stem
    gold = train.read_gold(data, name)
    if gold:
        passages = find_passages(article, lexicon)[0]
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
