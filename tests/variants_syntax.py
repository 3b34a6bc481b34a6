"""Variants of texts with other words around the same answer: times, appositions, clause order, marks and the like.

Each generator takes a case and a source of chance and gives the row of a variant, or None where it does not apply.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import attrs
import test_tables as tables
from variants_cases import Case, Edit, Row, Said, edited, in_headline, mention, outside, said, without
from variants_names import WORDS

from quotes import lexicon, syntax
from quotes.records import Sentence, Span, Word

ADDED, VERBS, PASSIVE = WORDS["added"], WORDS["verbs"], WORDS["passive"]
DAYS = re.compile(
    r"\b(?:\w+day|week|month|year|night|morning|evening|noon|dawn|January|February|March|April|May|June|July|August|"
    r"September|October|November|December|later|again|ago|since|after|before|often|once|repeatedly|now|then)\b",
    re.IGNORECASE,
)
BEFORE_VERB = frozenset(["VERB", "AUX", "ADV"])


def chosen(draw: Random, rows: Iterator[Row | None]) -> Row | None:
    """One of the variants that there are, None where there is none."""
    found = [row for row in rows if row is not None]
    return draw.choice(found) if found else None


# A time behind the cue


def timed(case: Case, draw: Random) -> Row | None:
    """ "said that" → "said on Tuesday that"."""
    return chosen(draw, (_timed(case, each, draw) for each in said(case)))


def _timed(case: Case, each: Said, draw: Random) -> Row | None:
    cue, text = each.cue, case.text
    if cue.xpos != "VBD" or each.attribution.lemma not in VERBS["timed"] or in_headline(case, each.sentence):
        return None
    if any(word.deprel.startswith("aux") for word in _children(each.sentence, cue)):
        return None
    if DAYS.search(outside(case, each.sentence)) or _leans_on_others(each):
        return None
    at = _behind_cue(each)
    if at is None or not (_nothing_follows(text, at, each) or _clause_follows(text, at, each)):
        return None
    return edited(case.row, [Edit(at, at, f" {draw.choice(ADDED['times'])}")])


def _leans_on_others(each: Said) -> bool:
    """Whether a relay is shown in another sentence: another time would be another occasion."""
    shown = [hop.mention for hop in each.claim.chain[:-1]]
    return any(span is None or not each.sentence.start <= span.start < each.sentence.end for span in shown)


def _behind_cue(each: Said) -> int | None:
    """Where a time may stand: behind the cue, its hearer or its inverted source."""
    cue, hearer, source = each.attribution.cue, each.attribution.hearer, each.attribution.source
    assert cue is not None
    if hearer is not None:
        return hearer.end if hearer.start >= cue.end and hearer.end <= each.sentence.end else None
    if source is None or source.start < cue.end:
        return cue.end
    return None if "," in source.text else source.end


def _nothing_follows(text: str, at: int, each: Said) -> bool:
    """Whether no object follows that a time may not be parted from."""
    inverted = each.source is not None and each.source.start >= each.cue.end
    if inverted:
        return re.match(r"\.(?:\s|$)|,? [“\"‘]|, (?:but|while) ", text[at:]) is not None
    return re.match(r"[.:](?:\s|$)|,? [“\"‘]|, |\s*$| that\b| in (?:a|an|remarks|comments)\b", text[at:]) is not None


def _clause_follows(text: str, at: int, each: Said) -> bool:
    """Whether a clause with a subject follows "said" that needs no "that" behind a time."""
    start = each.claim.content[0].start
    timeless = not DAYS.match(text[start:])
    return each.attribution.lemma == "say" and text[at:start] == " " and timeless and _is_clause(each)


def _is_clause(each: Said) -> bool:
    """Whether the content is a finite clause whose subject opens it."""
    start = each.claim.content[0].start
    first = next((word for word in each.sentence.words if word.start == start), None)
    clause = next((word for word in _children(each.sentence, each.cue) if word.deprel == "ccomp"), None)
    if first is None or clause is None or not syntax.is_finite(each.sentence, clause.index):
        return False
    subjects = [word for word in _children(each.sentence, clause) if word.deprel.startswith("nsubj")]
    return any(each.sentence.subtree(word.index)[0] == first.index for word in subjects)


def _children(sentence: Sentence, word: Word) -> list[Word]:
    return [sentence.words[at] for at in sentence.dependents[word.index]]


# More about the source


def apposition(case: Case, draw: Random) -> Row | None:
    """ "Ana Duarte said" → "Ana Duarte, a former ferry pilot, said"."""
    phrase = draw.choice(ADDED["appositions"])
    named = (_behind(case, each, phrase) for each in said(case) if _is_named(case, each))
    return chosen(draw, named) or _silent(case, phrase)


def _silent(case: Case, phrase: str) -> Row | None:
    """A phrase behind the name that opens a text in which nothing is claimed."""
    name = re.match(r"[A-Z]\w+ [A-Z]\w+(?= )", case.text)
    if case.row.get("claims") != [] or not name:
        return None
    people = any(each.kind == "PERSON" and each.text == name[0] for each in case.parse.entities)
    following = next(word for word in case.parse.sentences[0].words if word.start > name.end())
    if not people or following.upos not in BEFORE_VERB:
        return None
    return edited(case.row, [Edit(name.end(), name.end(), f", {phrase},")])


def relative(case: Case, draw: Random) -> Row | None:
    """ "the ministry said" → "the ministry, which was founded after the war …, said"."""
    found = chosen(draw, (_relative(case, each, draw) for each in said(case)))
    return found or _silent(case, draw.choice(ADDED["relative"]["who"]))


def _relative(case: Case, each: Said, draw: Random) -> Row | None:
    span, kind = mention(each), _kind(case, each)
    if span is None or each.source is None or each.source.upos == "PRON" or kind == "outlet":
        return None
    if len(each.claim.content) > 1 and each.claim.kind != "direct":
        return None  # too much between subject and verb
    if (re.search(r" (?:for|of|and) |[,“\"]", span.text) and kind != "organization") or each.source.lemma == "police":
        return None
    name = each.claim.chain[-1].name
    plural = each.source.xpos in ("NNS", "NNPS")
    person = (" " in name and name.istitle()) or each.source.lemma.lower() in lexicon.load(None).roles
    if not span.text.endswith(name.split()[-1]) or (plural and kind in ("organization", "document")):
        return None
    if not plural and not person and kind not in ("organization", "document"):
        return None
    form = {"organization": "which", "document": "document"}.get(kind, "who_plural" if plural else "who")
    return _behind(case, each, draw.choice(ADDED["relative"][form]))


def title(case: Case, draw: Random) -> Row | None:
    """ "Ana Duarte said" → "historian Ana Duarte said"."""
    return chosen(draw, (_title(case, each, draw) for each in said(case) if _is_named(case, each)))


def _title(case: Case, each: Said, draw: Random) -> Row | None:
    span = mention(each)
    if span is None or span.text != each.claim.chain[-1].name or not _stands_alone(case, each, span):
        return None
    before = re.search(r"(\w*)(\W*)$", case.text[: span.start])
    assert before is not None
    opens = not before[1] or re.search(r"[.!?][”\"]?\s+$|\n\s*$", case.text[: span.start]) is not None
    if re.search(r"[“‘\"'’(]", before[2]) or (before[2].startswith(",") and each.cue.start < span.start):
        return None
    phrase = draw.choice([each for each in ADDED["titles"] if each.split()[-1] not in case.text])
    phrase = phrase[0].upper() + phrase[1:] if opens else phrase
    row = edited(case.row, [Edit(span.start, span.start, f"{phrase} ")])
    return without(row, "source") if row else None


def _kind(case: Case, each: Said) -> str:
    return case.report.source(each.claim.chain[-1].source).kind if each.claim.chain else ""


def _is_named(case: Case, each: Said) -> bool:
    """Whether the source is a person whose name of two words or more ends the mention."""
    span = mention(each)
    name = each.claim.chain[-1].name if each.claim.chain else ""
    return span is not None and _kind(case, each) == "person" and " " in name and span.text.endswith(name)


def _behind(case: Case, each: Said, phrase: str) -> Row | None:
    """The case with a phrase between commas behind the source."""
    span = mention(each)
    if span is None or not _stands_alone(case, each, span):
        return None
    closing = "" if re.match(r"[,.;)]|\s*$", case.text[span.end :]) else ","
    row = edited(case.row, [Edit(span.end, span.end, f", {phrase}{closing}")])
    return without(row, "source") if row else None


def _stands_alone(case: Case, each: Said, span: Span) -> bool:
    """Whether nothing hangs behind a source's mention, which a verb, a mark or the end follows."""
    sentence, head = each.sentence, each.source
    if head is None or in_headline(case, sentence) or head.deprel in ("conj", "appos", "nmod:poss"):
        return False
    if each.cue.deprel.startswith("acl"):
        return False  # "the dam, which engineers, …, say is sound"
    heavy = ("appos", "acl", "acl:relcl", "conj", "cc", "parataxis")
    if any(word.deprel in heavy and word.end > span.start for word in _children(sentence, head)):
        return False
    if re.search(r"[,(]\s*$", case.text[: span.start]) and head.deprel == "flat":
        return False
    rest = case.text[span.end : sentence.end]
    following = next((word for word in sentence.words if word.start >= span.end), None)
    if following is None or re.fullmatch(r"\W*", rest):
        return True
    if following.upos in BEFORE_VERB:
        return rest.startswith(" ")
    return re.match(r"[.;)]|, [“‘\"]|, \w+ing |, (?:but|while) ", rest) is not None or (
        rest.startswith(", ") and case.text[span.end + 2 :].startswith(each.claim.content[-1].text)
    )


