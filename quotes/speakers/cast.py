"""The cast of an article: what each word at a cue stands for, found when asked for, and the sources behind."""

from __future__ import annotations

import attrs

from quotes import syntax
from quotes.records import Candidate, Form, Mention, Source, SourceKind, digest
from quotes.speakers import descriptions, pronouns
from quotes.speakers.figures import Figure
from quotes.speakers.names import Name
from quotes.speakers.scene import UNEXPLAINED, Found, Place, Scene, believe
from quotes.speakers.vocabulary import OUTLET_ENDINGS, POSSESSIVE

ENDING = ("PUNCT", "VERB", "AUX")
PHRASE = ("NOUN", "PROPN", "ADJ", "DET")
LINKING = frozenset(["of", "for", "and", "&", "in"])
OPEN = 0.3  # confidence of what could not be told


@attrs.frozen(kw_only=True)
class Resolution:
    """What a word at a cue stands for.

    name: the fullest form in which the article names the source, or the mention's own words where resolved is False;
    source: what stands behind it; rivals: who else could have been meant.
    """

    source_id: str
    name: str
    resolved: bool
    confidence: float
    rivals: tuple[Candidate, ...]
    mention: Mention
    source: Source


@attrs.define(kw_only=True, eq=False)
class Resolver:
    """Finds what words stand for, and keeps what it found."""

    scene: Scene
    found: dict[Place, Found] = attrs.field(factory=dict)
    own: dict[Place, Figure] = attrs.field(factory=dict)
    busy: set[Place] = attrs.field(factory=set)
    asked: dict[Place, Found] = attrs.field(factory=dict)
    sources: dict[int, tuple[tuple[object, ...], Source]] = attrs.field(factory=dict)

    def ask(self, at: Place) -> Found:
        """The same for a place that stands for a source, which its source is listed for."""
        found = self.asked[at] = self.find(at)
        if found.mention.form == "name":
            believe(found.figure, self.scene.vocabulary)
        return found

    def find(self, at: Place) -> Found:
        known = self.found.get(at)
        if known is not None:
            return known
        if at in self.busy:
            return Found(figure=None, mention=self._mention(at, at[1], at[1], "pronoun"), confidence=OPEN)
        self.busy.add(at)
        found = self._find(at)
        self.busy.discard(at)
        self.found[at] = found
        if found.figure is not None and found.mention.form != "name":
            found.figure.mentions.setdefault((found.mention.start, found.mention.end), found.mention)
        return found

    def _find(self, at: Place) -> Found:
        word = self.scene.word(at)
        low = word.text.lower()
        name = self._name_at(at)
        if name is not None:
            return self._of_name(at, name)
        if low in pronouns.RELATIVE and word.upos in ("PRON", "DET", "SCONJ"):
            antecedent = pronouns.antecedent_of_relative(self.scene, at)
            if antecedent is not None:
                found = self.find(antecedent)
                return attrs.evolve(found, mention=self._mention(at, at[1], at[1], "pronoun"))
        if low in pronouns.ALL or (low in pronouns.DEICTIC and word.upos in ("PRON", "DET")):
            return self._of_pronoun(at, low)
        return self._of_description(at)

    def _name_at(self, at: Place) -> Name | None:
        """The name that the phrase around a head turns on."""
        scene = self.scene
        beside = scene.beside[at[0]].get(at[1])
        if beside is not None and scene.word(at).deprel not in ("nmod:poss", "compound", "amod"):
            return beside
        name = scene.at[at[0]].get(at[1])
        if name is not None:
            return self._person_behind(at, name) or self._at_the_end(at) or name
        person = self.scene.at[at[0]].get(at[1] + 1)
        if person is not None and person.label == "PERSON" and self._flat(at, person):
            return person
        beside = self._before_brackets(at) or self._named_before(at) or self._named_after(at) or self._named_beside(at)
        return beside or self._at_the_end(at)

    def _flat(self, at: Place, name: Name) -> bool:
        """Whether a name hangs from the word before it as a part of the same phrase: "Democrat Hillary Clinton"."""
        parts = self.scene.sentences[at[0]].words[name.first : name.last + 1]
        return any(word.head == at[1] and word.deprel in ("flat", "appos", "compound") for word in parts)

    def _at_the_end(self, at: Place) -> Name | None:
        """The person whose name ends a phrase that says who it is: "Chair of the Tidal Trust Ada Quint"."""
        sentence = self.scene.sentences[at[0]]
        name = self.scene.at[at[0]].get(max(sentence.subtree(at[1])))
        if name is None or name.label != "PERSON" or name.first <= at[1] + 1 or len(name.words) < 2:
            return None
        phrase = sentence.words[at[1] : name.first]
        told = any(self.scene.vocabulary.is_role(word.text.lower()) for word in phrase)
        whole = all(word.upos in PHRASE or word.text.lower() in LINKING for word in phrase)
        return name if told and whole and phrase[-1].upos in ("NOUN", "PROPN") else None

    def _person_behind(self, at: Place, name: Name) -> Name | None:
        """The person of "Coast FM’s Ines Varga", where the body was found to be the head."""
        words = self.scene.sentences[at[0]].words
        behind = name.last + 1
        if behind < len(words) and words[behind].text in POSSESSIVE:
            behind += 1
        person = self.scene.at[at[0]].get(behind)
        if name.label == "PERSON" or person is None or person is name or person.label != "PERSON":
            return None
        inside = at[1] <= words[person.first].head <= person.last and words[person.first].deprel == "flat"
        return person if inside or self._flat(at, person) else None

    def _before_brackets(self, at: Place) -> Name | None:
        """The name before brackets that the head was found in: "Rep. X (D-Md.) said"."""
        words = self.scene.sentences[at[0]].words
        for opening in range(at[1] - 1, max(-1, at[1] - 5), -1):
            if words[opening].text in (")", "]"):
                return None
            if words[opening].text in ("(", "["):
                return self.scene.at[at[0]].get(opening - 1)
        return None

    def _named_before(self, at: Place) -> Name | None:
        """The name that a description follows after a verb and a comma: "said Mayra, one of her granddaughters"."""
        before = self._before_comma(at)
        name = self.scene.at[at[0]].get(before) if before is not None else None
        inverted = name is not None and name.lead > 0 and self._is_verb(at[0], name.lead - 1)
        return name if inverted else None

    def _named_after(self, at: Place) -> Name | None:
        """The person that a description introduces: "one of her lawyers, Piet Maas, said"."""
        sentence = self.scene.sentences[at[0]]
        words = sentence.words
        inside = set(sentence.subtree(at[1]))
        if "Number=Plur" in words[at[1]].feats:
            return None
        comma = next((k for k in range(at[1] + 1, min(at[1] + 12, len(words))) if words[k].upos in ENDING), len(words))
        name = self.scene.at[at[0]].get(comma + 1)
        if name is None or name.label != "PERSON" or words[comma].text != "," or name.first != comma + 1:
            return None
        if not inside.issuperset(range(at[1], comma)):
            return None
        closed = name.last + 1 >= len(words) or words[name.last + 1].text in (",", ".", "–", "—")
        follows = words[name.last + 2] if name.last + 2 < len(words) else None
        goes_on = follows is None or follows.upos in ("VERB", "AUX", "ADV", "PUNCT") or follows.text.lower() == "as"
        return name if closed and goes_on else None

    def _described_before(self, at: Place) -> Place | None:
        """The noun that a description only adds to: "said one witness, a baker"."""
        before = self._before_comma(at)
        sentence = self.scene.sentences[at[0]]
        if before is None or sentence.words[before].upos != "NOUN":
            return None
        first = min(k for k in sentence.subtree(before) if k <= before)
        return (at[0], before) if first > 0 and self._is_verb(at[0], first - 1) else None

    def _before_comma(self, at: Place) -> int | None:
        """The word before the comma that a phrase stands behind."""
        sentence = self.scene.sentences[at[0]]
        inside = sentence.subtree(at[1])
        if any(sentence.words[child].deprel == "case" and child < at[1] for child in sentence.dependents[at[1]]):
            return None
        first = min(inside[0], at[1])
        behind = inside[-1] + 1
        if behind < len(sentence.words) and sentence.words[behind].upos != "PUNCT":
            return None
        while first < at[1] and sentence.words[first].upos == "PUNCT":
            first += 1
        return first - 2 if first > 2 and sentence.words[first - 1].text == "," else None

    def _is_verb(self, sentence: int, word: int) -> bool:
        return self.scene.sentences[sentence].words[word].upos == "VERB"

    def _named_beside(self, at: Place) -> Name | None:
        """The name of a body or outlet next to the noun for it: "the site Kestrin Wiki", "the agency, Velna"."""
        scene = self.scene
        sentence = scene.sentences[at[0]]
        low = scene.word(at).text.lower()
        media, bodies = low in scene.vocabulary.lexicon.media, low in scene.vocabulary.lexicon.organizations
        if not media and not bodies:
            return None
        named = scene.at[at[0]]
        following = named.get(at[1] + 1)
        if following is not None and (media or following.label not in ("PLACE", "NORP", "PERSON")):
            return following
        named_so = following is not None and low in descriptions.GENERIC and sentence.words[at[1] + 1].deprel == "appos"
        if named_so and sentence.words[at[1] + 1].head == at[1]:
            return following
        for child in sentence.dependents[at[1]]:
            name = named.get(child)
            if name is None:
                continue
            if sentence.words[child].deprel == "appos" and name.label not in ("PLACE", "NORP"):
                return name
            if media and name.label == "OUTLET" and sentence.words[child].deprel in ("compound", "amod", "nmod"):
                return name if name.last < at[1] else None
        return None

    def _of_name(self, at: Place, name: Name) -> Found:
        roll = self.scene.roll
        first = name.lead if name.lead <= at[1] or name.titled else name.first
        mention = self._mention(at, min(first, at[1]) if at[1] < name.first else first, name.last, "name")
        figure = roll.of.get(name)
        if figure is not None:
            return Found(figure=figure, mention=mention, confidence=0.95)
        fitting = roll.ambiguous[name]
        speaker = descriptions.last_speaker(self.scene, at, self.find, reach=1)
        if speaker in fitting:
            return Found(figure=speaker, mention=mention, confidence=0.7, rivals=self._rivals(fitting, speaker))
        return Found(figure=None, mention=mention, confidence=OPEN, rivals=self._rivals(fitting))

    def _of_pronoun(self, at: Place, low: str) -> Found:
        mention = self._mention(at, at[1], at[1], "pronoun")
        if low in pronouns.ONESELF:
            speaker = pronouns.of_first_person(self.scene, at, self.find)
            if speaker is not None:
                return attrs.evolve(speaker, mention=mention)
        elif low in pronouns.ALL:
            figure, confidence, rivals = pronouns.of_third_person(self.scene, at, self.find)
            return Found(figure=figure, mention=mention, confidence=confidence if figure else OPEN, rivals=rivals)
        return Found(figure=None, mention=mention, confidence=OPEN)

    def _of_description(self, at: Place) -> Found:
        scene = self.scene
        described = self._described_before(at)
        if described is not None:
            return self.find(described)
        phrase = descriptions.read_phrase(scene, at)
        mention = self._mention(at, phrase.first, phrase.last, "description")
        lexicon = scene.vocabulary.lexicon
        if phrase.lemma in lexicon.documents or phrase.head in lexicon.documents:
            author = descriptions.author_of(scene, at)
            if author is not None:
                return attrs.evolve(self.find(author), mention=mention)
        figure, confidence, fitting = descriptions.resolve(scene, phrase, self.find)
        if figure is not None:
            return Found(figure=figure, mention=mention, confidence=confidence, rivals=self._rivals(fitting, figure))
        if fitting:
            return Found(figure=None, mention=mention, confidence=OPEN, rivals=self._rivals(fitting))
        return Found(figure=self._own(phrase), mention=mention, confidence=0.85)

    def _own(self, phrase: descriptions.Phrase) -> Figure:
        """A figure of its own for a description that nothing else explains."""
        scene = self.scene
        figure = Figure(
            called=descriptions.name_of(scene, phrase, self.find),
            start=scene.word(phrase.at).start,
            kind=descriptions.kind_of(phrase, scene.vocabulary),
            plural=phrase.plural or phrase.head in scene.vocabulary.lexicon.groups,
            gender=scene.vocabulary.gender(phrase.lemma),
        )
        if phrase.head in scene.vocabulary.spokespersons:
            figure.speaks = phrase.at
        self.own[phrase.at] = figure
        return figure

    def _rivals(self, fitting: list[Figure], chosen: Figure | None = None) -> tuple[Candidate, ...]:
        text = self.scene.article
        return tuple(
            Candidate(span=text.span(each.names[0].start, each.names[0].end), reason="fits as well")
            for each in fitting
            if each is not chosen and each.names
        )

    def _mention(self, at: Place, first: int, last: int, form: Form) -> Mention:
        span = self.scene.span(at[0], first, last)
        return Mention(start=span.start, end=span.end, text=span.text, form=form)


