"""What stands at a cue beside its source: outlets spoken to, outlets that carried a statement, sources cited."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from quotes import syntax
from quotes.attribute import sources
from quotes.chains.outlets import Outlets
from quotes.lexicon import Lexicon
from quotes.records import Article, Attribution, Parse, Relation, Sentence, Span, Word

Place = tuple[int, int]
RULES = frozenset(["told-outlet", "interview", "carried-by", "citing", "quoted-as-saying", "led-in", "led-out"])
CITING = ("citing", "quoting")
OBLIQUE = ("obl", "obl:agent", "nmod")
BETWEEN = ("PUNCT", "PROPN", "NOUN", "PRON", "ADP", "DET", "ADV")
PASSING_ON = frozenset(["air", "broadcast", "carry", "cite", "print", "quote", "relay", "run"])
HEARING = ("to", "with", "on", "in")


@attrs.frozen(kw_only=True)
class Relay:
    """A further source at a cue. deeper: behind the cue's own source rather than before it."""

    at: Place
    relation: Relation
    cue: Span
    rule: str
    deeper: bool = False


@attrs.frozen(kw_only=True)
class Setting:
    """A cue in its sentence, and what has to be known around it. source: the source's word, if it stands there too."""

    article: Article
    sentence: Sentence
    cue: int
    source: int | None
    attribution: Attribution
    lexicon: Lexicon
    who: Outlets

    def outlet(self, word: int) -> bool:
        return self.who.is_outlet((self.sentence.index, word))

    def hearer(self, word: int) -> int | None:
        """The word of the outlet that heard what was told to a word's bearer."""
        found = self.who.hearer((self.sentence.index, word))
        return found[1] if found is not None else None

    def reports(self, word: Word) -> bool:
        """Whether a word belongs to the content."""
        return any(span.start <= word.start < span.end for span in self.attribution.content)

    def relay(self, at: int, relation: Relation, shown: Span, rule: str, *, deeper: bool = False) -> Relay:
        return Relay(at=(self.sentence.index, at), relation=relation, cue=shown, rule=rule, deeper=deeper)

    def span(self, first: int, last: int | None = None) -> Span:
        words = self.sentence.words
        return self.article.span(words[first].start, words[first if last is None else last].end)


def find(article: Article, parse: Parse, attribution: Attribution, lexicon: Lexicon, who: Outlets) -> Iterator[Relay]:
    """The relays that stand at an attribution's cue and source, in the order they are found."""
    if attribution.cue_at is None:
        return
    index, cue = attribution.cue_at
    here = attribution.source_at is not None and attribution.source_at[0] == index
    setting = Setting(
        article=article,
        sentence=parse.sentences[index],
        cue=cue,
        source=attribution.source_at[1] if here and attribution.source_at else None,
        attribution=attribution,
        lexicon=lexicon,
        who=who,
    )
    for rule in (_quoting, _quoted_alone, _hearer, _told, _spoken_to, _carried_by, _cited):
        yield from rule(setting)


def is_any(word: Word, lemmas: frozenset[str]) -> bool:
    return any(base in lemmas for base in syntax.bases(word))


def _quoting(setting: Setting) -> Iterator[Relay]:
    """Who quoted, in "X quoted Y as saying …", "Y was quoted by X as saying …", "X quoted Y, who alleged …"."""
    verb = _quoter(setting)
    if verb is None:
        return
    sentence = setting.sentence
    place = sources.of_verb(sentence, verb)
    if syntax.is_passive(sentence, verb) or syntax.is_past_participle(sentence.words[verb]):
        around = (*sentence.dependents[verb], *sentence.dependents[setting.cue])
        place = next((at for at in around if sentence.words[at].deprel in OBLIQUE and _shows(setting, at)), None)
    if place is not None and place not in (setting.source, sources.quoted_by(sentence, verb)):
        yield setting.relay(place, _quoted(sentence.words[verb]), setting.span(verb), "quoted-as-saying")


def _quoted(verb: Word) -> Relation:
    return "cited" if verb.lemma.lower() == "cite" else "quoted"


def _quoted_alone(setting: Setting) -> Iterator[Relay]:
    """Whom the cue's own source quotes, in "X quoted Y: “…”": Y's are the words."""
    verb = setting.sentence.words[setting.cue]
    if setting.source is None or setting.attribution.kind == "indirect" or not is_any(verb, setting.lexicon.citing):
        return
    for at in syntax.children(setting.sentence, setting.cue, "obj", "iobj"):
        if not setting.reports(setting.sentence.words[at]) and can_speak(setting.sentence, at, setting.lexicon):
            yield setting.relay(at, _quoted(verb), setting.span(setting.cue), "quoted-as-saying", deeper=True)