# Clause order


@attrs.frozen(kw_only=True)
class Frame:
    """A sentence that is nothing but source, cue and content. source: its words; cue: with a hearer; front: whether
    they stand in front of the content."""

    start: int
    end: int
    source: str
    cue: str
    front: bool


def order(case: Case, draw: Random) -> Row | None:
    """ "X said Y." ↔ "Y, X said." ↔ "Y, X said, Y."."""
    framed = ((each, frame) for each in said(case) if (frame := _frame(case, each)))
    rows = (_reordered(case, each, frame, *new) for each, frame in framed for new in _orders(case, each, frame))
    return chosen(draw, rows)


def _orders(case: Case, each: Said, frame: Frame) -> Iterator[tuple[str, list[str]]]:
    """The sentence in other orders, each with its content."""
    body = each.claim.content[0].text
    inside, opening = f"{_inside(each, frame.source)} {frame.cue}", f"{_up(frame.source)} {frame.cue}"
    if each.claim.kind == "direct":
        yield from _direct_orders(case, body, inside if frame.front else opening, frame)
        return
    upper = _up(body)
    lower = body if _opening(each).upos == "PROPN" else body[0].lower() + body[1:]
    if re.search(r"[“”\"?!;:]| that |^(?:whether|why|how|what|who|when|where|to|if|I)\b", body):
        return
    if frame.front:
        yield f"{upper}, {inside}.", [upper]
    else:
        yield f"{opening} that {lower}.", [lower]
        if each.attribution.lemma in VERBS["bare"]:
            yield f"{opening} {lower}.", [lower]
    if cut := _subject_end(each):
        yield f"{upper[:cut]}, {inside}, {upper[cut:].strip()}.", [upper[:cut], upper[cut:].strip()]


