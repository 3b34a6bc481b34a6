"""Reporting frames set off by commas: "…, X said", "…, X said, …", "According to X, …".

A frame is a run of words; what it reports is the rest of its sentence. Attachments across a comma are where
small parsers err most, so a frame is found by its own words and the marks around it.
"""

from __future__ import annotations

from quotes import syntax
from quotes.attribute import cues, sources
from quotes.lexicon import Lexicon
from quotes.records import Sentence, Word

LONGEST = 40
STOPS = (",", "–", "—", "--")
OPENING = ("“", '"', "''", "``", "‘", "«")
NO_START = ("(", ")", "-", ";", ":", "...", "…")
EXEMPLIFYING = frozenset(["including", "especially", "notably", "particularly"])
NO_CONTINUATION = frozenset(["who", "which", "whose", "whom", "where", "according", "citing", "quoting"])
RELATIVE = frozenset(["who", "which", "whom", "whose", "when", "where"])


def around_verb(sentence: Sentence, verb: int, source: int | None, lexicon: Lexicon) -> list[int]:
    """The words that a reporting clause is set off from by a comma or a quotation mark; none where it is not."""
    if source is None or not _may_be_finite(sentence, verb, source):
        return []
    if sentence.words[source].xpos in sources.RELATIVE_TAGS:  # what stands before "who" is no part of what it says
        return []
    mention = sources.phrase(sentence, source, without=frozenset([verb]))
    if not _own_subject(sentence, verb, source, mention) or _has_object(sentence, verb, source, lexicon):
        return []
    start = min(verb, mention[0])
    if sentence.words[verb].upos == "NOUN" and source < verb:
        start = min([start, *sources.subject_run(sentence, verb)])
    start = _with_auxiliaries(sentence, verb, start)
    last = max(verb, mention[-1])
    end = _frame_end(sentence, last)
    if any(_is_main_clause(sentence, at) for at in range(last + 1, end + 1)):
        return []
    found = outside(sentence, start, end, lexicon)
    if found and _is_setting(sentence, verb, found[0], lexicon):
        found = [at for at in found if at > end]
        return found if any(_is_main_clause(sentence, at) and _stands_alone(sentence, at) for at in found) else []
    whole = any(_is_main_clause(sentence, at) for at in found) or _exclaimed(sentence, found)
    return found if whole or _trails(sentence, found, end) else []


def _is_setting(sentence: Sentence, verb: int, first: int, lexicon: Lexicon) -> bool:
    """Whether the words that open a sentence only say where the verb's subject spoke: "In an interview with X, …"."""
    occasion = sentence.words[sentence.words[first].head]
    opens = sentence.words[first].deprel == "case" and sentence.words[first].text.lower() == "in"
    return opens and occasion.head == verb and occasion.lemma.lower() in lexicon.spoken_to


def _stands_alone(sentence: Sentence, verb: int) -> bool:
    """Whether a clause has a subject of its own and is no noun's."""
    subject = syntax.child(sentence, verb, *syntax.SUBJECTS, *syntax.PASSIVE_SUBJECTS)
    return subject is not None and not sentence.words[verb].deprel.startswith("acl")


def _may_be_finite(sentence: Sentence, verb: int, source: int) -> bool:
    """Whether a verb is finite, or was taken for a noun or a participle behind its subject."""
    if syntax.is_finite(sentence, verb) or sentence.words[verb].upos == "NOUN":
        return True
    return sentence.words[verb].xpos == "VBN" and source < verb and sources.set_off(sentence, verb)


def _trails(sentence: Sentence, found: list[int], end: int) -> bool:
    """Whether a frame ends its sentence behind words that hold some verb, however these were tagged."""
    words = sentence.words
    last = end + 1 >= len(words) or words[end + 1].text in (".", "?", "!") or words[end + 1 : end + 3][-1].xpos == "VBG"
    if (
        not last
        or not found
        or words[found[0]].upos in ("SCONJ", "ADP", "ADV")
        or words[found[0]].xpos in ("VBG", "VBN")
    ):
        return False
    return any(words[at].upos in ("VERB", "AUX") for at in found)


def _is_main_clause(sentence: Sentence, index: int) -> bool:
    """Whether a word heads a finite clause that no subordinator introduces."""
    if not syntax.is_finite(sentence, index) or sentence.words[index].deprel in (
        "aux",
        "aux:pass",
        "cop",
        "amod",
        "case",
    ):
        return False
    return not any(
        (sentence.words[at].deprel == "mark" and sentence.words[at].lemma.lower() != "to")
        or sentence.words[at].lemma.lower() in RELATIVE
        for at in sentence.dependents[index]
        if at < index
    )


