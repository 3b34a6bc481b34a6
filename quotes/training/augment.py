"""Training sentences in the forms that news brings: datelines, speaker labels, capitals, reported speech.

Trees are made from the treebanks' own sentences, in EWT's conventions: a dateline is a sentence of its own, a
label is the root and the speech its parataxis, a reporting verb is the root and what is said its ccomp, unless the
verb cuts the speech in two: then it is the speech's parataxis.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise, repeat

import attrs

from quotes.models import PLAIN

Sentence = list[str]
"""The lines of a sentence in CoNLL-U, comments first; one of them begins with `# text`."""

Tagged = list[dict[str, str]]
"""A sentence with entities: each token's `text` and `ner`, in BIOES."""

SHARES = {"report": 0.07, "label": 0.015, "dateline": 0.02, "capitals": 0.015}
"""How many of the training sentences each change is made from; the changed ones are added to them."""

LONGEST_SPEECH = 35  # words
AGENCIES = ("AP", "AFP", "Reuters", "UPI", "Xinhua", "TASS", "dpa", "ANSA", "Press Trust", "Kyodo")
MONTHS = ("January", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "October", "Nov.", "December")
DASHES = ("--", "-", "—", "–")
TITLES = ("Mayor", "Minister", "Judge", "Gov.", "Sen.", "Dr.", "President", "Gen.")
AGENTS = (("the", "ministry"), ("the", "company"), ("the", "report"), ("a", "spokesman"), ("police",), ("officials",))
VERBS = ("say", "add", "tell", "write", "note", "warn", "report", "argue", "insist", "explain", "claim", "announce")
PAST = {"say": "said", "tell": "told", "write": "wrote"}
HEARERS = (("reporters",), ("the", "newspaper"), ("Press", "Trust"), ("a", "news", "conference"), ("AFP",))
CLITICS = {"s", "re", "ve", "ll", "d", "m"}
CLOSING = {".", "!", "?"}
FINITE = "VerbForm=Fin"
REPORTING = {*VERBS, "ask", "believe", "confirm", "deny", "describe", "quote", "reply", "state", "suggest", "think"}
NEWS = re.compile(r"# sent_id = (?:GUM_(?:news|interview)_|newsgroup-)")


@attrs.frozen(kw_only=True)
class Names:
    """Names that made sentences are filled with, out of the training data: so they teach no handful of names.

    people: of two or more words, out of the treebanks; places: out of the entity data; one of each at least.
    """

    people: Sequence[str]
    places: Sequence[str]


@attrs.frozen(kw_only=True)
class Token:
    """A word of a tree that is being made. head: place of its head among the tokens, -1 for the root."""

    text: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    spaced: bool = True


def for_news(sentences: list[Sentence], places: Sequence[str]) -> list[Sentence]:
    """The training sentences, some of them in other punctuation marks, with news forms of some added.

    places: names for datelines; without any, or where the sentences name no people, no news forms are made.

    Punctuation changes by Stanza's own function; random by the module `random`, so that a seed fixes it.
    """
    from stanza.utils.datasets.prepare_tokenizer_treebank import augment_punct

    names = Names(people=_people(sentences), places=places)
    changed: list[Sentence] = []
    for sentence in augment_punct(sentences):
        for name, change in CHANGES.items():
            if names.people and places and random.random() < SHARES[name]:
                changed.extend(change(sentence, names))
        changed.append(sentence)
    return changed


def places(sentences: Iterable[Tagged]) -> list[str]:
    """The names of places in sentences with entities, in order of the alphabet."""
    found = set()
    for sentence in sentences:
        name: list[str] = []
        for token in sentence:
            end, _, kind = token["ner"].partition("-")
            name = [*name, token["text"]] if kind == "Location" and (name or end in "BS") else []
            if name and end in "ES":
                if all(part.isalpha() for part in name):
                    found.add(" ".join(name))
                name = []
    return sorted(found)


