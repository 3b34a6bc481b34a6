"""A linear model over named features: how likely a proposal is an attribution with the right content and source."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import attrs

WEIGHTS = Path(__file__).parent.parent / "models" / "attribution.json"


@attrs.frozen(kw_only=True)
class Scorer:
    """Weights by feature name; logistic regression, so that a score is a probability."""

    weights: Mapping[str, float] = attrs.field(repr=False)

    def score(self, names: Iterable[str]) -> float:
        total = sum(self.weights.get(name, 0.0) for name in names)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def load(path: Path = WEIGHTS) -> Scorer:
    """The scorer in a JSON file of weights."""
    return Scorer(weights=json.loads(path.read_text("utf-8"))["weights"])
