"""From an article to its parse: the only door to Stanza and, but for the models' recipe, to torch.

Offsets survive because each character that the models see knows its place in the article: typographic marks are put
in the plain forms that treebanks know, what nobody sees is left out, and blocks are joined by blank lines.
"""

from __future__ import annotations

import re
import time
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import attrs

from quotes.errors import ModelError
from quotes.grafts import graft
from quotes.legible import Seen, see
from quotes.models import LABELS, PLAIN, ModelSet, refuse_altered, resolve
from quotes.patience import MAX_SECONDS, Deadline, TooSlow
from quotes.records import Article, Entity, Parse, Sentence, Word

PARSED = ("headline", "paragraph")
LONGEST_PIECE = 3000  # code points
LONGEST_SENTENCE = 900  # the parser's memory grows with the square of a sentence's length
LONGEST_RUN = 180  # words that no full stop ends; the search for the best tree takes their number's cube
MOST_WORDS = 250  # of a sentence as the tokenizer sees it, who takes many full stops for abbreviations'
BATCH_CHARACTERS = 60_000
UNSEEN = "\u200b"
FUNCTION = frozenset(["PRON", "AUX", "DET", "ADP", "PART", "CCONJ", "SCONJ", "PUNCT"])
SENTENCE_END = re.compile(rf"[.!?]['\"”’)\]{UNSEEN}]*\s+")
JOINT = "\n\n"
DOUBLED = re.compile(r"''|``")
TOKENS = frozenset(["tokenize", "mwt"])
GLUED = re.compile(r"\w[\w.-]*\w'")
CONTRACTED = frozenset(["cannot", "gonna", "gotta", "wanna", "gimme", "lemme", "dunno"])


@attrs.frozen(kw_only=True)
class Piece:
    """A run of a block that the models see as one paragraph: its block, and where it begins in both texts."""

    block: int
    start: int
    at: int
    seen: Seen


Laid = tuple[str, list[Piece]]


class Parser:
    """Loads a set of models once and parses articles with it, several at a time.

    models: `bundled`, `stanza` or a folder laid out like ours; device: `cpu`, a torch device, or `auto` for a GPU where
    there is one; threads: how many torch may use (None: as many as it likes);
    max_seconds: an article that takes longer is failed. ModelError where they do not load.
    """

    def __init__(
        self,
        *,
        models: str = "bundled",
        device: str = "cpu",
        threads: int | None = None,
        max_seconds: float = MAX_SECONDS,
    ) -> None:
        self.models: ModelSet = resolve(models)
        self._max_seconds = max_seconds
        self._pipeline = _load(self.models, device, threads)

    def parse_all(self, articles: Iterable[Article]) -> Iterator[tuple[Article, Parse]]:
        """Each article with its parse, in order; batches are filled across articles, and no more are held."""
        for batch in _batches(articles):
            yield from zip(batch, self._parse_batch(batch), strict=True)

    def _parse_batch(self, articles: list[Article]) -> list[Parse]:
        """The parses of a batch; where the batch fails, each article is tried by itself."""
        begun = time.monotonic()
        try:
            parses = self._parse_together(articles)
        except TooSlow as error:
            return [Parse(sentences=(), entities=(), model=self.models.name, failed=str(error))]
        except Exception as error:  # whatever a model cannot digest must cost one article, not the run
            if len(articles) == 1:
                reason = f"The models could not parse it: {type(error).__name__}: {error}"
                return [Parse(sentences=(), entities=(), model=self.models.name, failed=reason)]
            return [parse for article in articles for parse in self._parse_batch([article])]
        each = (time.monotonic() - begun) / max(1, sum(len(article.text) for article in articles))
        return [
            attrs.evolve(parse, seconds=each * len(article.text))
            for article, parse in zip(articles, parses, strict=True)
        ]

    def _parse_together(self, articles: list[Article]) -> list[Parse]:
        laid = [lay_out(article) for article in articles]
        if len(laid) == 1 and len(laid[0][0]) > BATCH_CHARACTERS:
            return [self._parse_in_parts(articles[0], *laid[0])]
        found = iter(self._annotate([each for each in laid if each[1]]))
        nothing: tuple[list[Piece], Any] = ([], None)
        both = [next(found) if pieces else nothing for _, pieces in laid]
        return [
            _read(article, pieces, document, self.models.name)
            for article, (pieces, document) in zip(articles, both, strict=True)
        ]

    def _parse_in_parts(self, article: Article, text: str, pieces: list[Piece]) -> Parse:
        """The parse of a long article, a part at a time. Raises TooSlow where its time is over before they are done."""
        deadline = Deadline.after(self._max_seconds)
        sentences: list[Sentence] = []
        entities: list[Entity] = []
        for part, own in _parts(text, pieces):
            deadline.check()
            ((own, document),) = self._annotate([(part, own)])
            found = _read(article, own, document, self.models.name)
            sentences += [attrs.evolve(each, index=each.index + len(sentences)) for each in found.sentences]
            entities += found.entities
        return Parse(sentences=tuple(sentences), entities=tuple(entities), model=self.models.name)

    def _annotate(self, laid: list[Laid]) -> list[tuple[list[Piece], Any]]:
        """What was laid out with what the models say of it, its pieces cut where sentences would have no end."""
        if not laid:
            return []
        documents = self._run([text for text, _ in laid], TOKENS)
        for at, document in enumerate(documents):
            if cuts := _cuts(document):
                laid[at] = _cut_at(laid[at][1], cuts)
                documents[at] = self._run([laid[at][0]], TOKENS)[0]
        documents = [_mended(document) for document in documents]
        documents = self._run(documents, set(self._pipeline.processors) - TOKENS)
        return [(pieces, document) for (_, pieces), document in zip(laid, documents, strict=True)]

    def _run(self, given: list[Any], processors: AbstractSet[str]) -> list[Any]:
        """Texts or documents as these of the models leave them."""
        if len(given) == 1:
            return [self._pipeline(given[0], processors=set(processors))]
        found: list[Any] = self._pipeline.bulk_process(given, processors=set(processors))
        return found