def entities_for_news(sentences: list[Tagged]) -> list[Tagged]:
    """The sentences, half of those with typographic marks with plain ones, and some of them in capitals too."""
    changed: list[Tagged] = []
    for sentence in sentences:
        if random.random() < SHARES["capitals"]:
            changed.append([token | {"text": token["text"].upper()} for token in sentence])
        changed.append(_plain(sentence) if random.random() < 0.5 else sentence)
    return changed


def weighed(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The sentences as often as the parser should see them: news and interviews twice, reporting clauses once more."""
    return [same for each in sentences for same in repeat(each, 1 + _is_news(each) + _reports(each))]


def _is_news(sentence: Sentence) -> bool:
    """Whether the treebank's own name of a sentence says that it is from news or an interview."""
    return any(NEWS.match(line) for line in sentence)


def _reports(sentence: Sentence) -> bool:
    """Whether a verb of saying has a clause, or is set into one."""
    rows = [line.split("\t") for line in sentence if line[:1].isdigit()]
    with_clause = {row[6] for row in rows if row[7] == "ccomp"}
    verbs = [row for row in rows if row[3] == "VERB" and row[2].lower() in REPORTING]
    return any(row[0] in with_clause or row[7] == "parataxis" for row in verbs)


def _plain(sentence: Tagged) -> Tagged:
    """The sentence in the marks that the models are shown, and with clitics as one token: "'s", not "’" and "s"."""
    found: Tagged = []
    for token in sentence:
        text = token["text"].translate(PLAIN)
        if found and found[-1]["text"] == "'" and text in CLITICS:
            found[-1] = token | {"text": f"'{text}", "ner": found[-1]["ner"]}
        else:
            found.append(token | {"text": text})
    return found


def capitals(sentence: Sentence, _names: Names) -> list[Sentence]:
    """The sentence in capitals, lemmas, tags and tree as they are; none where it has words of several tokens."""
    tokens = read(sentence)
    return [write([attrs.evolve(token, text=token.text.upper()) for token in tokens])] if tokens else []


def dateline(_sentence: Sentence, names: Names) -> list[Sentence]:
    """ "PORT ANSEL, May 4 (AFP) --", a sentence before a sentence."""
    place = random.choice(names.places)
    city = (place.upper() if random.random() < 0.6 else place).split()
    tokens = [_name(city[0], -1, "root"), *(_name(part, 0, "flat") for part in city[1:])]
    if random.random() < 0.6:
        month = random.choice(MONTHS)
        at = len(tokens)
        tokens[-1] = attrs.evolve(tokens[-1], spaced=False)
        tokens += [_mark(",", at + 2), _name(month, at + 2, "nmod:unmarked"), _number(random.randint(1, 31), 0)]
    agency = random.choice(AGENCIES).split()
    at = len(tokens) + 1
    inside = [_name(agency[0], 0, "list"), *(_name(part, at, "flat") for part in agency[1:])]
    inside[-1] = attrs.evolve(inside[-1], spaced=False)
    tokens += [_mark("(", at, "-LRB-", spaced=False), *inside, _mark(")", at, "-RRB-")]
    return [write([*tokens, _mark(random.choice(DASHES), 0, ":")])]


def label(sentence: Sentence, names: Names) -> list[Sentence]:
    """ "BRANDT: We have kept our side." """
    tokens = _speech(sentence)
    if not tokens:
        return []
    name = random.choice(names.people)
    name = name.split()[-1] if random.random() < 0.4 else name
    parts = (name.upper() if random.random() < 0.5 else name).split()
    front = [_name(parts[0], -1, "root"), *(_name(part, 0, "flat") for part in parts[1:])]
    front[-1] = attrs.evolve(front[-1], spaced=False)
    root = _root(tokens) + len(front) + 1
    return [write([*front, _mark(":", root, ":"), *_under(tokens, len(front) + 1, 0, "parataxis")])]


def report(sentence: Sentence, names: Names) -> list[Sentence]:
    """The sentence as somebody's words: the reporting clause before, behind, inverted, or cutting it in two."""
    tokens = _speech(sentence)
    if not tokens:
        return []
    quoted = random.random() < 0.6
    form = random.choice((_before, _behind, _behind, _inverted, _cut))
    made = form(tokens, quoted, _source(names), random.choice(VERBS))
    return [write(made)] if made else []


CHANGES: dict[str, Callable[[Sentence, Names], list[Sentence]]] = {
    "dateline": dateline,
    "label": label,
    "report": report,
    "capitals": capitals,
}


def _before(speech: list[Token], quoted: bool, source: list[Token], verb: str) -> list[Token]:
    """ "Brandt said (that) …" or "Brandt said: “…”"."""
    clause = _clause(source, verb)
    said = len(source)
    front = [*clause]
    root = _root(speech)
    if quoted:
        opening = [_mark(random.choice(",:"), said, ":"), _quote("``", len(front) + 2 + root, spaced=False)]
        front[-1] = attrs.evolve(front[-1], spaced=False)
        body = [*opening, *_under(speech, len(front) + 2, said, "ccomp")]
        body[-1] = attrs.evolve(body[-1], spaced=False)
        return [*front, *body, _quote("''", len(front) + 2 + root)]
    if random.random() < 0.6:
        that = Token(text="that", lemma="that", upos="SCONJ", xpos="IN", feats="_", head=0, deprel="mark")
        front.append(attrs.evolve(that, head=len(front) + 1 + root))
    return [*front, *_under(_lowered(speech), len(front), said, "ccomp", final=said)]


def _behind(speech: list[Token], quoted: bool, source: list[Token], verb: str) -> list[Token]:
    """ "…, Brandt said."."""
    return _followed(speech, quoted, source, verb, inverted=False)


def _inverted(speech: list[Token], quoted: bool, source: list[Token], verb: str) -> list[Token]:
    """ "…, said Brandt."."""
    return _followed(speech, quoted, source, verb, inverted=source[-1].upos != "PRON" and verb != "tell")


def _followed(speech: list[Token], quoted: bool, source: list[Token], verb: str, *, inverted: bool) -> list[Token]:
    opening = [_quote("``", 1 + _root(speech), spaced=False)] if quoted else []
    body = _open_ended(speech)
    at = len(opening)
    root = _root(body) + at
    comma = [_mark(",", root, spaced=not quoted)]
    closing = [_quote("''", root)] if quoted else []
    start = at + len(body) + 1 + len(closing)
    clause = [attrs.evolve(token, head=token.head + start) for token in _clause(source, verb, inverted=inverted)]
    said = start + (0 if inverted else len(source))
    clause = [attrs.evolve(token, head=-1) if index + start == said else token for index, token in enumerate(clause)]
    clause[-1] = attrs.evolve(clause[-1], spaced=False)
    return [*opening, *_under(body, at, said, "ccomp"), *comma, *closing, *clause, _mark(".", said, ".")]


def _cut(speech: list[Token], quoted: bool, source: list[Token], verb: str) -> list[Token]:
    """ "…, Brandt said, …": only where the speech has a comma to be cut at."""
    commas = [index for index, token in enumerate(speech) if token.text == "," and 3 < index < len(speech) - 4]
    if not commas:
        return []
    cut = random.choice(commas) + 1
    clause = _clause(source, verb)
    clause[-1] = attrs.evolve(clause[-1], spaced=False)
    marks = 1 if quoted else 0
    added = len(clause) + 1 + 2 * marks

    def moved(index: int) -> int:
        return index if index < 0 else index + marks + (added if index >= cut else 0)

    root = moved(_root(speech))
    placed = [attrs.evolve(token, head=moved(token.head)) for token in speech]
    first, rest = placed[:cut], placed[cut:]
    start = cut + 2 * marks
    inside = [attrs.evolve(token, head=root if token.head < 0 else token.head + start) for token in clause]
    inside = [attrs.evolve(token, deprel="parataxis") if token.deprel == "root" else token for token in inside]
    said = start + len(source)
    if quoted:
        first = [_quote("``", root, spaced=False), *first[:-1], attrs.evolve(first[-1], spaced=False)]
        first.append(_quote("''", root))
        rest = [_quote("``", root, spaced=False), *rest[:-1], attrs.evolve(rest[-1], spaced=False), _quote("''", root)]
    return [*first, *inside, _mark(",", said), *rest]


def _clause(source: list[Token], verb: str, *, inverted: bool = False) -> list[Token]:
    """A reporting clause with the verb as its root: source, verb and, with "tell", a hearer."""
    past = PAST.get(verb, verb + ("d" if verb.endswith("e") else "ed"))
    feats = "Mood=Ind|Number=Sing|Person=3|Tense=Past|VerbForm=Fin"
    said = Token(text=past, lemma=verb, upos="VERB", xpos="VBD", feats=feats, head=-1, deprel="root")
    at = 1 if inverted else 0
    place = 0 if inverted else len(source)
    subject = [
        attrs.evolve(token, head=token.head + at if token.head >= 0 else place, deprel=_subject(token))
        for token in source
    ]
    clause = [said, *subject] if inverted else [*subject, said]
    if verb != "tell":
        return clause
    hearer = random.choice(HEARERS)
    top = len(clause) + len(hearer) - 1
    words = [_noun(word, top, "det" if word in ("the", "a") else "compound") for word in hearer[:-1]]
    return [*clause, *words, _noun(hearer[-1], place, "iobj" if random.random() < 0.3 else "obj")]


def _subject(token: Token) -> str:
    return "nsubj" if token.head < 0 else token.deprel


def _source(names: Names) -> list[Token]:
    """Who says it: a name, with a title or without, a pronoun, or a body; the head's own head is -1."""
    kind = random.random()
    if kind < 0.25:
        pronoun, number = random.choice((("he", "Sing"), ("she", "Sing"), ("they", "Plur")))
        feats = f"Case=Nom|Number={number}|Person=3|PronType=Prs"
        return [Token(text=pronoun, lemma=pronoun, upos="PRON", xpos="PRP", feats=feats, head=-1, deprel="nsubj")]
    if kind < 0.45:
        *words, head = random.choice(AGENTS)
        return [*(_noun(word, len(words), "det") for word in words), _noun(head, -1, "nsubj")]
    name = random.choice(names.people).split()
    parts = name if kind < 0.8 else name[-1:]
    title = [_name(random.choice(TITLES), 1, "nmod:desc")] if kind > 0.65 else []
    at = len(title)
    return [*title, _name(parts[0], -1, "nsubj"), *(_name(part, at, "flat") for part in parts[1:])]


def _people(sentences: list[Sentence]) -> list[str]:
    """Names of two and more parts in the treebanks, so that made sentences do not teach a handful of names."""
    found = set()
    for sentence in sentences:
        rows = [line.split("\t") for line in sentence if line[:1].isdigit()]
        for row, after in pairwise(rows):
            if row[3] == after[3] == "PROPN" and after[7] == "flat" and after[6] == row[0]:
                found.add(f"{row[1]} {after[1]}")
    return sorted(found)


def _speech(sentence: Sentence) -> list[Token]:
    """The tokens of a sentence that somebody can be made to say: a finite clause without marks of its own."""
    tokens = read(sentence)
    if not 4 <= len(tokens) <= LONGEST_SPEECH or any(token.text in '"“”:()' for token in tokens):
        return []
    root = _root(tokens)
    parts = [tokens[root], *(token for token in tokens if token.head == root and token.deprel in ("aux", "cop"))]
    return tokens if tokens[-1].text in CLOSING and any(FINITE in token.feats for token in parts) else []


def _open_ended(speech: list[Token]) -> list[Token]:
    """The speech without its final stop, for a comma to follow."""
    body = speech[:-1]
    return [*body[:-1], attrs.evolve(body[-1], spaced=False)]


def _lowered(speech: list[Token]) -> list[Token]:
    first = speech[0]
    if first.upos == "PROPN" or first.text == "I" or first.text.startswith("I'"):
        return speech
    return [attrs.evolve(first, text=first.text[0].lower() + first.text[1:]), *speech[1:]]


def _under(tokens: list[Token], shift: int, head: int, deprel: str, final: int | None = None) -> list[Token]:
    """Tokens moved behind others, their root hung on `head`; the final stop on `final` where that is given."""
    moved = [
        attrs.evolve(token, head=token.head + shift)
        if token.head >= 0
        else attrs.evolve(token, head=head, deprel=deprel)
        for token in tokens
    ]
    if final is not None and moved[-1].text in CLOSING:
        moved[-1] = attrs.evolve(moved[-1], head=final)
    return moved


def _root(tokens: Sequence[Token]) -> int:
    return next(index for index, token in enumerate(tokens) if token.head < 0)


def _mark(text: str, head: int, xpos: str = ",", *, spaced: bool = True) -> Token:
    return Token(text=text, lemma=text, upos="PUNCT", xpos=xpos, feats="_", head=head, deprel="punct", spaced=spaced)


def _quote(xpos: str, head: int, *, spaced: bool = True) -> Token:
    return _mark('"', head, xpos, spaced=spaced)


def _name(text: str, head: int, deprel: str) -> Token:
    return Token(text=text, lemma=text, upos="PROPN", xpos="NNP", feats="Number=Sing", head=head, deprel=deprel)


def _number(value: int, head: int) -> Token:
    feats = "NumForm=Digit|NumType=Card"
    return Token(
        text=str(value), lemma=str(value), upos="NUM", xpos="CD", feats=feats, head=head, deprel="nmod:unmarked"
    )


def _noun(text: str, head: int, deprel: str) -> Token:
    if deprel == "det":
        feats = "Definite=Def|PronType=Art" if text == "the" else "Definite=Ind|PronType=Art"
        return Token(text=text, lemma=text, upos="DET", xpos="DT", feats=feats, head=head, deprel=deprel)
    if text[0].isupper():
        return _name(text, head, deprel)
    plural = text in ("reporters", "officials", "police")
    lemma = text[:-1] if text.endswith("s") else text
    feats = "Number=Plur" if plural else "Number=Sing"
    xpos = "NNS" if plural else "NN"
    return Token(text=text, lemma=lemma, upos="NOUN", xpos=xpos, feats=feats, head=head, deprel=deprel)


def read(sentence: Sentence) -> list[Token]:
    """The tokens of a sentence in CoNLL-U; none where several words share a token or are not in the text."""
    rows = [line.split("\t") for line in sentence if not line.startswith("#") and line]
    if any(not row[0].isdigit() for row in rows):
        return []
    return [
        Token(
            text=row[1],
            lemma=row[2],
            upos=row[3],
            xpos=row[4],
            feats=row[5],
            head=int(row[6]) - 1,
            deprel=row[7],
            spaced="SpaceAfter=No" not in row[9],
        )
        for row in rows
    ]


def write(tokens: Sequence[Token]) -> Sentence:
    """The sentence in CoNLL-U, with its text."""
    text = "".join(token.text + (" " if token.spaced else "") for token in tokens).rstrip()
    rows = [
        "\t".join(
            (
                str(index),
                token.text,
                token.lemma,
                token.upos,
                token.xpos,
                token.feats,
                str(token.head + 1),
                token.deprel,
                "_",
                "_" if token.spaced else "SpaceAfter=No",
            )
        )
        for index, token in enumerate(tokens, start=1)
    ]
    return [f"# text = {text}", *rows]