def _quoter(setting: Setting) -> int | None:
    """The verb of quoting above the cue, or above its source."""
    words, cue = setting.sentence.words, setting.cue
    head = words[cue].head
    before = sources.quoting_before(setting.sentence, cue, setting.lexicon)
    if before is not None:
        return before
    if head < 0:
        return None
    held = syntax.has_mark(setting.sentence, cue, "as") or syntax.is_participle(words[cue])
    if held and is_any(words[head], setting.lexicon.quoting):
        return head
    above = words[head].head
    quoted = words[cue].deprel.startswith("acl") and above >= 0 and words[head].deprel == "obj"
    return above if quoted and is_any(words[above], setting.lexicon.citing) else None


def _shows(setting: Setting, at: int) -> bool:
    preposition = syntax.case(setting.sentence, at)
    return preposition == "by" or (preposition in ("in", "on") and setting.outlet(at))


def _hearer(setting: Setting) -> Iterator[Relay]:
    """The outlet of "told X"."""
    attribution = setting.attribution
    if attribution.hearer_at is None or attribution.cue is None:
        return
    outlet = setting.who.hearer(attribution.hearer_at)
    if outlet is not None:
        yield Relay(at=outlet, relation="told", cue=attribution.cue, rule="told-outlet")


def _told(setting: Setting) -> Iterator[Relay]:
    """The outlet of "X was told by Y that …", "X was told that …"."""
    if setting.attribution.relation != "told" or not syntax.is_passive(setting.sentence, setting.cue):
        return
    for at in syntax.children(setting.sentence, setting.cue, *syntax.PASSIVE_SUBJECTS, *syntax.SUBJECTS):
        if at != setting.source and setting.hearer(at) == at:
            yield setting.relay(at, "told", setting.attribution.cue or setting.span(setting.cue), "told-outlet")
            return


def _spoken_to(setting: Setting) -> Iterator[Relay]:
    """The outlet of "in an interview with X", "speaking to X", "said on X": a phrase at the cue that names a hearer."""
    sentence = setting.sentence
    aside = [] if setting.source is None else syntax.children(sentence, setting.source, "acl", "acl:relcl", "nmod")
    objects = syntax.children(sentence, setting.cue, "obj")
    aside += [at for each in objects for at in sentence.subtree(each) if sentence.words[at].deprel == "nmod"]
    asked = [*_opening(setting), *_asked_between(setting), *_occasion_behind(setting), *_occasion_before(setting)]
    for at in dict.fromkeys((*asked, *sentence.dependents[setting.cue], *aside)):
        word = sentence.words[at]
        if setting.reports(word):
            continue
        if at in asked or _takes_hearer(setting, word):
            for party in filter(None, map(setting.hearer, parties(sentence, at))):
                yield setting.relay(party, "told", setting.span(*_before(sentence, at, party)), "interview")
        elif word.deprel.startswith("obl") and syntax.case(sentence, at) in HEARING and setting.outlet(at):
            yield setting.relay(at, "told", setting.attribution.cue or setting.span(at), "told-outlet")
    for at in _named_behind(setting):
        yield setting.relay(at, "told", setting.attribution.cue or setting.span(at), "told-outlet")


def _opening(setting: Setting) -> list[int]:
    """The participle that opens a sentence, wherever the parser hung what follows: "Asked by X if …, she said"."""
    word = setting.sentence.words[0]
    spoken = word.xpos == "VBG" and is_any(word, setting.lexicon.speaking)
    front = spoken or (syntax.is_past_participle(word) and is_any(word, setting.lexicon.asking))
    return [0] if front and setting.cue > 0 else []


def _asked_between(setting: Setting) -> list[int]:
    """The participle between a source and its cue that says who put a question: "X, reached by Y, said"."""
    words = setting.sentence.words
    between = words[setting.source + 1 : setting.cue] if setting.source is not None else ()
    return [
        word.index
        for word in between
        if is_any(word, setting.lexicon.asking) and words[word.index + 1].text.lower() == "by"
    ]