def _direct_orders(case: Case, body: str, frame: str, shape: Frame) -> Iterator[tuple[str, list[str]]]:
    opening, closing = ("“", "”") if "“" in case.text else ('"', '"')
    ended = body[-1] in "?!"
    if shape.front:
        yield f"{opening}{body}{'' if ended else ','}{closing} {frame}.", [body]
    elif not re.match(r"\s*[“\"]", case.text[shape.end :]):
        for mark in (":", ","):
            yield f"{frame}{mark} {opening}{body}{'' if ended else '.'}{closing}", [body]


def _frame(case: Case, each: Said) -> Frame | None:
    """The frame of a claim in the simple past, where its sentence is nothing else."""
    text, content, span, sentence = case.text, each.claim.content[0], mention(each), each.sentence
    if span is None or each.cue.xpos != "VBD" or in_headline(case, sentence) or "passages" in case.row:
        return None
    if len(each.claim.content) != 1 or each.attribution.lemma not in VERBS["behind"]:
        return None
    if not sentence.start <= content.start < content.end <= sentence.end or span.start > each.cue.start:
        return None
    if any(word.start == span.start and word.upos == "ADV" for word in sentence.words):
        return None  # "Later Hill said"
    before, behind = text[sentence.start : content.start], text[content.end : sentence.end]
    front = re.fullmatch(r"(.+?)(?: that|[:,])? ?[“\"]?", before, re.DOTALL)
    back = re.fullmatch(r"[,.?!]?[”\"]?,? (.+)\.\s*", behind, re.DOTALL)
    if front and re.fullmatch(r"[.?!]?[”\"]?\.?\s*", behind):
        words = front[1].strip()
    elif back and re.fullmatch(r"[“\"]?", before):
        words = back[1].strip()
    else:
        return None
    cue, hearer = each.attribution.cue, each.attribution.hearer
    assert cue is not None
    parts = [span.text, cue.text, *([hearer.text] if hearer else [])]
    if " ".join(words.split()) != " ".join(" ".join(parts).split()):
        return None
    behind_source = words[len(span.text) :].strip()
    return Frame(
        start=sentence.start, end=sentence.end, source=span.text, cue=behind_source, front=span.start < content.start
    )


