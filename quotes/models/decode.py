"""From the network's scores to what may be: trees with one root, and labels of entities that follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

IMPOSSIBLE = -1e6
INSIDE = "IE"  # the letters of labels that go on with an entity


def tree(scores: Any) -> list[int]:
    """The best head of each word, 0 for the root: a tree with one root.

    scores: an array of shape (words, 1 + words). The likeliest heads where they are a tree, else the maximum spanning
    tree with one root (Chu-Liu and Edmonds, as Stanza has it).
    """
    words = len(scores)
    whole: Any = np.full((words + 1, words + 1), IMPOSSIBLE, dtype=np.float64)
    whole[1:] = scores
    np.fill_diagonal(whole, IMPOSSIBLE)
    heads = [0, *whole[1:].argmax(axis=1).tolist()]
    if heads[1:].count(0) == 1 and _is_tree(heads):
        return heads[1:]
    from stanza.models.common.chuliu_edmonds import chuliu_edmonds_one_root

    whole[1:] -= whole[1:].max(axis=1, keepdims=True)
    whole[0] = IMPOSSIBLE
    found: list[int] = chuliu_edmonds_one_root(whole)[1:].tolist()
    return found


def _is_tree(heads: Sequence[int]) -> bool:
    """Whether every word comes to the root, 0."""
    done = [False] * len(heads)
    done[0] = True
    for start in range(1, len(heads)):
        path = []
        at = start
        while not done[at]:
            done[at] = True
            path.append(at)
            at = heads[at]
        if at in path:
            return False
    return True


def entity_labels(scores: Any, labels: Sequence[str]) -> list[str]:
    """The best BIOES labels of a sentence's tokens that may follow each other (Viterbi).

    scores: an array of shape (tokens, labels).
    """
    if not len(scores):
        return []
    starts, follows, ends = _transitions(tuple(labels))
    likeliest = scores.argmax(axis=1)
    if starts[likeliest[0]] == 0 == ends[likeliest[-1]] and not follows[likeliest[:-1], likeliest[1:]].any():
        return [labels[at] for at in likeliest]
    best = scores[0] + starts
    before: list[Any] = []
    for row in scores[1:]:
        paths = best[:, None] + follows
        before.append(paths.argmax(axis=0))
        best = paths.max(axis=0) + row
    at = int((best + ends).argmax())
    found = [at]
    for chosen in reversed(before):
        at = int(chosen[at])
        found.append(at)
    return [labels[each] for each in reversed(found)]


@lru_cache(maxsize=8)
def _transitions(labels: tuple[str, ...]) -> tuple[Any, Any, Any]:
    """What it costs to begin with a label, to go from one to another, and to end with one: 0, or too much."""
    opens = np.array([label[0] in "BI" for label in labels])
    goes_on = np.array([label[0] in INSIDE for label in labels])
    same = np.array([[one.partition("-")[2] == other.partition("-")[2] for other in labels] for one in labels])
    allowed = np.where(opens[:, None], goes_on[None, :] & same, ~goes_on[None, :])
    return np.where(goes_on, IMPOSSIBLE, 0.0), np.where(allowed, 0.0, IMPOSSIBLE), np.where(opens, IMPOSSIBLE, 0.0)
