"""The recipe for `score.py`: boosted trees over labelled candidates, set to what held-back articles say.

What is learnt is how much of its content a candidate shares with an annotated attribution of the same source, so that
of two contents the better one is preferred. The candidates come from articles that neither prior nor tagger has learnt
from.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes.attribute.train import SAME
from quotes.errors import MissingExtra

DEPTH = 4
TREES = 250
RATE = 0.05
SHARE = 0.6  # of the candidates that a tree is shown
SMALLEST = 20  # candidates in a leaf
FOLDS = 5
NEVER = 1e30  # a limit that nothing passes: where a branch ends before its tree's depth


@attrs.frozen(kw_only=True)
class Labelled:
    """The features of a candidate, its agreement with an annotator (0 to 1), and the article that it stands in."""

    features: Mapping[str, float]
    agreement: float
    article: str
    weight: float = 1.0


def fit(labelled: Sequence[Labelled]) -> dict[str, Any]:
    """The trees in the form of their file. Needs scikit-learn (the extra "train")."""
    try:
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise MissingExtra("scikit-learn", "train") from error

    names = sorted(labelled[0].features)
    table, wanted, weights = _table(labelled, names)
    sums = held_back(labelled)
    scale = LogisticRegression(C=1e3).fit(sums[:, None], wanted >= SAME)
    return {
        "names": names,
        "slope": round(float(scale.coef_[0, 0]), 4),
        "shift": round(float(scale.intercept_[0]), 4),
    } | _trees(booster().fit(table, wanted, sample_weight=weights))


def held_back(labelled: Sequence[Labelled]) -> Any:
    """What trees say of each candidate that have seen none of its article, in FOLDS folds of articles."""
    import numpy
    from sklearn.model_selection import GroupKFold

    table, wanted, weights = _table(labelled, sorted(labelled[0].features))
    sums = numpy.zeros(len(labelled))
    for learnt, kept in GroupKFold(FOLDS).split(table, wanted, [each.article for each in labelled]):
        fitted = booster().fit(table[learnt], wanted[learnt], sample_weight=weights[learnt])
        sums[kept] = fitted.predict(table[kept])
    return sums


def _table(labelled: Sequence[Labelled], names: Sequence[str]) -> tuple[Any, Any, Any]:
    import numpy

    table = numpy.array([[each.features[name] for name in names] for each in labelled], dtype=numpy.float32)
    return table, numpy.array([e.agreement for e in labelled]), numpy.array([e.weight for e in labelled])


def booster() -> Any:
    """The boosted trees, not fitted yet."""
    from sklearn.ensemble import GradientBoostingRegressor

    return GradientBoostingRegressor(
        n_estimators=TREES,
        learning_rate=RATE,
        max_depth=DEPTH,
        subsample=SHARE,
        min_samples_leaf=SMALLEST,
        max_features=0.4,
        random_state=7,
    )


def _trees(booster: Any) -> dict[str, Any]:
    """The trees as heaps."""
    found: dict[str, Any] = {"which": [], "limits": [], "leaves": []}
    for (tree,) in booster.estimators_:
        which, limits, leaves = [0] * (2**DEPTH - 1), [NEVER] * (2**DEPTH - 1), [0.0] * 2**DEPTH
        _fill(tree.tree_, 0, 0, which, limits, leaves)
        found["which"].append(which)
        found["limits"].append(limits)
        found["leaves"].append(leaves)
    return found | {"start": round(float(booster.init_.constant_[0][0]), 5)}


def _fill(tree: Any, node: int, place: int, which: list[int], limits: list[float], leaves: list[float]) -> None:
    if place >= len(which):
        leaves[place - len(which)] = round(RATE * float(tree.value[node][0][0]), 5)
    elif tree.children_left[node] < 0:
        _fill(tree, node, 2 * place + 1, which, limits, leaves)
    else:
        which[place], limits[place] = int(tree.feature[node]), float(tree.threshold[node])
        _fill(tree, tree.children_left[node], 2 * place + 1, which, limits, leaves)
        _fill(tree, tree.children_right[node], 2 * place + 2, which, limits, leaves)


def save(trees: Mapping[str, Any], path: Path, about: str) -> None:
    path.write_text(json.dumps({"about": about, **trees}, separators=(",", ":")) + "\n", "utf-8")