def _occasion_behind(setting: Setting) -> list[int]:
    """The interview behind a frame, wherever the parser hung it: "…, she said of the move during an interview on X"."""
    last = max(setting.cue, setting.cue if setting.source is None else setting.source)
    for word in setting.sentence.words[last + 1 :]:
        if setting.reports(word) or word.upos in ("VERB", "SCONJ", "CCONJ") or word.text in (";", ":"):
            return []
        spoken = word.upos == "NOUN" and word.lemma.lower() in setting.lexicon.spoken_to
        if spoken and syntax.case(setting.sentence, word.index) in ("in", "during"):
            return [word.index]
    return []


def _occasion_before(setting: Setting) -> list[int]:
    """The interview in the words that a sentence opens with: "Responding to this in an interview with X, she said"."""
    first = min(setting.cue, setting.cue if setting.source is None else setting.source)
    if any(span.start < setting.sentence.words[first].start for span in setting.attribution.content):
        return []
    return [
        word.index
        for word in setting.sentence.words[:first]
        if word.upos == "NOUN"
        and word.lemma.lower() == "interview"
        and syntax.case(setting.sentence, word.index) in ("in", "during")
    ]


def _named_behind(setting: Setting) -> list[int]:
    """An outlet behind a frame, wherever the parser hung it: "…, she said Sunday on X's Y"."""
    words = setting.sentence.words
    last = max(setting.cue, setting.cue if setting.source is None else setting.source)
    for at in range(last + 1, min(last + 6, len(words) - 1)):
        word = words[at]
        if word.upos not in ("PROPN", "ADP", "ADV", "NOUN", "DET") or setting.reports(word):
            return []
        named = word.text.lower() in ("on", "to") and words[at + 1].upos == "PROPN"
        if named and not setting.reports(words[at + 1]):
            return [at + 1] if setting.outlet(at + 1) else []
    return []


def _takes_hearer(setting: Setting, word: Word) -> bool:
    lemma = word.lemma.lower()
    if word.deprel.startswith("obl") or word.deprel == "nmod":
        return lemma in setting.lexicon.spoken_to
    if word.deprel == "acl:relcl":
        return is_any(word, setting.lexicon.speaking) and not syntax.is_passive(setting.sentence, word.index)
    if _is_asked(setting, word):
        return word.deprel in ("advcl", "xcomp", "acl") or (word.deprel == "ccomp" and word.index == 0)
    return word.deprel in ("advcl", "xcomp", "acl") and is_any(word, setting.lexicon.speaking)


def _is_asked(setting: Setting, word: Word) -> bool:
    """Whether an outlet put the question: "asked by X"."""
    return syntax.is_past_participle(word) and is_any(word, setting.lexicon.asking)


def parties(sentence: Sentence, index: int) -> list[int]:
    """Who a noun of speech or a verb of speaking names as the other side."""
    near = syntax.children(sentence, index, "nmod:poss", "compound")
    far = syntax.children(sentence, index, "nmod", "obl", "obl:agent", "obj")
    found = near + [at for at in far if syntax.case(sentence, at) in ("with", "to", "for", "by", "on", "in", "")]
    behind = _name_behind(sentence, index)
    return found if behind is None or behind in found else [*found, behind]


def _name_behind(sentence: Sentence, index: int) -> int | None:
    """The head of the name that follows a noun of speech and a preposition, wherever the parser hung it."""
    behind = index + 1 < len(sentence.words) and sentence.words[index + 1].text.lower() in ("with", "to", "on")
    return _named_at(sentence, index + 2) if behind else None


