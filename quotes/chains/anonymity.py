"""The words in which an unnamed source asks not to be named: "on condition of anonymity"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from quotes.lexicon import Lexicon
from quotes.records import Article, Sentence, Span


def condition(article: Article, sentence: Sentence, content: Sequence[Span], lexicon: Lexicon) -> Span | None:
    """The first such words of a sentence that are no part of what was communicated."""
    for found in _pattern(lexicon.anonymity).finditer(article.text, sentence.start, sentence.end):
        if not any(span.start < found.end() and found.start() < span.end for span in content):
            return article.span(found.start(), found.end())
    return None


@lru_cache(maxsize=4)
def _pattern(phrases: frozenset[str]) -> re.Pattern[str]:
    longest = sorted(phrases, key=lambda phrase: (-len(phrase), phrase))
    spaced = (r"\s+".join(map(re.escape, phrase.split())) for phrase in longest)
    return re.compile(rf"\b(?:{'|'.join(spaced)})\b", re.IGNORECASE)