def _load(models: ModelSet, device: str, threads: int | None) -> Any:
    import stanza
    import torch

    refuse_altered(models)
    if device == "auto":
        device = "cuda" if torch.cuda.is_available() else "cpu"
    if threads:
        torch.set_num_threads(threads)
    try:
        with _without_optimizers():
            return stanza.Pipeline("en", verbose=False, **models.pipeline_options(device))
    except Exception as error:
        hint = "Run `quotes doctor` to see what is installed and which models load."
        raise ModelError(f"The models {models.name!r} do not load: {error}", hint) from error


@contextmanager
def _without_optimizers() -> Iterator[None]:
    """Stanza makes an optimizer for each model that it loads, for which torch loads its compiler: two seconds."""
    from stanza.models.common import utils

    kept, utils.get_optimizer = utils.get_optimizer, lambda *_, **__: None
    try:
        yield
    finally:
        utils.get_optimizer = kept


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Batches that are filled across articles; one that fills a batch by itself has it to itself."""
    batch: list[Article] = []
    size = 0
    for article in articles:
        if batch and len(article.text) >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
        batch.append(article)
        size += len(article.text)
        if size >= BATCH_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def lay_out(article: Article) -> Laid:
    """The text for the models, and which piece of the article stands where in it."""
    plain = DOUBLED.sub('"' + UNSEEN, article.text.translate(PLAIN))
    pieces: list[Piece] = []
    parts: list[str] = []
    at = 0
    for index, block in enumerate(article.blocks):
        if block.kind not in PARSED:
            continue
        for start, end in _split(plain, block.start, block.end):
            seen = see(re.sub(r"\s", " ", plain[start:end]))
            if seen.text.strip():
                pieces.append(Piece(block=index, start=start, at=at, seen=seen))
                parts.append(seen.text)
                at += len(seen.text) + len(JOINT)
    return JOINT.join(parts), pieces


def _parts(text: str, pieces: list[Piece]) -> Iterator[Laid]:
    """What was laid out in parts of a batch's length, cut between pieces: how long one takes is bounded."""
    first = 0
    for at, piece in enumerate(pieces):
        begin, end = pieces[first].at, piece.at + len(piece.seen.text)
        if end - begin >= BATCH_CHARACTERS or at == len(pieces) - 1:
            yield text[begin:end], [attrs.evolve(each, at=each.at - begin) for each in pieces[first : at + 1]]
            first = at + 1


