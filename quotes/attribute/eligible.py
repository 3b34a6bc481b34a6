"""Whether a mention can be a source: by the class of its head noun, what kind of name it is, and its syntax.

A time, a place as such, a manner, a sum, a bare number and a piece of a clause can be none.
"""

from __future__ import annotations

from quotes import syntax
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Proposal
from quotes.lexicon import Lexicon
from quotes.records import Sentence, Word

NAMED = frozenset(["PERSON", "ORG", "NORP", "PRODUCT", "WORK"])
MEASURED = frozenset(["DATE", "MONEY"])
# Prepositions of where, when and how: "in a low voice", "near the harbour".
# fmt: off
ASIDE = frozenset([
    "about", "after", "amid", "among", "around", "at", "before", "behind", "below", "beside", "during", "in", "inside",
    "near", "on", "outside", "since", "under", "until", "with", "within", "without",
])
# fmt: on
NOMINAL = frozenset(["NOUN", "PROPN", "PRON", "NUM", "DET", "SYM", "X"])
COMPARED = frozenset(["JJR", "JJS"])  # "more said that …"
ADDED = ("appos", "parataxis")
DETERMINERS = ("det", "nmod:poss", "nummod")


def can_be_source(scene: Scene, proposal: Proposal) -> bool:
    """Whether the mention that a proposal gives its words to, if it has one, can say anything."""
    if proposal.source is None:
        return True
    sentence = scene.parse.sentences[proposal.source[0]]
    own = proposal.cue if proposal.source[0] == proposal.sentence else ()
    head = proposal.source[1]
    if _is_known(scene, sentence, head):
        return not _ends_clause(sentence, head, scene.lexicon)
    return not (
        _stands_aside(sentence, head, own)
        or _is_measured(scene, sentence, head)
        or _is_thing(sentence.words[head], scene.lexicon)
        or _is_fragment(sentence, head)
    )


def _is_known(scene: Scene, sentence: Sentence, head: int) -> bool:
    """Whether a mention is known for somebody or something that speaks, or told to be by what is added to it."""
    lexicon, word = scene.lexicon, sentence.words[head]
    if scene.entities.get(word.start) in NAMED:
        return True
    added = syntax.children(sentence, head, *ADDED)
    return any(_speaks(sentence.words[at], lexicon) for at in (head, *(at for at in added if at > head)))


def _speaks(word: Word, lexicon: Lexicon) -> bool:
    people = (lexicon.roles, lexicon.groups, lexicon.anonymous, lexicon.spokespersons, lexicon.journalists)
    lists = (*people, lexicon.organizations, lexicon.documents, lexicon.media, lexicon.own_media, lexicon.programmes)
    return any(form in words for words in lists for form in (word.lemma.lower(), word.text.lower()))


def _ends_clause(sentence: Sentence, head: int, lexicon: Lexicon) -> bool:
    """Whether a mention is what a participle of comparing has for its object: "…, exceeding analysts said"."""
    first = head
    while first and sentence.words[first - 1].head == head and not _is_participle(sentence.words[first - 1]):
        first -= 1
    before = sentence.words[first - 1] if first else None
    if any(at < first - 1 for at in syntax.children(sentence, head, *DETERMINERS)):
        return False  # "the following witnesses"
    return before is not None and _is_participle(before) and not lexicon.comparing.isdisjoint(syntax.bases(before))


def _is_participle(word: Word) -> bool:
    return word.upos in ("VERB", "ADJ") and word.text.lower().endswith("ing")


def _stands_aside(sentence: Sentence, head: int, cue: tuple[int, ...]) -> bool:
    """Whether a preposition that is no part of the cue makes a mention tell where, when or how."""
    for at in syntax.children(sentence, head, "case"):
        word = sentence.words[at]
        least = sentence.words[at + 1].text.lower() in ("least", "most")
        if at < head and at not in cue and word.text.lower() in ASIDE and not least:
            return True
    return False


def _is_measured(scene: Scene, sentence: Sentence, head: int) -> bool:
    """Whether a mention is a time, a sum or a bare number; "40 of the drivers" and "40 %" are people."""
    word = sentence.words[head]
    if scene.entities.get(word.start) in MEASURED:
        return True
    if syntax.is_time(word):
        return True
    behind = {each.text.lower() for each in sentence.words[head + 1 : head + 2]}
    return word.text[:1].isdigit() and not behind & {"of", "in", "%"} and "%" not in word.text


def _is_thing(word: Word, lexicon: Lexicon) -> bool:
    """Whether a common noun is one for times, places or things that say nothing; with a capital it is a name."""
    if word.upos != "NOUN" or (word.text[:1].isupper() and word.index):
        return False
    return any(word.lemma.lower() in words for words in (lexicon.times, lexicon.places, lexicon.things))


def _is_fragment(sentence: Sentence, head: int) -> bool:
    """Whether a word heads no noun phrase: "however"; "the injured" and "more" do."""
    word = sentence.words[head]
    if word.upos in NOMINAL or word.xpos in COMPARED or (word.text[:1].isupper() and head):
        return False
    return syntax.child(sentence, head, "det", "nmod:poss") is None