def _exclaimed(sentence: Sentence, found: list[int]) -> bool:
    """Whether what stands before the frame ends in a quotation mark or a mark of question or exclamation."""
    return bool(found) and sentence.words[found[-1]].text[-1:] in "”\"'’?!»"


def _has_object(sentence: Sentence, verb: int, source: int, lexicon: Lexicon) -> bool:
    """Whether a verb has an object of its own behind it, which then is its content ("announced four votes")."""
    entry = cues.entry_of(sentence, verb, lexicon)
    if entry is not None and (entry.hearer or "object" not in entry.takes):
        return False
    objects = syntax.children(sentence, verb, "obj", "xcomp")
    return any(at > verb and at != source and not _past_comma(sentence, verb, at) for at in objects)


def _past_comma(sentence: Sentence, verb: int, at: int) -> bool:
    """Whether a comma parts a verb from what the parser took for its object: "…, X said, the BBC reports"."""
    return any(word.text == "," for word in sentence.words[verb:at])


def is_medial(sentence: Sentence, verb: int, source: int | None) -> bool:
    """Whether a reporting clause stands between two commas: "The inspectors, X said, come on Monday"."""
    if source is None or (not sources.set_off(sentence, verb) and source < verb):
        return False
    end = _frame_end(sentence, max(verb, source))
    return end + 1 < len(sentence.words) - 1 and sentence.words[end + 1].text == ","


def _own_subject(sentence: Sentence, verb: int, source: int, mention: list[int]) -> bool:
    """Whether verb and source stand side by side, as they do in a reporting clause."""
    between = range(mention[-1] + 1, verb) if source < verb else range(verb + 1, mention[0])
    parts = ("AUX", "ADV", "PART", "PUNCT", *(["PROPN"] if source < verb else []))
    return all(sentence.words[at].upos in parts or sentence.words[at].deprel == "compound:prt" for at in between)


def _with_auxiliaries(sentence: Sentence, verb: int, start: int) -> int:
    while start > 0 and (sentence.words[start - 1].deprel == "advmod" and sentence.words[start - 1].head == verb):
        start -= 1
    return start


def _frame_end(sentence: Sentence, last: int) -> int:
    """Where the frame ends: before the next comma, mark or the sentence's end."""
    at = last
    while at + 1 < len(sentence.words):
        following = sentence.words[at + 1]
        if syntax.is_punctuation(following) and following.text not in ("'", "’", "-", "/", "(", ")", "."):
            break
        at += 1
    return at


def outside(sentence: Sentence, start: int, end: int, lexicon: Lexicon) -> list[int]:
    """The words before a set-off frame, with those behind it where the sentence goes on."""
    words = sentence.words
    if end - start > LONGEST:
        return []
    first = start - 1
    if first >= 0 and words[first].text.lower() in ("as", "and", "but"):
        if words[first].text.lower() != "as":
            return []
        first -= 1
        if first < 0:
            return _behind(sentence, end)
    if first < 0 or not syntax.is_punctuation(words[first]) or words[first].text in NO_START:
        return []
    before = list(range(_past_colon(sentence, first, lexicon), first))
    after = (
        continuation(sentence, end, lexicon)
        if words[first].text in STOPS or syntax.is_punctuation(words[first])
        else []
    )
    if sum(not syntax.is_punctuation(words[at]) for at in before) < 2:
        return []
    return before + after


def _past_colon(sentence: Sentence, first: int, lexicon: Lexicon) -> int:
    """Where words begin that a frame with a colon leads in: "X reported: “…”, Y said"."""
    colon = next((word.index for word in sentence.words[:first] if word.text == ":"), None)
    return colon + 1 if colon is not None and is_closing(sentence, 0, lexicon, colon) else 0


def _behind(sentence: Sentence, end: int) -> list[int]:
    """What a frame in front introduces: "As X reported, …"."""
    words = sentence.words
    return list(range(end + 2, len(words))) if end + 1 < len(words) and words[end + 1].text == "," else []


def past(sentence: Sentence, comma: int, lexicon: Lexicon) -> int:
    """The comma behind all further frames that stand side by side from a comma on: "…, he said, TASS reported, …"."""
    words = sentence.words
    while comma < len(words) and words[comma].text in STOPS:
        end = _frame_end(sentence, comma) + 1
        if end >= len(words) or words[end].text not in STOPS or not is_frame(sentence, comma + 1, end, lexicon):
            return comma
        comma = end
    return comma