def _mended(document: Any) -> Any:
    """The document without sentences that end in mid-clause, without contractions that have no apostrophe ("Iva",
    "its") and with no apostrophe left on its word."""
    sentences = _whole_sentences(document)
    tokens = (token for sentence in sentences for token in sentence)
    if len(sentences) == len(document.sentences) and not any(_is_false(each) or _is_glued(each) for each in tokens):
        return document
    from stanza.models.common.doc import Document

    return Document([list(_numbered(each)) for each in sentences], text=document.text)


def _whole_sentences(document: Any) -> list[list[Any]]:
    """The tokens by sentence; a sentence that ends without a mark before a space goes on: "spokesman Joris | Hale"."""
    found: list[list[Any]] = []
    for sentence in document.sentences:
        before = found[-1] if found else []
        short = len(before) + len(sentence.tokens) <= MOST_WORDS
        if before and short and _is_broken_off(document.text, before, sentence.tokens[0].start_char):
            before.extend(sentence.tokens)
        else:
            found.append(list(sentence.tokens))
    return found


def _is_broken_off(text: str, tokens: list[Any], following: int) -> bool:
    start, end = tokens[0].start_char, tokens[-1].end_char
    heading = text[start:end].isupper()
    return text[end:following] == " " and (text[end - 1].isalnum() or text[end - 1] == ",") and not heading


