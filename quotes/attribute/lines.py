"""Credits without a verb: "Name: words", "“words” — Name", headlines like "Words: minister"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quotes import syntax
from quotes.article.dates import is_date_line
from quotes.attribute.proposal import Proposal, Range
from quotes.lexicon import Lexicon
from quotes.records import Article, Parse, Passage, Sentence

LONGEST_NAME = 8
DASHES = ("–", "—", "―", "--", "-")


def propose(article: Article, parse: Parse, passages: list[Passage], lexicon: Lexicon) -> Iterator[Proposal]:
    first_of_block: dict[int, Sentence] = {}
    for sentence in parse.sentences:
        first_of_block.setdefault(sentence.block, sentence)
    for sentence in parse.sentences:
        kind = article.blocks[sentence.block].kind
        if first_of_block[sentence.block] is sentence:
            yield from _lead(article, sentence, kind == "headline", lexicon)
        if kind == "headline":
            yield from _tail(article, sentence, lexicon)
        yield from _dash_credit(article, sentence, passages, lexicon)


def _lead(article: Article, sentence: Sentence, headline: bool, lexicon: Lexicon) -> Iterator[Proposal]:
    """ "Name: words" at the head of a paragraph (a transcript's turn) or of a headline."""
    colon = next((word.index for word in sentence.words[: LONGEST_NAME + 1] if word.text == ":"), None)
    if colon is None or colon == 0:
        return
    head = _speaker(sentence, range(colon), lexicon, strict=not headline)
    if head is None:
        return
    block = article.blocks[sentence.block]
    start = sentence.words[colon].end
    end = sentence.end if headline else block.end
    own = _trimmed(article, start, end)
    if own is None:
        return
    yield _of_mark(sentence, colon, head, own, "headline" if headline else "transcript")


def _tail(article: Article, sentence: Sentence, lexicon: Lexicon) -> Iterator[Proposal]:
    """ "Words: minister" and "Words – police" as headlines end."""
    marks = [word.index for word in sentence.words if word.text in (":", *DASHES[:4]) and word.index > 2]
    if not marks or is_date_line(article.text[sentence.words[marks[-1]].end : sentence.end].strip()):
        return
    mark = marks[-1]
    rest = range(mark + 1, len(sentence.words))
    head = _speaker(sentence, rest, lexicon, strict=True)
    own = _trimmed(article, sentence.start, sentence.words[mark].start)
    if head is not None and own is not None:
        yield _of_mark(sentence, mark, head, own, "headline")


def _dash_credit(article: Article, sentence: Sentence, passages: list[Passage], lexicon: Lexicon) -> Iterator[Proposal]:
    """ "“Words” — Name": a passage, a dash, a name and no more."""
    for word in sentence.words:
        if word.text not in DASHES or word.index + 1 >= len(sentence.words):
            continue
        before = [p for p in passages if p.outer[1] <= word.start and not article.text[p.outer[1] : word.start].strip()]
        if not before:
            continue
        head = _speaker(sentence, range(word.index + 1, len(sentence.words)), lexicon, strict=True)
        if head is not None:
            yield _of_mark(sentence, word.index, head, (before[-1].start, before[-1].end), "dash")


def _speaker(sentence: Sentence, indices: range, lexicon: Lexicon, *, strict: bool) -> int | None:
    """The head of a short noun phrase that can speak: a name, a role, a body, a document."""
    comma = next((at for at in indices if sentence.words[at].text == ","), None)
    shown = range(indices.start, comma) if comma is not None and strict else indices
    words = [sentence.words[at] for at in shown if not syntax.is_punctuation(sentence.words[at])]
    if not 0 < len(words) <= LONGEST_NAME or any(word.upos in ("VERB", "AUX") for word in words):
        return None
    nouns = [word for word in words if word.upos in ("PROPN", "NOUN")]
    if not nouns:
        return None
    known = (
        lexicon.roles | lexicon.groups | lexicon.organizations | lexicon.documents | lexicon.media | lexicon.anonymous
    )
    speaks = any(
        word.lemma.lower() in known or word.text.lower() in known or word.text.lower() in lexicon.outlets
        for word in words
    )
    named = all(word.text[:1].isupper() or word.upos in ("ADP", "DET", "NUM", "PUNCT") for word in words)
    person = named and all(word.upos == "PROPN" for word in nouns)
    if not (speaks or (person and (strict or len(words) <= 3))):
        return None
    heads = [word for word in nouns if word.head not in [each.index for each in words]]
    return (heads or nouns)[0].index


def _trimmed(article: Article, start: int, end: int) -> Range | None:
    """What can be content: two words or more that are no date."""
    start, end = syntax.trim(article.text, start, end)
    text = article.text[start:end]
    return (start, end) if len(re.findall(r"\w+", text)) >= 2 and not is_date_line(text) else None


def _of_mark(sentence: Sentence, mark: int, head: int, own: Range, pattern: str) -> Proposal:
    return Proposal(
        sentence=sentence.index, head=mark, cue=(mark,), pattern=pattern, content=(own,), source=(sentence.index, head)
    )