def closes(sentence: Sentence, comma: int, lexicon: Lexicon) -> bool:
    """Whether from a comma on nothing but frames stand, and perhaps whom the last one cites."""
    behind = past(sentence, comma, lexicon)
    if behind == comma:
        return is_closing(sentence, comma + 1, lexicon)
    following = sentence.words[behind + 1 :]
    return not following or following[0].xpos == "VBG" or is_closing(sentence, behind + 1, lexicon)


def is_frame(sentence: Sentence, start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether the words from start to end (exclusive) name a source and no more: "according to X", "X reported"."""
    texts = [word.text.lower() for word in sentence.words[start:end]]
    opened = any(" ".join(texts[:size]) in lexicon.phrases for size in range(1, min(6, len(texts))))
    return opened or is_closing(sentence, start, lexicon, end)


def continuation(sentence: Sentence, end: int, lexicon: Lexicon) -> list[int]:
    """What goes on behind "…, he said, …": a clause that needs what stood before."""
    words = sentence.words
    at = past(sentence, end + 1, lexicon)
    if at >= len(words) or words[at].text not in STOPS:
        return []
    rest = [word for word in words[at + 1 :] if not syntax.is_punctuation(word)]
    if len(rest) < 2:
        return []
    first = rest[0]
    if first.text.lower() in EXEMPLIFYING and not is_closing(sentence, at + 1, lexicon):
        return list(range(at + 1, len(words)))
    if first.text.lower() in NO_CONTINUATION or first.xpos == "VBG" or _appositive(sentence, first.index, end):
        return []
    if rest[0].upos == "CCONJ" and (rest[1].xpos in ("VBD", "VBZ", "VBP", "MD") or _speaks(sentence, rest, lexicon)):
        return []
    main = [word for word in rest if _is_main_clause(sentence, word.index) and not word.deprel.startswith("acl")]
    if words[at + 1].text not in OPENING and not main:
        return []
    if is_closing(sentence, at + 1, lexicon):
        return []
    return list(range(at + 1, len(words)))


def _speaks(sentence: Sentence, rest: list[Word], lexicon: Lexicon) -> bool:
    """Whether words hold a reporting clause of their own: ", but Y said …"."""
    return any(
        cues.speech_entry(sentence, word.index, lexicon) is not None
        and _is_main_clause(sentence, word.index)
        and _stands_alone(sentence, word.index)
        for word in rest
        if word.upos == "VERB"
    )


def is_closing(sentence: Sentence, start: int, lexicon: Lexicon, end: int | None = None) -> bool:
    """Whether from a place to the sentence's end (or before `end`) stands one more frame alone: ", TASS reported"."""
    rest = [word for word in sentence.words[start:end] if not syntax.is_punctuation(word)]
    disguised = [word for word in rest[1:] if word.upos == "NOUN" and word.text.endswith("s") and word is rest[-1]]
    verbs = [
        word for word in rest if word.upos == "VERB" or (word.upos == "AUX" and word.deprel not in ("aux", "aux:pass"))
    ]
    verbs = verbs or disguised
    if not rest or len(verbs) != 1 or rest[0].upos in ("CCONJ", "SCONJ"):
        return False
    entry = cues.speech_entry(sentence, verbs[0].index, lexicon)
    complement = syntax.child(sentence, verbs[0].index, "ccomp", "xcomp")
    inside = range(start, len(sentence.words) if end is None else end)
    return entry is not None and complement not in inside and not _goes_on(sentence, verbs[0].index, inside)


def _goes_on(sentence: Sentence, verb: int, inside: range) -> bool:
    """Whether a verb behind its subject has an object or "from X" behind it, so that it tells something itself."""
    tails = syntax.children(sentence, verb, "obj", "obl") if verb > inside.start else []
    return any(at in inside and at > verb and syntax.case(sentence, at) in ("", "from", "of") for at in tails)


def is_trailing_name(sentence: Sentence, start: int) -> bool:
    """Whether nothing but a short name stands from here to the sentence's end."""
    rest = [word for word in sentence.words[start:] if not syntax.is_punctuation(word)]
    return 0 < len(rest) <= 5 and all(word.upos in ("PROPN", "DET", "NOUN", "ADJ", "ADP") for word in rest)


def _appositive(sentence: Sentence, first: int, end: int) -> bool:
    """Whether what follows only describes somebody inside the frame."""
    head = first
    seen = {first}
    while sentence.words[head].head >= first and sentence.words[head].head not in seen:
        head = sentence.words[head].head
        seen.add(head)
    word = sentence.words[head]
    return word.deprel in ("appos", "acl", "acl:relcl", "nmod", "flat") and word.head <= end
