"""What the text says that people are: titles before names, appositions behind and before them, "is the mayor"."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.records import Article, Sentence, Word
from quotes.speakers.figures import Figure, Role, Roll
from quotes.speakers.names import Name
from quotes.speakers.vocabulary import LINKS, POSSESSIVE, Vocabulary

LONGEST_APPOSITION = 14  # words
RUN = ("NOUN", "PROPN", "ADJ", "NUM")


def assign_roles(
    article: Article,
    sentences: Sequence[Sentence],
    names: Sequence[Sequence[Name]],
    roll: Roll,
    vocabulary: Vocabulary,
) -> list[dict[int, Name]]:
    """Gives the people among the figures the roles that the text tells of them.

    Returns, for each sentence, the words of titles and appositions with the names that these belong to.
    """
    stands: list[dict[int, Name]] = []
    for sentence, here in zip(sentences, names, strict=True):
        at = {word: name for name in here for word in range(name.first, name.last + 1)}
        beside: dict[int, Name] = {}
        for name in here:
            figure = roll.of.get(name)
            if figure is not None and figure.personal:
                for run in _beside(article, sentence, name, figure, at, vocabulary):
                    beside.update({word: name for word in run if word not in beside})
        _predicated(article, sentence, at, roll, vocabulary)
        stands.append(beside)
    return stands


def _beside(
    article: Article,
    sentence: Sentence,
    name: Name,
    figure: Figure,
    at: dict[int, Name],
    vocabulary: Vocabulary,
) -> list[range]:
    words = sentence.words
    lead = range(name.lead, name.first)
    behind = apposition_behind(words, name.last, at, vocabulary)
    before = apposition_before(words, name, at, vocabulary)
    runs = [run for run in (lead, behind, before) if run]
    for run in runs:
        add_role(article, sentence, figure, run, vocabulary)
    return [range(run.start, _before_link(words, run.start, run.stop - 1) + 1) for run in runs]


def add_role(article: Article, sentence: Sentence, figure: Figure, run: range, vocabulary: Vocabulary) -> None:
    words = sentence.words
    first, last = run.start, run.stop - 1
    while first < last and words[first].upos in ("DET", "PRON", "PUNCT"):
        first += 1
    cut = _before_link(words, first, last)
    places = [at for at in range(first, cut + 1) if vocabulary.is_role(words[at].text.lower())]
    if not places and words[cut].upos == "NOUN":
        places = [cut]
    if not places:
        return
    text = article.text[words[first].start : words[last].end]
    role = Role(
        text=text,
        heads=frozenset(words[at].text.lower() for at in places),
        words=frozenset(words[at].text.lower() for at in range(first, last + 1)),
        at=(sentence.index, places[-1]),
    )
    figure.roles.append(role)
    figure.gender = figure.gender or next(
        (gender for at in places if (gender := vocabulary.gender(words[at].text.lower()))), ""
    )
    spoken = [at for at in places if words[at].text.lower() in vocabulary.spokespersons]
    if spoken and figure.speaks is None:
        figure.speaks = (sentence.index, spoken[-1])


def _before_link(words: tuple[Word, ...], first: int, last: int) -> int:
    """The last word before the first "of", "for" or "to" of a role, or before a clause about it."""
    for at in range(first + 1, last + 1):
        if words[at].text.lower() in LINKS or words[at].text.lower() in ("who", "which", "that"):
            return at - 1
    return last


def apposition_behind(words: tuple[Word, ...], last: int, at: dict[int, Name], vocabulary: Vocabulary) -> range | None:
    """The words of ", a doctor" behind a name; None where it is another name or no role."""
    if last + 2 >= len(words) or words[last + 1].text not in (",", "–", "—", "("):
        return None
    end = start = last + 2
    role = False
    while end < len(words) and end - start < LONGEST_APPOSITION and _runs_on(words, end, start):
        named = at.get(end)
        if named is not None and named.label == "PERSON" and role and words[end - 1].upos in RUN:
            return None
        linked = any(word.text.lower() in LINKS for word in words[start:end])
        role = role or (not linked and vocabulary.is_role(words[end].text.lower()))
        end += 1
    if end < len(words) and words[end].upos in ("VERB", "AUX", "ADV"):
        return None
    while end > start and words[end - 1].upos not in RUN:
        end -= 1
    return range(start, end) if role and end > start else None


def _runs_on(words: tuple[Word, ...], at: int, start: int) -> bool:
    word = words[at]
    low = word.text.lower()
    if word.upos in RUN or low in LINKS or low in POSSESSIVE or low == "-":
        return True
    if word.upos == "DET" or (word.upos == "PRON" and word.deprel == "nmod:poss"):
        return at == start or words[at - 1].text.lower() in (*LINKS, "and")
    return (low == "and" and at > start) or (word.upos == "VERB" and word.deprel == "amod")


def apposition_before(words: tuple[Word, ...], name: Name, at: dict[int, Name], vocabulary: Vocabulary) -> range | None:
    """The words of "the military attaché," before a name that ends at a comma, a verb or the sentence's end."""
    first = name.first
    if first < 2 or words[first - 1].text not in (",", "–", "—") or name.lead < first:
        return None
    following = words[name.last + 1] if name.last + 1 < len(words) else None
    if following is not None and following.upos not in ("PUNCT", "VERB", "AUX"):
        return None
    end = start = first - 1
    while start > 0 and end - start < LONGEST_APPOSITION and _runs_back(words, start - 1):
        start -= 1
        if words[start].upos == "DET" and (start == 0 or words[start - 1].text.lower() not in LINKS):
            break
    role = any(vocabulary.is_role(words[k].text.lower()) and k not in at for k in range(start, end))
    return range(start, end) if role and words[name.first].deprel != "conj" else None