def _before(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    """The words that lead to a mention: "interview with" before "the BBC"."""
    low, high = min(first, last), max(first, last) - 1
    while high > low and sentence.words[high].upos in ("DET", "ADJ", "PROPN"):
        high -= 1
    return low, max(low, high)


def _carried_by(setting: Setting) -> Iterator[Relay]:
    """The outlet of "a statement carried by X", "a letter obtained by X": participles on the source or its document."""
    sentence = setting.sentence
    for word in sentence.words:
        if not is_any(word, setting.lexicon.carriers) or setting.reports(word) or not _of_document(setting, word):
            continue
        behind = _named_at(sentence, word.index + 2) if _is_by(sentence, word.index + 1) else None
        agents = syntax.children(sentence, word.index, *OBLIQUE)
        for agent in [*agents, *([behind] if behind is not None and behind not in agents else [])]:
            heard = setting.outlet(agent) or (is_any(word, PASSING_ON) and setting.hearer(agent) == agent)
            led_to = syntax.case(sentence, agent) in ("by", "in", "on", "to") or _is_by(sentence, word.index + 1)
            if led_to and heard:
                yield setting.relay(agent, "published", setting.span(word.index), "carried-by")


def _is_by(sentence: Sentence, index: int) -> bool:
    return index < len(sentence.words) and sentence.words[index].text.lower() == "by"


def _named_at(sentence: Sentence, index: int) -> int | None:
    """The head of a noun phrase that stands at a place, behind an article or not, wherever the parser hung it."""
    words = sentence.words
    first = index + 1 if index < len(words) and words[index].upos == "DET" else index
    last = first
    while last < len(words) and words[last].upos in ("PROPN", "NOUN", "ADJ", "NUM"):
        last += 1
    tops = [at for at in range(first, last) if not first <= words[at].head < last]
    return tops[0] if tops else None


def _of_document(setting: Setting, word: Word) -> bool:
    """Whether a participle or relative clause speaks of the source or of its speech, letter, statement."""
    if setting.source is None:
        return False
    if word.deprel.startswith("acl") and word.head == setting.source:
        return True
    words, at = setting.sentence.words, word.index - 1
    while at >= 0 and (words[at].upos in ("AUX", "ADV", "PUNCT") or words[at].text.lower() in ("which", "that", "of")):
        at -= 1
    lists = setting.lexicon
    known = (lists.spoken_to, lists.documents, lists.nouns, lists.own_media, lists.copies, lists.occasions)
    document = at >= 0 and any(words[at].lemma.lower() in each for each in known)
    told = word.xpos == "VBD" and syntax.child(setting.sentence, word.index, *syntax.SUBJECTS) is None
    return document and (told or syntax.is_past_participle(word) or word.deprel.startswith("acl"))


def _cited(setting: Setting) -> Iterator[Relay]:
    """Who is cited in "X reported, citing Y", "according to X, which quoted Y": a source behind the cue's own."""
    for word in setting.sentence.words:
        citing = is_any(word, setting.lexicon.citing) and (word.xpos == "VBG" or word.deprel == "acl:relcl")
        if word.index == 0 and word.text.lower() in CITING:
            citing = True
        if citing and not setting.reports(word) and _goes_with(setting, word):
            for thing in _things_cited(setting.sentence, word):
                if can_speak(setting.sentence, thing, setting.lexicon):
                    yield setting.relay(thing, "cited", setting.span(word.index), "citing", deeper=True)


def _things_cited(sentence: Sentence, word: Word) -> list[int]:
    """The objects of a verb of citing; in front of a sentence it may have been taken for what its object hangs on."""
    found = syntax.children(sentence, word.index, "obj", "iobj")
    if not found and (behind := _named_at(sentence, word.index + 1)) is not None:
        found = [behind]
    preposed = word.deprel == "case" or (word.index == 0 and word.deprel == "amod")
    return found or ([word.head] if preposed else [])


def _goes_with(setting: Setting, word: Word) -> bool:
    """Whether a verb of citing belongs to a cue: it hangs from it, follows its frame, or opens its sentence."""
    words, cue = setting.sentence.words, setting.cue
    source = cue if setting.source is None else setting.source
    if word.deprel == "case" and words[word.head].head in (cue, source):
        return True
    if word.head in (cue, source) or (word.index == 0 and words[cue].deprel in ("root", "ccomp")):
        return True
    last = max(cue, source)
    between = [each for each in words[last + 1 : word.index] if not setting.reports(each)]
    behind = word.index > last and all(each.upos in BETWEEN or each.text.lower() == "that" for each in between)
    told = len(between) < word.index - last - 1  # the content stands between
    return behind and (not told or (words[word.index - 1].text == "," and setting.outlet(source)))


def can_speak(sentence: Sentence, head: int, lexicon: Lexicon) -> bool:
    """Whether a noun phrase can be a source at all: a name, a person, a body or a document, and no reason or thing."""
    word = sentence.words[head]
    people = (lexicon.roles, lexicon.groups, lexicon.anonymous, lexicon.spokespersons)
    known = (*people, lexicon.organizations, lexicon.documents, lexicon.media)
    forms = (word.lemma.lower(), word.text.lower())
    return word.upos in ("PROPN", "PRON") or any(form in words for words in known for form in forms)
