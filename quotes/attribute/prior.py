"""A linear model over the named features of what the rules propose: how likely each is, before the tagger is heard."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import attrs

from quotes.attribute.features import Scene, features
from quotes.attribute.proposal import Place, Prior, Proposal

SOURCELESS = frozenset(["passive", "passive-clause", "hedge"])  # constructions that need no source


@attrs.frozen(kw_only=True)
class Linear:
    """Weights by feature name: of a logistic regression, so that a chance is a probability."""

    weights: Mapping[str, float] = attrs.field(repr=False)

    def chance(self, names: Iterable[str]) -> float:
        total = sum(self.weights.get(name, 0.0) for name in names)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))


def load(path: Path) -> Linear:
    """The weights in a JSON file of ours."""
    return Linear(weights=json.loads(path.read_text("utf-8"))["weights"])


def of(scene: Scene, proposals: Sequence[Proposal], weights: Linear) -> Prior:
    """The chances of all proposals that say what was communicated and by whom."""
    found: dict[Place, list[tuple[float, Proposal]]] = {}
    for proposal in proposals:
        if proposal.content and (proposal.source is not None or proposal.pattern in SOURCELESS):
            chance = weights.chance(features(scene, proposal))
            found.setdefault((proposal.sentence, proposal.head), []).append((chance, proposal))
    return found