def _runs_back(words: tuple[Word, ...], at: int) -> bool:
    word = words[at]
    low = word.text.lower()
    return (
        word.upos in (*RUN, "DET")
        or low in LINKS
        or low in POSSESSIVE
        or low == "-"
        or (word.upos == "PRON" and word.deprel == "nmod:poss")
    )


def _predicated(article: Article, sentence: Sentence, at: dict[int, Name], roll: Roll, vocabulary: Vocabulary) -> None:
    """Roles that a clause gives to its subject: "X is the mayor", "X was elected mayor"."""
    if not at:
        return
    words = sentence.words
    for word in words:
        if word.upos != "NOUN" or not vocabulary.is_role(word.text.lower()):
            continue
        copular = any(words[child].deprel == "cop" for child in sentence.dependents[word.index])
        given = word.deprel == "xcomp" or word.deprel == "obj"
        holder = word.index if copular else word.head if given else -1
        if holder < 0:
            continue
        wanted = "nsubj:pass" if word.deprel == "obj" and not copular else "nsubj"
        subjects = [child for child in sentence.dependents[holder] if words[child].deprel.startswith(wanted)]
        name = at.get(subjects[0]) if subjects else None
        figure = roll.of.get(name) if name else None
        if figure is not None and figure.personal:
            span = noun_phrase(sentence, word.index)
            add_role(article, sentence, figure, range(span[0], span[1] + 1), vocabulary)


def noun_phrase(sentence: Sentence, head: int, *, links: bool = True) -> tuple[int, int]:
    """First and last word of a noun phrase: the head, what modifies it, and "of the ministry" behind it."""
    words = sentence.words
    first = last = head
    for child in sentence.dependents[head]:
        deprel = words[child].deprel
        if child < head and deprel in BEFORE:
            first = min(first, sentence.subtree(child)[0])
        elif links and child > head and deprel == "nmod":
            inside = sentence.subtree(child)
            if inside[0] == last + 1 and words[inside[0]].text.lower() in LINKS:
                last = _unbroken(words, inside)
        elif child > head and deprel in ("flat", "compound", "nmod:npmod") and child == last + 1:
            last = child
    return first, last


BEFORE = ("det", "amod", "compound", "nummod", "nmod:poss", "advmod", "nmod", "det:predet", "nmod:unmarked", "flat")


def _unbroken(words: tuple[Word, ...], inside: list[int]) -> int:
    """The last of these words before a comma, a clause or a gap."""
    last = inside[0]
    for at in inside[1:]:
        if at != last + 1 or words[at].text in (",", "(", "–", "—") or words[at].deprel.startswith("acl"):
            break
        last = at
    return last
