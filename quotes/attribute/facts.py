"""What the tagger sees: facts of each word, and how each word stands to a cue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from quotes import syntax
from quotes.attribute import sources
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal
from quotes.lexicon import Lexicon
from quotes.models import PLAIN
from quotes.records import Sentence, Word

WORD = ("ending", "shape", "tag", "relation", "entity", "marks", "class", "governor")
PLACE = ("path", "distance", "parted", "proposed")
BREAKS = frozenset([",", ";", ":", "–", "—", "--", "(", ")", "“", "”", '"', "''", "``", "«", "»"])
LISTS = ("roles", "groups", "anonymous", "organizations", "documents", "media")

Fact = tuple[str, ...]


def of_words(scene: Scene) -> list[list[Fact]]:
    """For each word of each sentence its facts, named by WORD."""
    known: dict[tuple[str, str, str], str] = {}
    return [_of_sentence(scene, sentence, known) for sentence in scene.parse.sentences]


def _of_sentence(scene: Scene, sentence: Sentence, known: dict[tuple[str, str, str], str]) -> list[Fact]:
    classes = [_class(scene.lexicon, word, known) for word in sentence.words]
    quoted = [(sentence.index, word.index) in scene.quoted for word in sentence.words]
    found: list[Fact] = []
    for at, word in enumerate(sentence.words):
        ending, shape = _form(word.text)
        governor = f"{classes[word.head]}/{'behind' if word.head > at else 'before'}" if word.head >= 0 else "none"
        entity = scene.entities.get(word.start, "none")
        found.append((ending, shape, word.xpos, word.deprel, entity, _marks(quoted, at), classes[at], governor))
    return found


def _marks(quoted: Sequence[bool], at: int) -> str:
    """Where a word stands to what is between quotation marks."""
    if not quoted[at]:
        return "outside"
    if at == 0 or not quoted[at - 1]:
        return "first"
    return "inside" if at + 1 < len(quoted) and quoted[at + 1] else "last"


@lru_cache(maxsize=20_000)
def _form(text: str) -> tuple[str, str]:
    """A word's last letters in lower case, and how it is written."""
    plain = text.translate(PLAIN)
    low = plain.lower()
    if not any(char.isalnum() for char in plain):
        return "", "mark"
    if plain[0].isdigit():
        return "", "number"
    shape = "lower" if plain == low else "title" if plain[0].isupper() and plain[1:] == low[1:] else "capitals"
    return low[-3:], shape


def _class(lexicon: Lexicon, word: Word, known: dict[tuple[str, str, str], str]) -> str:
    """The list of the lexicon that has a word, as far as it matters for cues and sources."""
    key = (word.text, word.lemma, word.upos)
    if key not in known:
        known[key] = _looked_up(lexicon, word)
    return known[key]


def _looked_up(lexicon: Lexicon, word: Word) -> str:
    lemma, text = word.lemma.lower(), word.text.lower()
    if word.upos in ("VERB", "AUX"):
        entry = next((lexicon.verbs[base] for base in syntax.bases(word) if base in lexicon.verbs), None)
        return "verb" if entry is None else f"verb/{entry.act}/{'clause' in entry.takes}"
    if word.upos in ("NOUN", "PROPN"):
        if lemma in lexicon.nouns:
            return f"noun/{lexicon.nouns[lemma].act}"
        return next((name for name in LISTS if lemma in (own := getattr(lexicon, name)) or text in own), "none")
    return "hedge" if lemma in lexicon.hedge_adverbs else "negator" if lemma in lexicon.negators else "none"


def of_places(sentence: Sentence, cue: int, proposals: Sequence[tuple[float, Proposal]]) -> list[Fact]:
    """For each word of a sentence, how it stands to a cue: facts named by PLACE.

    proposals: what the rules propose at the cue, with scores.
    """
    paths = _paths(sentence, cue)
    parted = _parted(sentence, cue)
    proposed = _proposed(sentence, proposals)
    return [
        (paths[at], _distance(at - cue), f"{min(parted[at], 3)}", proposed[at]) for at in range(len(sentence.words))
    ]


def _paths(sentence: Sentence, cue: int) -> list[str]:
    """Under which dependent of the cue, or of what the cue hangs from, each word stands."""
    found = ["apart"] * len(sentence.words)
    level, at, below = 0, cue, -1
    while at >= 0 and level < 4:
        for dependent in sentence.dependents[at]:
            if dependent != below:
                name = f"{level}/{sentence.words[dependent].deprel}"
                for each in sentence.subtree(dependent):
                    found[each] = name
        found[at] = f"{level}/itself"
        level, at, below = level + 1, sentence.words[at].head, at
    return found


def _distance(steps: int) -> str:
    far = next((limit for limit in (0, 1, 2, 4, 8, 16) if abs(steps) <= limit), 32)
    return f"{'-' if steps < 0 else '+'}{far}"


def _parted(sentence: Sentence, cue: int) -> list[int]:
    """How many marks stand between the cue and each word."""
    found = [0] * len(sentence.words)
    for order in (range(cue + 1, len(sentence.words)), range(cue - 1, -1, -1)):
        marks = 0
        for at in order:
            found[at] = marks
            marks += sentence.words[at].text in BREAKS
    return found


def _proposed(sentence: Sentence, proposals: Sequence[tuple[float, Proposal]]) -> list[str]:
    """Which part each word has in the likeliest proposal, and whether others differ."""
    found = ["none"] * len(sentence.words)
    for rank, (_, proposal) in enumerate(sorted(proposals, key=lambda pair: pair[0])):
        name = "content" if rank == len(proposals) - 1 else "rival"
        for start, end in proposal.content:
            for word in sentence.words:
                if start <= word.start < end:
                    found[word.index] = name
    if proposals:
        best = max(proposals, key=lambda pair: pair[0])[1]
        for at in best.cue:
            found[at] = "cue"
        if best.source is not None and best.source[0] == sentence.index:
            for at in sources.phrase(sentence, best.source[1], without=frozenset(best.cue)):
                found[at] = "source"
    return found
