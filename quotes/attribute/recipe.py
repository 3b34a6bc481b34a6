"""All that is learnt from annotated articles, end to end: tagger with its encoder, prior, score.

One article in seven is held back: the candidates that the score learns from come from a prior, a tagger and an encoder
that have not seen their article; those of chain gold, and of short texts of our own (`training/texts.toml`), come from
texts that none of them has seen either. The prior
that is kept is fitted on all articles at last; the chances that the tagger hears of come from weights that were fitted
without the article.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import attrs

from quotes.article import article_from_text, read_article
from quotes.attribute import fit_score, prior, propose, quoted, reading, score, select, train
from quotes.attribute.features import Scene
from quotes.attribute.fit_score import Labelled
from quotes.attribute.proposal import Prior, Proposal
from quotes.lexicon import Lexicon
from quotes.marks import find_passages
from quotes.models import ATTRIBUTION, PRIOR, RESOURCES, SCORE, STANZA_PARTS, TAGGER, Progress, tagger, write_sums
from quotes.parse import Parser
from quotes.records import Article, Parse
from quotes.training.recipe import train_attribution

CLAIMED = 2.0  # the weight of a candidate of chain gold, which holds more of what is rare
HELD = 7  # one article in so many is held back
FOLDS = 5
LESSONS = "lessons.jsonl"
OWN_TEXTS = Path(__file__).parent.parent / "training" / "texts.toml"


@attrs.frozen(kw_only=True, eq=False)
class Annotated:
    """An article with what the rules propose in it and what an annotator found."""

    name: str
    scene: Scene
    proposals: Sequence[Proposal]
    examples: Sequence[train.Example]
    gold: Sequence[train.Gold]


def learn(
    first: Path,
    data: Path,
    out: Path,
    lexicon: Lexicon,
    *,
    claims: Path | None = None,
    about: str = "",
    progress: Progress | None = None,
) -> None:
    """Writes a set of models whose network has learnt attributions too, with the weights that decide on them.

    first: a folder that `quotes models train` wrote, its `work` included; data: the folder with text/*.txt and
    attributions/*.ann; claims: one with NAME.txt and NAME.json of chain gold; out: gets the set, `work/` and `logs/`,
    about: a line on the data.
    A run that was broken off goes on where its steps are kept. ModelError where a part fails.
    """
    tell = progress or (lambda _: None)
    work = out / "work"
    work.mkdir(parents=True, exist_ok=True)
    if not (work / LESSONS).is_file():
        write_lessons(_articles(first, data, lexicon, tell), work / LESSONS)
        tell("lessons: written")
    (out / ATTRIBUTION).mkdir(exist_ok=True)
    if not (out / TAGGER).is_file():
        train_attribution(first, work / LESSONS, out, out / TAGGER, progress=tell)
    for part in STANZA_PARTS:
        shutil.copytree(first / part, out / part, dirs_exist_ok=True)
    shutil.copyfile(first / RESOURCES, out / RESOURCES)
    articles = list(_articles(out, data, lexicon, tell))
    claimed = [*_claimed(out, claims, lexicon), *_own_texts(out, lexicon)]
    decide_on(articles, out, claimed, about=about, progress=tell)
    write_sums(out)


def write_lessons(articles: Iterable[Annotated], path: Path) -> None:
    """Writes what the reader learns from: a line of JSON for each article, the held-back ones marked."""
    read = list(articles)
    held = {id(each) for each in _held(read)}
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("w", encoding="utf-8") as file:
        for each, proposed in _with_priors(read):
            sentences = train.lesson(each.scene, proposed, each.gold)
            line = {"name": each.name, "held": id(each) in held, "sentences": sentences}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
    unfinished.replace(path)


def decide_on(
    articles: Sequence[Annotated],
    out: Path,
    claims: Sequence[Annotated] = (),
    *,
    about: str = "",
    progress: Progress | None = None,
) -> None:
    """Writes prior and score beside the tagger that is in the folder. claims: articles of chain gold."""
    tell = progress or (lambda _: None)
    (out / ATTRIBUTION).mkdir(exist_ok=True)
    names = {each.name for each in articles}
    labelled = list(labels(articles, [each for each in claims if each.name not in names], out))
    tell(f"candidates: {len(labelled)} of {len({each.article for each in labelled})} articles")
    fit_score.save(fit_score.fit(labelled), out / SCORE, about)
    tell("score: fitted")
    train.save(dict(_prior(articles).weights), out / PRIOR, about)
    tell("prior: fitted")


def labels(articles: Sequence[Annotated], claims: Sequence[Annotated], out: Path) -> Iterator[Labelled]:
    """The candidates of held-back articles and of claims, each with what an annotator says of it."""
    held = _held(articles)
    kept = {id(each) for each in held}
    weights = _prior(each for each in articles if id(each) not in kept)
    model = tagger.load(out / TAGGER)
    for each in held:
        yield from _labelled(each, weights, model)
    for each in claims:
        yield from _labelled(each, weights, model, claims=True)


def _held(articles: Sequence[Annotated]) -> Sequence[Annotated]:
    return articles[HELD // 2 :: HELD]


def _articles(models: Path, data: Path, lexicon: Lexicon, tell: Progress) -> Iterator[Annotated]:
    for number, each in enumerate(_parsed(models, sorted((data / "text").glob("*.txt")), lexicon), 1):
        gold = train.read_gold(data, Path(each[0].path or "").stem)
        if gold:
            yield annotated(*each, gold, lexicon)
        tell(f"{number} articles  {each[0].path}")


def _claimed(models: Path, folder: Path | None, lexicon: Lexicon) -> Iterator[Annotated]:
    for article, parse in _parsed(models, sorted(folder.glob("*.txt")) if folder else [], lexicon):
        gold = train.read_claims(Path(article.path or "").with_suffix(".json"))
        yield annotated(article, parse, gold, lexicon)


def _own_texts(models: Path, lexicon: Lexicon) -> Iterator[Annotated]:
    texts = list(train.read_texts(OWN_TEXTS))
    articles = (article_from_text(text) for text, _ in texts)
    found = zip(Parser(models=str(models)).parse_all(articles), texts, strict=True)
    for number, ((article, parse), (_, gold)) in enumerate(found):
        yield attrs.evolve(annotated(article, parse, gold, lexicon), name=f"{OWN_TEXTS.name} {number}")


def _parsed(models: Path, paths: Iterable[Path], lexicon: Lexicon) -> Iterator[tuple[Article, Parse]]:
    yield from Parser(models=str(models)).parse_all(read_article(path, lexicon=lexicon) for path in paths)


def annotated(article: Article, parse: Parse, gold: Sequence[train.Gold], lexicon: Lexicon) -> Annotated:
    """An article with what the rules propose in it, beside what an annotator found."""
    passages = find_passages(article, lexicon)[0]
    scene = Scene.of(article, parse, quoted.spoken(passages), lexicon)
    proposals = propose(scene, passages)
    examples = tuple(train.examples(scene, proposals, gold))
    name = Path(article.path or "").stem
    return Annotated(name=name, scene=scene, proposals=proposals, examples=examples, gold=gold)


def _prior(articles: Iterable[Annotated]) -> prior.Linear:
    return prior.Linear(weights=train.fit([example for each in articles for example in each.examples]))


def _with_priors(articles: Sequence[Annotated]) -> Iterator[tuple[Annotated, Prior]]:
    """Each article with its proposals' chances by weights that have not seen it."""
    for fold in range(FOLDS):
        weights = _prior(each for at, each in enumerate(articles) if at % FOLDS != fold)
        for each in articles[fold::FOLDS]:
            yield each, prior.of(each.scene, each.proposals, weights)


def _labelled(
    each: Annotated, weights: prior.Linear, model: tagger.CueTagger, *, claims: bool = False
) -> Iterator[Labelled]:
    """An article's candidates. What is not annotated tells nothing: of PolNeAR what stands in another's content, of
    claims what is no act of speech."""
    proposed = prior.of(each.scene, each.proposals, weights)
    readings = reading.read(each.scene, proposed, select.asked(proposed), model, each.scene.parse.model)
    for one in select.possible(each.scene, proposed, readings):
        agreement = train.agreement(one.proposal, train.mention(each.scene, one.proposal), each.gold)
        if agreement or not (_is_belief if claims else train.is_nested)(each.scene, one.proposal, each.gold):
            yield Labelled(
                features=score.features(each.scene, one),
                agreement=agreement,
                article=each.name,
                weight=CLAIMED if claims else 1.0,
            )


def _is_belief(scene: Scene, proposal: Proposal, _: Sequence[train.Gold]) -> bool:
    return select.act(scene, proposal) == "belief"
