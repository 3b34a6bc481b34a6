"""The recipe for `trust.py`: boosted trees over judged decisions, their sum set to what held-back articles say.

The decisions come from articles that neither scorer nor reader has learnt from.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from quotes.errors import MissingExtra

DEPTH = 3
TREES = 160
RATE = 0.05
SHARE = 0.6  # of the cases that a tree is shown
SMALLEST = 20  # cases in a leaf
FOLDS = 5
NEVER = 1e30  # a limit that nothing passes: where a branch ends before its tree's depth


@attrs.frozen(kw_only=True)
class Judged:
    """The facts of a decision, whether an annotator says the same, and the article that it stands in."""

    facts: Mapping[str, float]
    right: bool
    article: str


def fit(cases: Sequence[Judged]) -> dict[str, Any]:
    """The trees in the form of their file. Needs scikit-learn (the extra "train")."""
    try:
        import numpy
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import GroupKFold
    except ImportError as error:
        raise MissingExtra("scikit-learn", "train") from error

    names = sorted(cases[0].facts)
    table = numpy.array([[case.facts[name] for name in names] for case in cases], dtype=numpy.float32)
    right = numpy.array([case.right for case in cases])
    sums = numpy.zeros(len(cases))
    for learnt, kept in GroupKFold(FOLDS).split(table, right, [case.article for case in cases]):
        sums[kept] = booster().fit(table[learnt], right[learnt]).decision_function(table[kept])
    scale = LogisticRegression(C=1e3).fit(sums[:, None], right)
    return {
        "names": names,
        "slope": round(float(scale.coef_[0, 0]), 4),
        "shift": round(float(scale.intercept_[0]), 4),
    } | (_trees(booster().fit(table, right)))


def booster() -> Any:
    """The boosted trees, not fitted yet."""
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(
        n_estimators=TREES,
        learning_rate=RATE,
        max_depth=DEPTH,
        subsample=SHARE,
        min_samples_leaf=SMALLEST,
        max_features=0.5,
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
    prior = booster.init_.class_prior_[1]
    return found | {"start": round(math.log(prior / (1 - prior)), 5)}


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
