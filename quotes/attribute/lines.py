"""Credits without a verb: "Name: words", "“words” — Name", headlines like "Words: minister"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from quotes import syntax
from quotes.article.dates import is_date_line
from quotes.article.words import layout
from quotes.attribute.proposal import Proposal, Range
from quotes.lexicon import Lexicon
from quotes.records import Article, Parse, Passage, Sentence

LONGEST_NAME = 8
BRACKETS = (("(", "["), (")", "]"))
STOPS = (".", ":", ";", "!")
DESK = ("from", "the", "desk", "of")
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
    """ "Name: words" at the head of a paragraph (a transcript's turn) or of a headline, "From the desk of Name. Words".

    Where no words follow, the label stands on a line of its own, and leads in the next paragraph.
    """
    desk = [] if headline else _desk(sentence)
    mark = min(desk[-1] + 1, len(sentence.words) - 1) if desk else _colon(article, sentence)
    label = list(range(mark or 0)) if headline else desk or _label(sentence, mark or 0)
    if not mark or not label or (not headline and _leads_no_speech(sentence, label, lexicon)):
        return
    head = _speaker(sentence, label, lexicon, strict=not headline)
    start = sentence.words[mark].end
    own = _trimmed(article, start, sentence.end if headline else article.blocks[sentence.block].end)
    if own is None and not headline and (desk or _is_person(sentence, label, lexicon)):
        own = _next_paragraph(article, sentence.block)
    if head is None or own is None:
        return
    found = _of_mark(sentence, mark, head, own, "headline" if headline else "transcript")
    yield attrs.evolve(found, cue=tuple(range(len(DESK)))) if desk else found


def _colon(article: Article, sentence: Sentence) -> int | None:
    """The colon behind the first few words, those in brackets not counted; that of "4:57" is none."""
    for word in sentence.words[: 2 * LONGEST_NAME + 1]:
        around = article.text[word.start - 1 : word.start] + article.text[word.end : word.end + 1]
        if word.text == ":" and not (len(around) == 2 and around.isdigit()):
            aside = len(in_brackets(sentence, word.index))
            return word.index if word.index - aside <= LONGEST_NAME else None
    return None


def _label(sentence: Sentence, colon: int) -> list[int]:
    """The words of a label: without what stands in brackets ("voice-over"), and without what leads up to a name."""
    aside = in_brackets(sentence, colon)
    found = [at for at in range(colon) if at not in aside]
    named = bool(found) and sentence.words[found[-1]].text[:1].isupper()
    while named and len(found) > 1 and sentence.words[found[0]].text.lower() in layout().label_leads:
        found = found[1:]
    return found


def in_brackets(sentence: Sentence, end: int) -> frozenset[int]:
    """The words before a word that stand in brackets, and the brackets."""
    found: list[int] = []
    depth = 0
    for word in sentence.words[:end]:
        depth += word.text in BRACKETS[0]
        found += [word.index] if depth > 0 else []
        depth -= word.text in BRACKETS[1]
    return frozenset(found)


def _desk(sentence: Sentence) -> list[int]:
    """The words of the name in "From the desk of Name", up to the stop behind it; none where more follows."""
    words = sentence.words
    if [word.text.lower() for word in words[: len(DESK)]] != list(DESK):
        return []
    end = next((word.index for word in words[len(DESK) :] if word.text in STOPS), len(words))
    name = range(len(DESK), end)
    capitals = all(words[at].text[:1].isupper() or words[at].text in ("of", "the", "-", ",") for at in name)
    return list(name) if capitals and len(name) <= LONGEST_NAME else []


def _leads_no_speech(sentence: Sentence, label: list[int], lexicon: Lexicon) -> bool:
    """Whether a label is a page's and no speaker's: "NOTE", "Update 4:57", "And from Monday"."""
    words = [sentence.words[at].text.lower() for at in label]
    roles = lexicon.roles | lexicon.groups | lexicon.anonymous | lexicon.journalists
    page = layout().labels - roles
    numbers = all(not any(map(str.isalpha, word)) for word in words[1:])
    days = layout().weekdays | layout().months.keys()
    named = [word for word in words if any(map(str.isalpha, word)) and word not in layout().label_leads]
    return words[-1] in page or (words[0] in page and numbers) or all(word in days for word in named)


def _is_person(sentence: Sentence, label: list[int], lexicon: Lexicon) -> bool:
    """Whether a label can only be somebody's: it has a first name or a role in it, and ends as a name does."""
    words = [sentence.words[at].text for at in label]
    known = any(word.lower() in lexicon.given_names or word.lower() in lexicon.roles for word in words)
    return known and len(words) > 1 and words[-1][:1].isupper() and words[-1].lower() not in lexicon.roles


def _next_paragraph(article: Article, block: int) -> Range | None:
    """The paragraph right behind a block."""
    behind = article.blocks[block + 1 : block + 2]
    return _trimmed(article, behind[0].start, behind[0].end) if behind and behind[0].kind == "paragraph" else None


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


def _speaker(sentence: Sentence, indices: Sequence[int], lexicon: Lexicon, *, strict: bool) -> int | None:
    """The head of a short noun phrase that can speak: a name, a role, a body, a document."""
    comma = next((at for at in indices if sentence.words[at].text == ","), None)
    shown = [at for at in indices if comma is None or not strict or at < comma]
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
