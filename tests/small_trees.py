"""Sentences with trees, word by word, for tests that need no models."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from quotes.records import Sentence, Word

Row = tuple[str, str, str, int, str]
"""A word: its form, part of speech, finer tag, the place of its head (-1 for the root) and its relation."""


def sentence_of(rows: Sequence[Row]) -> Sentence:
    """A sentence of these words, a space between any two."""
    starts = [0, *itertools.accumulate(len(form) + 1 for form, *_ in rows)]
    words = tuple(
        Word(
            index=at,
            text=form,
            lemma=form.lower(),
            upos=upos,
            xpos=xpos,
            feats="",
            head=head,
            deprel=deprel,
            start=start,
            end=start + len(form),
        )
        for at, ((form, upos, xpos, head, deprel), start) in enumerate(zip(rows, starts, strict=False))
    )
    return Sentence(index=0, block=0, start=0, end=words[-1].end, words=words)