def _inside(each: Said, source: str) -> str:
    """The source inside a sentence."""
    first = next(word for word in each.sentence.words if source.startswith(word.text))
    titled = first.upos == "ADJ" and re.match(r"\w+ [A-Z]", source)  # "Deputy Minister"
    return _down(source) if titled or first.upos == "PROPN" else source[0].lower() + source[1:]


def _opening(each: Said) -> Word:
    """The word that the content opens with."""
    start = each.claim.content[0].start
    return next(word for word in each.sentence.words if word.end > start)


def _subject_end(each: Said) -> int | None:
    """Where the noun phrase ends that opens the content as its subject, in code points of the content."""
    sentence, begin = each.sentence, each.claim.content[0].start
    for word in sentence.words:
        phrase = [sentence.words[at] for at in sentence.subtree(word.index)]
        together = phrase[-1].index - phrase[0].index + 1 == len(phrase)
        opens = phrase[0].start == begin and word.deprel.startswith("nsubj") and word.upos in ("NOUN", "PROPN")
        if opens and together and sentence.words[phrase[-1].index + 1].upos in BEFORE_VERB:
            return phrase[-1].end - begin
    return None


def _reordered(case: Case, each: Said, frame: Frame, new: str, content: list[str]) -> Row | None:
    """The case with another sentence in place of the claim's; None where other claims need this one's words."""
    others = [claim for at, claim in enumerate(case.row["claims"]) if at != each.at]
    old = case.text[frame.start : frame.end]
    text = case.text[: frame.start] + new + old[len(old.rstrip()) :] + case.text[frame.end :]
    if not all(tables.in_order(text, claim["content"]) for claim in others):
        return None
    claims = [*case.row["claims"]]
    kept = {key: value for key, value in claims[each.at].items() if key != "content_or"}
    claims[each.at] = {**kept, "content": content}
    return {**case.row, "text": text, "claims": claims}


# "that", hearsay, marks


def that(case: Case, draw: Random) -> Row | None:
    """ "said that the" ↔ "said the"."""
    return chosen(draw, (_that(case, each) for each in said(case)))


def _that(case: Case, each: Said) -> Row | None:
    at, start = _behind_cue(each), each.claim.content[0].start
    if each.claim.kind == "direct" or each.attribution.lemma not in VERBS["bare"] or at is None or at > start:
        return None
    if not _is_clause(each) or in_headline(case, each.sentence) or each.cue.xpos not in ("VBD", "VBZ", "VBP", "VBN"):
        return None
    between = case.text[at:start]
    if between == " ":
        return edited(case.row, [Edit(at, at, " that")])
    if each.attribution.hearer is not None and _opening(each).upos in ("NOUN", "ADJ"):
        return None  # "told the court evidence suggested"
    needed = " that " in case.text[start : each.sentence.end] or syntax.is_passive(each.sentence, each.cue.index)
    return edited(case.row, [Edit(at, start, " ")]) if between == " that " and not needed else None


def hearsay(case: Case, draw: Random) -> Row | None:
    """ "said the gate had been left open" → "said the gate had reportedly been left open"."""
    return chosen(draw, (_hearsay(case, each) for each in said(case)))


