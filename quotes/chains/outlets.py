"""Which words at a cue stand for outlets: by name, by what they are a part of, and by what was told to them."""

from __future__ import annotations

import attrs

from quotes import syntax
from quotes.lexicon import Lexicon
from quotes.records import Article, Mention, Parse, Sentence, Source, SourceKind, digest
from quotes.speakers import Cast, Resolution
from quotes.speakers.vocabulary import POSSESSIVE

Place = tuple[int, int]
OWN = frozenset(["this", "our", "its", "his", "her", "their"])
OF_NEWS = frozenset(["news", "press", "radio", "television", "tv"])
PARTS = ("flat", "compound", "appos")
# Articles that the names of papers abroad begin with: "told El Faro".
ABROAD = frozenset(["el", "la", "le", "les", "il", "lo", "der", "die", "das", "o", "os", "de", "het", "al"])


class Outlets:
    """Answers for an article whom a word stands for, as the cast does, and whether that is an outlet.

    sources: all sources that were met, by id, to which these answers add.
    """

    def __init__(self, article: Article, parse: Parse, cast: Cast, lexicon: Lexicon) -> None:
        self.article, self.parse, self.cast, self.lexicon = article, parse, cast, lexicon
        self.sources = {source.id: source for source in cast.sources}

    def resolve(self, at: Place) -> Resolution:
        """The source that a word stands for; for "a report in X" and "X's programme" the outlet."""
        inner = self._of_story(at) or self._of_copy(at)
        if inner is not None:
            return self.resolve(inner)
        found = self.cast.of(at)
        programme = self._programme(at)
        if programme is not None:
            self.sources.setdefault(programme.id, programme)
            return attrs.evolve(
                found, source=programme, source_id=programme.id, name=programme.name, mention=programme.mentions[0]
            )
        self.sources.setdefault(found.source_id, found.source)
        return found

    def kind(self, source_id: str) -> SourceKind | None:
        source = self.sources.get(source_id)
        return source.kind if source else None

    def is_outlet(self, at: Place) -> bool:
        """Whether a word stands for an outlet that is not the speaker's own."""
        if self._of_story(at) is not None or self._programme(at) is not None:
            return True
        named = names_outlet(self.parse.sentences[at[0]], at[1], self.lexicon)
        return named and self.kind(self.resolve(at).source_id) == "outlet"

    def hearer(self, at: Place) -> Place | None:
        """The outlet to which something was told: by name, or that of "X's Jane Roe"."""
        if self._hears(at):
            return at
        sentence = self.parse.sentences[at[0]]
        journalist = sentence.words[at[1]].lemma.lower() in self.lexicon.journalists
        owner = syntax.child(sentence, at[1], "nmod:poss", *(["compound"] if journalist else []))
        if owner is None and at[1] > 1 and sentence.words[at[1] - 1].text in POSSESSIVE:
            owner = at[1] - 2
        if owner is None and sentence.words[at[1]].lemma.lower() in self.lexicon.programmes:
            whole = syntax.children(sentence, at[1], "nmod")
            owner = next((each for each in whole if syntax.case(sentence, each) == "of"), None)
        return (at[0], owner) if owner is not None and self.is_outlet((at[0], owner)) else None

    def _hears(self, at: Place) -> bool:
        """Whether a word stands for an outlet; a name that nothing else explains does where something is told to it."""
        if self.is_outlet(at):
            return True
        if not self._may_be_outlet(at):
            return False
        found = self.resolve(at)
        self.sources[found.source_id] = attrs.evolve(found.source, kind="outlet")
        return True

    def _may_be_outlet(self, at: Place) -> bool:
        sentence = self.parse.sentences[at[0]]
        word = sentence.words[at[1]]
        named = word.upos in ("PROPN", "NOUN") or word.xpos.startswith("NNP")
        if not named or not word.text[:1].isupper() or word.text.isupper():
            return False
        found = self.cast.of(at)
        if found.source.role or found.source.kind == "document":
            return False
        article = next((sentence.words[each].text for each in syntax.children(sentence, at[1], "det")), "")
        bare = found.mention.text.lower().removeprefix("the ")
        last = found.mention.text.rpartition(" ")[2]  # as it is written: a board is generic, the Board a name
        generic = {bare, last} & (self.lexicon.generic_hearers | self.lexicon.own_media)
        body = bare.rpartition(" ")[2] in self.lexicon.organizations and OF_NEWS.isdisjoint(bare.split())
        if generic or body:
            return False
        listed = {bare, f"the {bare}"} & self.lexicon.outlets.keys()
        abroad = " " in bare and bare.split()[0] in ABROAD
        if found.source.kind == "group":
            return bool(listed) and article == "The"
        if listed or abroad:
            return article.lower() in ("", "the")
        if article.lower() == "the":
            return self.cast.is_unexplained(at) or self.cast.ends_like_outlet(at)
        return not article and self.cast.is_unexplained(at)

    def _of_story(self, at: Place) -> Place | None:
        """The outlet of "a report in X", "a Y report", "X's story"."""
        sentence = self.parse.sentences[at[0]]
        word = sentence.words[at[1]]
        if word.lemma.lower() not in self.lexicon.stories or word.upos != "NOUN":
            return None
        behind = [
            each
            for each in syntax.children(sentence, at[1], "nmod")
            if syntax.case(sentence, each) in ("in", "by", "from", "on", "of")
        ]
        for each in (*behind, *syntax.children(sentence, at[1], "nmod:poss", "compound")):
            outlet = names_outlet(sentence, each, self.lexicon) and self.cast.of((at[0], each)).source.kind == "outlet"
            if outlet:
                return (at[0], each)
        return None

    def _of_copy(self, at: Place) -> Place | None:
        """The letter of "a copy of the letter"."""
        sentence = self.parse.sentences[at[0]]
        if sentence.words[at[1]].lemma.lower() not in self.lexicon.copies:
            return None
        whole = [each for each in syntax.children(sentence, at[1], "nmod") if syntax.case(sentence, each) == "of"]
        return (at[0], whole[0]) if whole else None

    def _programme(self, at: Place) -> Source | None:
        """An outlet's programme or page, named with it: "NBC's Meet the Press"."""
        sentence = self.parse.sentences[at[0]]
        owner = syntax.child(sentence, at[1], "nmod:poss")
        known = sentence.words[at[1]].upos == "PROPN" or sentence.words[at[1]].lemma.lower() in self.lexicon.programmes
        if owner is None or not known or sentence.words[owner].upos == "PRON" or self._is_person(at):
            return None
        outlet = self.cast.of((at[0], owner)).source
        if outlet.kind != "outlet":
            return None
        end = max(each for each in (at[1], *syntax.children(sentence, at[1], *PARTS)))
        named = self.cast.of(at).mention
        behind = named.end if named.start <= sentence.words[at[1]].start < named.end else 0
        first = min(each for each in (owner, *syntax.children(sentence, owner, *PARTS)))
        span = self.article.span(sentence.words[first].start, max(sentence.words[end].end, behind))
        mention = Mention(start=span.start, end=span.end, text=span.text, form="name")
        return attrs.evolve(
            outlet, id=digest(self.article.id, "programme", span.text), name=span.text, mentions=(mention,)
        )

    def _is_person(self, at: Place) -> bool:
        found = self.cast.of(at)
        words = found.mention.text.lower().split()
        given = any(word in self.lexicon.given_names for word in words)
        return found.source.kind == "person" and (given or self.cast.label(at) == "PERSON")


def names_outlet(sentence: Sentence, at: int, lexicon: Lexicon) -> bool:
    """Whether a noun phrase that stands for an outlet names another's: not "its website", "this newspaper"."""
    word = sentence.words[at]
    within = (at, word.head) if word.deprel in PARTS and word.head >= 0 else (at,)  # "its Harbour Watch page"
    own = any(sentence.words[each].lemma.lower() in OWN for top in within for each in sentence.dependents[top])
    if word.upos == "PROPN":
        return not own
    bare = syntax.child(sentence, at, "compound", "amod") is None
    generic = bare and word.lemma.lower() in lexicon.generic_hearers
    return not own and not generic and word.lemma.lower() not in lexicon.own_media