@attrs.frozen(kw_only=True, eq=False)
class Cast:
    """The sources of an article. `of` answers for any noun or pronoun, and always answers."""

    _resolver: Resolver

    def of(self, at: Place) -> Resolution:
        """What word `at[1]` of sentence `at[0]`, a mention's head, stands for; IndexError outside the parse."""
        found = self._resolver.ask(at)
        source = _sources(self._resolver, found)[0]
        return Resolution(
            source_id=source.id,
            name=source.name,
            resolved=found.figure is not None,
            confidence=round(found.confidence, 2),
            rivals=found.rivals,
            mention=found.mention,
            source=source,
        )

    def beside(self, at: Place) -> tuple[Resolution, ...]:
        """The sources that stand side by side with the one at a place: "X and Y said"."""
        sentence = self._resolver.scene.sentences[at[0]]
        found: dict[str, Resolution] = {}
        todo, seen = [at[1]], {at[1]}
        while todo:
            for other in syntax.beside(sentence, todo.pop()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
                    resolution = self.of((at[0], other))
                    found.setdefault(resolution.source_id, resolution)
        return tuple(found.values())

    def is_unexplained(self, at: Place) -> bool:
        """Whether a word's name is one of which nothing tells that it is a person's, a place's or a people's."""
        figure = self._resolver.find(at).figure
        if figure is None or not figure.names or figure.roles or figure.gender:
            return False
        if any(name.titled or name.lead < name.first for name in figure.names):
            return False
        return len(figure.keys) == 1 and figure.label in UNEXPLAINED

    def label(self, at: Place) -> str:
        """What the models take a word's name for: "PERSON", "ORG" and so on; empty where it has none."""
        figure = self._resolver.find(at).figure
        return figure.label if figure is not None else ""

    def ends_like_outlet(self, at: Place) -> bool:
        """Whether a name ends in a word that outlets' names end in: "the Inquirer"."""
        return self._resolver.scene.word(at).text.lower() in OUTLET_ENDINGS

    @property
    def sources(self) -> tuple[Source, ...]:
        """The sources of the attributions and of all that was asked for, in order of their first mention."""
        built: dict[str, Source] = {}
        for found in list(self._resolver.asked.values()):
            for source in _sources(self._resolver, found):
                built.setdefault(source.id, source)
        return tuple(sorted(built.values(), key=lambda each: (each.mentions[0].start, each.id)))


def _sources(resolver: Resolver, found: Found) -> list[Source]:
    """The source behind a mention, and the body that it speaks for."""
    article = resolver.scene.article
    figure = found.figure
    if figure is None:
        mention = found.mention
        identity = digest(article.id, "source", mention.start, mention.text)
        kind: SourceKind = "person" if mention.form == "name" else "anonymous"
        return [Source(id=identity, name=mention.text, kind=kind, mentions=(mention,))]
    body = _body(resolver, figure)
    bodies = [_source(resolver, body, None)] if body is not None else []
    return [_source(resolver, figure, bodies[0].id if bodies else None), *bodies]


def _body(resolver: Resolver, figure: Figure) -> Figure | None:
    """For whom a spokesperson speaks."""
    place = descriptions.body_of(resolver.scene, figure.speaks) if figure.speaks is not None else None
    body = resolver.find(place).figure if place is not None else None
    return body if body is not figure else None


def _source(resolver: Resolver, figure: Figure, speaks_for: str | None) -> Source:
    known = resolver.sources.get(id(figure))
    if known is not None and known[0] == (len(figure.mentions), figure.kind, speaks_for):
        return known[1]
    outlet = figure.outlet if figure.kind == "outlet" else None
    source = Source(
        id=source_id(resolver.scene.article.id, figure),
        name=figure.name,
        kind=figure.kind or "person",
        canonical=outlet.name if outlet else None,
        role=figure.roles[0].text if figure.roles else None,
        mentions=mentions_of(figure),
        country=outlet.country if outlet else None,
        ownership=outlet.ownership if outlet else None,
        speaks_for=speaks_for,
    )
    resolver.sources[id(figure)] = ((len(figure.mentions), figure.kind, speaks_for), source)
    return source


def mentions_of(figure: Figure) -> tuple[Mention, ...]:
    named = [Mention(start=name.start, end=name.end, text=name.text, form="name") for name in figure.names]
    found = {(mention.start, mention.end): mention for mention in (*named, *figure.mentions.values())}
    return tuple(found[key] for key in sorted(found))


def source_id(article_id: str, figure: Figure) -> str:
    """The figure's id: it depends on its name and where it first stands, not on what was asked for so far."""
    start = figure.names[0].start if figure.names else figure.start
    return digest(article_id, "source", start, figure.name)