def _hearsay(case: Case, each: Said) -> Row | None:
    content, sentence = each.claim.content, each.sentence
    if each.claim.kind != "indirect" or len(content) != 1 or each.claim.origin == "unsourced":
        return None
    if each.attribution.lemma not in VERBS["heard"] or in_headline(case, sentence):
        return None
    inside = [word for word in sentence.words if content[0].start <= word.start and word.end <= content[0].end]
    tops = [word for word in inside if word.head < 0 or sentence.words[word.head] not in inside]
    tops = [word for word in tops if word.upos != "PUNCT"]
    if len(tops) != 1 or not syntax.is_finite(sentence, tops[0].index):
        return None
    under = _children(sentence, tops[0])
    subjects = [word for word in under if word.deprel.startswith("nsubj")]
    if len(subjects) != 1 or subjects[0].upos == "PRON" or any(word.lemma in ("not", "no") for word in inside):
        return None
    if re.search(r"\b(?:reportedly|allegedly|I|we|its|our|my)\b", content[0].text):
        return None
    verbs = [word for word in under if word.deprel in ("aux", "aux:pass", "cop") and word.start > subjects[0].start]
    if verbs and verbs[0].lemma in ("must", "should", "could", "can", "may", "might", "shall"):
        return None
    if verbs:
        at = verbs[0].end
        return edited(case.row, [Edit(at, at, " reportedly")]) if re.match(r" \w", case.text[at:]) else None
    if tops[0].upos != "VERB":
        return None
    return edited(case.row, [Edit(tops[0].start, tops[0].start, "reportedly ")])


STRAIGHT = str.maketrans("“”‘’", "\"\"''")


def straight(case: Case, _: Random) -> Row | None:
    """Curly marks made straight, where they can still be told apart."""
    text = case.text
    if not re.search(r"[“”]|[‘’]", text) or case.family == "marks" or "”" in re.sub(r"“[^“”]*”", "", text):
        return None
    if re.search(r"‘[^’]*s’ |“[^”]*“", text) or ("'" in text and "‘" in text):
        return None
    return _respelt(case.row, lambda part: part.translate(STRAIGHT))


def curly(case: Case, _: Random) -> Row | None:
    """Straight marks made curly."""
    text = case.text
    if case.family == "marks" or not re.search(r"[\"']", text) or re.search(r"\d[\"']|(?:^|\s)'|''", text):
        return None
    bent = re.sub(r"(^|[\s(\[—–])\"", r"\1“", text, flags=re.MULTILINE).replace('"', "”").replace("'", "’")
    return _respelt(case.row, lambda part: _bent(part, text, bent)) if bent != text else None


def _bent(part: str, text: str, bent: str) -> str:
    at = text.find(part)
    return bent[at : at + len(part)] if at >= 0 else part.replace("'", "’")


def _respelt(row: Row, spell: Callable[[str], str]) -> Row:
    """The row with every string of its text and answer spelt otherwise, of the same length."""

    def deep(value: Any) -> Any:
        if isinstance(value, str):
            return spell(value)
        if isinstance(value, dict):
            return {key: each if key in ("kind", "use", "types") else deep(each) for key, each in value.items()}
        return [deep(each) for each in value] if isinstance(value, list) else value

    return {key: value if key == "name" else deep(value) for key, value in row.items()}


# Passive

SHAPES = {
    "quoted": (
        r"(?P<source>.+?) (?P<verb>quoted|cited) (?P<other>.+?) (?P<rest>as (?:saying|telling))\b",
        "{other} {be} {verb} by {source} {rest}",
    ),
    "told": (
        r"(?P<source>.+?) told (?P<other>.+?)(?P<time>(?: on \w+)?) that ",
        "{other} {be} told by {source}{time} that ",
    ),
    "reported": (
        r"(?P<front>(?:Citing [^,]+, )?)(?P<source>.+?) (?P<verb>\w+ed|pointed out)(?P<time>(?: on \w+)?) that ",
        "{front}it was {verb} by {source}{time} that ",
    ),
}


def passive(case: Case, _: Random) -> Row | None:
    """ "A quoted B as saying" → "B was quoted by A as saying", where variants.toml allows it."""
    shape = next((shape for shape, rows in PASSIVE.items() if case.key in rows), None)
    found = re.match(SHAPES[shape][0], case.text) if shape else None
    if shape is None or found is None:
        return None
    parts = found.groupdict()
    many = re.search(r" and |(?:holders|police|reporters|members)$", parts.get("other", ""))
    parts |= {"be": "were" if many else "was", "source": _down(parts["source"])}
    row = edited(case.row, [Edit(0, found.end(), _up(SHAPES[shape][1].format(**parts)))])
    return without(row, "cue", "source") if row else None


def _up(phrase: str) -> str:
    return phrase[0].upper() + phrase[1:]


def _down(phrase: str) -> str:
    """A phrase inside a sentence: what opens with a determiner or a common noun of our rows loses its capital."""
    common = r"(?:The|A|An|Its|His|Her|Two|Local|People|Customs|Harbour|State) "
    return phrase[0].lower() + phrase[1:] if re.match(common, phrase) else phrase
