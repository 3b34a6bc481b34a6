"""A parser without models, for tests of everything around it: words by their form, each hung on the nearest verb."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from quotes.legible import see
from quotes.models import resolve
from quotes.records import Article, Entity, Parse, Sentence, Word

WORD = re.compile(r"\w+(?:['’]\w+)*|[^\w\s]+")
SENTENCE = re.compile(r"[^.!?]+[.!?]*")
LONGEST = 120  # words of a sentence
VERBS = {"said": "say", "says": "say", "told": "tell", "wrote": "write", "reported": "report", "added": "add"}
VERBS |= {"asked": "ask", "quoted": "quote", "cited": "cite", "believes": "believe", "according": "accord"}
PRONOUNS = frozenset(("he", "she", "they", "it", "who"))


class NaiveParser:
    """In the place of quotes.parse.Parser."""

    def __init__(self, **_: Any) -> None:
        self.models = resolve("bundled")

    def parse_all(self, articles: Iterable[Article]) -> Iterator[tuple[Article, Parse]]:
        for article in articles:
            sentences = tuple(_sentences(article))
            yield article, Parse(sentences=sentences, entities=tuple(_entities(sentences)), model="naive")


def _sentences(article: Article) -> Iterator[Sentence]:
    number = 0
    for index, block in enumerate(article.blocks):
        if block.kind not in ("headline", "paragraph"):
            continue
        seen = see(article.text[block.start : block.end])
        for match in SENTENCE.finditer(seen.text):
            found = list(WORD.finditer(seen.text, *match.span()))[:LONGEST]
            if not found:
                continue
            spans = [(block.start + seen.starts[w.start()], block.start + seen.ends[w.end() - 1]) for w in found]
            words = tuple(_words(article, [word[0] for word in found], spans))
            yield Sentence(index=number, block=index, start=spans[0][0], end=spans[-1][1], words=words)
            number += 1


def _words(article: Article, texts: list[str], spans: list[tuple[int, int]]) -> Iterator[Word]:
    verbs = [at for at, text in enumerate(texts) if text.lower() in VERBS]
    root = verbs[0] if verbs else 0
    for at, (text, (start, end)) in enumerate(zip(texts, spans, strict=True)):
        head = min(verbs, key=lambda verb: (abs(verb - at), verb), default=root)
        upos = _upos(text)
        yield Word(
            index=at,
            text=article.text[start:end],
            lemma=VERBS.get(text.lower(), text.lower()),
            upos=upos,
            xpos="",
            feats="",
            head=-1 if at == root else root if head == at else head,
            deprel="root" if at == root else _deprel(upos, at - head),
            start=start,
            end=end,
        )


def _upos(text: str) -> str:
    if not text[0].isalnum():
        return "PUNCT"
    if text.lower() in VERBS:
        return "VERB"
    if text.lower() in PRONOUNS:
        return "PRON"
    return "PROPN" if text[0].isupper() else "NOUN"


def _deprel(upos: str, distance: int) -> str:
    """What a word is to its verb, so many words after it."""
    if upos == "PUNCT":
        return "punct"
    if upos == "VERB":
        return "ccomp"
    if upos in ("PROPN", "PRON") and abs(distance) == 1:
        return "nsubj"
    return "obl" if distance > 0 else "dep"


def _entities(sentences: Iterable[Sentence]) -> Iterator[Entity]:
    for sentence in sentences:
        for word in sentence.words:
            if word.upos == "PROPN" and word.index:
                yield Entity(start=word.start, end=word.end, text=word.text, kind="PERSON")