def _numbered(tokens: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """What Stanza makes tokens of, each token before its words."""
    words = 0
    for token in tokens:
        whole, *parts = token.to_dict()
        if _is_glued(token):
            parts = _parted(whole)
        if not parts or _is_false(token):
            words += 1
            yield whole | {"id": words}
            continue
        yield whole | {"id": (words + 1, words + len(parts))}
        for part in parts:
            words += 1
            yield part | {"id": words}


def _is_false(token: Any) -> bool:
    return len(token.words) > 1 and "'" not in token.text and token.text.lower() not in CONTRACTED


def _is_glued(token: Any) -> bool:
    """Whether an apostrophe or closing mark was left on its word: "workers'"."""
    return len(token.words) == 1 and GLUED.fullmatch(token.text) is not None


def _parted(whole: dict[str, Any]) -> list[dict[str, Any]]:
    start, end = whole["start_char"], whole["end_char"]
    return [
        {"text": whole["text"][:-1], "start_char": start, "end_char": end - 1},
        {"text": whole["text"][-1], "start_char": end - 1, "end_char": end},
    ]


def _cuts(document: Any) -> list[int]:
    """Where a document's sentences have to be cut so that none has more than MOST_WORDS.

    They are cut to half of that: in a shorter text the tokenizer may find more words.
    """
    return [
        token.start_char
        for sentence in document.sentences
        if len(sentence.words) > MOST_WORDS
        for token in sentence.tokens[MOST_WORDS // 2 :: MOST_WORDS // 2]
    ]


def _cut_at(pieces: list[Piece], cuts: list[int]) -> Laid:
    """The pieces cut at these offsets of the models' text, and laid out anew."""
    found: list[Piece] = []
    parts: list[str] = []
    at = 0
    for piece in pieces:
        size = len(piece.seen.text)
        inner = cuts[bisect_right(cuts, piece.at) : bisect_left(cuts, piece.at + size)]
        bounds = [0, *(cut - piece.at for cut in inner), size]
        for start, end in pairwise(bounds):
            seen = Seen(piece.seen.text[start:end], piece.seen.starts[start:end], piece.seen.ends[start:end])
            found.append(attrs.evolve(piece, at=at, seen=seen))
            parts.append(seen.text)
            at += end - start + len(JOINT)
    return JOINT.join(parts), found


def _split(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A block's run cut into pieces of bounded length: at a sentence's end, at white space, or anywhere."""
    while end - start > LONGEST_SENTENCE:
        cut = _cut(text, start, min(end, start + LONGEST_PIECE))
        if text[start:cut].strip():
            yield start, cut
        start = cut
    if text[start:end].strip():
        yield start, end


def _cut(text: str, start: int, end: int) -> int:
    """Where a piece ends: behind its last sentence, where the first is of bearable length."""
    stops = [match.end() for match in SENTENCE_END.finditer(text, start, end)]
    if end - start < LONGEST_PIECE:
        stops.append(end)
    bearable = [stop for before, stop in zip([start, *stops], stops, strict=False) if stop - before <= LONGEST_SENTENCE]
    if bearable and bearable[0] == stops[0]:
        return _last_in_a_row(stops, bearable)
    spaces = [match.end() for match in re.finditer(r"\s", text[start : start + LONGEST_SENTENCE])]
    return start + (spaces[:LONGEST_RUN][-1] if spaces else LONGEST_SENTENCE)


def _last_in_a_row(stops: list[int], bearable: list[int]) -> int:
    """The last stop before the first sentence that is too long."""
    return [stop for stop, other in zip(stops, bearable, strict=False) if stop == other][-1]


def _read(article: Article, pieces: list[Piece], document: Any, model: str) -> Parse:
    if document is None:
        return Parse(sentences=(), entities=(), model=model)
    places = _Places(pieces)
    sentences = tuple(_sentence(article, places, index, each) for index, each in enumerate(document.sentences))
    entities = tuple(_entity(article, places, each) for each in document.ents if _names_something(each))
    return Parse(sentences=sentences, entities=entities, model=model)


def read_document(article: Article, document: Any) -> Parse:
    """The parse that a Stanza document of the article's own text holds; of the blocks that we would have parsed."""
    pieces = [
        Piece(block=at, start=block.start, at=block.start, seen=_as_it_stands(article.text[block.start : block.end]))
        for at, block in enumerate(article.blocks)
    ]
    whole = _read(article, pieces, document if pieces else None, "stanza")
    read = [at for at, block in enumerate(article.blocks) if block.kind in PARSED]
    kept = [sentence for sentence in whole.sentences if sentence.block in read]
    sentences = tuple(attrs.evolve(sentence, index=index) for index, sentence in enumerate(kept))
    blocks = [(article.blocks[at].start, article.blocks[at].end) for at in read]
    entities = tuple(each for each in whole.entities if any(start <= each.start < end for start, end in blocks))
    return attrs.evolve(whole, sentences=sentences, entities=entities)


def _as_it_stands(text: str) -> Seen:
    return Seen(text=text, starts=tuple(range(len(text))), ends=tuple(range(1, len(text) + 1)))


class _Places:
    """Turns offsets into the models' text, asked for in rising order, into offsets of the article."""

    def __init__(self, pieces: list[Piece]) -> None:
        self._pieces = pieces
        self._starts = [piece.at for piece in pieces]

    def piece(self, offset: int) -> Piece:
        return self._pieces[max(0, bisect_right(self._starts, offset) - 1)]

    def span(self, start: int, end: int) -> tuple[int, int, int]:
        piece = self.piece(start)
        last = len(piece.seen.text) - 1
        begin, finish = min(start - piece.at, last), min(end - piece.at - 1, last)
        return piece.start + piece.seen.starts[begin], piece.start + piece.seen.ends[max(begin, finish)], piece.block


def _sentence(article: Article, places: _Places, index: int, sentence: Any) -> Sentence:
    words = tuple(_words(article, places, sentence))
    block = places.piece(sentence.tokens[0].start_char).block
    end = max(word.end for word in words)
    vectors = getattr(sentence, "vectors", None)
    return graft(Sentence(index=index, block=block, start=words[0].start, end=end, words=words, vectors=vectors))


def _words(article: Article, places: _Places, sentence: Any) -> Iterator[Word]:
    for token in sentence.tokens:
        for word in token.words:
            own = word if word.start_char is not None and word.end_char is not None else token
            start, end, _ = places.span(own.start_char, own.end_char)
            whole = own is word or len(token.words) == 1
            yield Word(
                index=word.id - 1,
                text=article.text[start:end] if whole else word.text,
                lemma=word.lemma or word.text.lower(),
                upos=word.upos or "X",
                xpos=word.xpos or "",
                feats=word.feats or "",
                head=word.head - 1 if word.head is not None else -1,
                deprel=word.deprel or "dep",
                start=start,
                end=end,
            )


def _names_something(entity: Any) -> bool:
    """Whether an entity is more than a pronoun with its verb, as which "He’ll" is sometimes mistaken."""
    return any(word.upos not in FUNCTION for word in entity.words)


def _entity(article: Article, places: _Places, entity: Any) -> Entity:
    start, end, _ = places.span(entity.start_char, entity.end_char)
    return Entity(start=start, end=end, text=article.text[start:end], kind=LABELS.get(entity.type, "MISC"))
