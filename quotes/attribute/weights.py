"""The weights that decide on attributions, as a set of models holds them."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import attrs

from quotes.attribute import prior, score
from quotes.models import PRIOR, SCORE, TAGGER, ModelSet, resolve, tagger


@attrs.frozen(kw_only=True, eq=False)
class Weights:
    """models: the name of the set whose encoder the tagger learnt with; digest: changes with the weights."""

    prior: prior.Linear
    tagger: tagger.CueTagger
    score: score.Trees
    models: str
    digest: str


def of_set(models: ModelSet) -> Weights:
    """Those of a set, or the bundled ones where it has none of its own."""
    own = models.deciding()
    return _load(own.directory, own.name, own.deciding_digest())


def bundled() -> Weights:
    return of_set(resolve("bundled"))


@lru_cache(maxsize=2)
def _load(directory: Path, name: str, digest: str) -> Weights:
    return Weights(
        prior=prior.load(directory / PRIOR),
        tagger=tagger.load(directory / TAGGER),
        score=score.load(directory / SCORE),
        models=name,
        digest=digest,
    )
