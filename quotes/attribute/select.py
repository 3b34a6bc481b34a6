"""Which candidates are attributions: the likeliest that do not contradict each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import attrs

from quotes import syntax
from quotes.attribute import eligible, find_by_tagger, prior, reading, score
from quotes.attribute.features import NEEDS, Scene
from quotes.attribute.proposal import Place, Prior, Proposal
from quotes.attribute.score import Candidate
from quotes.attribute.weights import Weights
from quotes.records import Act
from quotes.records import Candidate as Rival

# The least score of what is taken. By F1 on folds of train 0.5 is best for PolNeAR (68.3; here 67.7), and 0.6 for chain
# gold (77.3; here 76.6): what lies between here and `certainty.UNCERTAIN` is kept, and views set it apart.
LEAST = 0.4
VOICELESS = 0.05  # the most confidence of words whose only candidate for a source can be none: they are uncertain
CERTAIN = 0.6  # adverbs of hearsay, dash credits, "as reported by", headlines: neither corpus has enough to learn from
UNKNOWN = 0.1  # by which an unknown cue gives way; set by hand, on our own rows, and on no folds
SAME = 0.5
STRETCH = 500  # code points
MOST_RIVALS = 8
CLAUSAL = frozenset(["clause", "around", "as-saying", "run-on", "gerund"])
AS_SAYING = "as-saying"  # "quoted X as saying that": the grammar leaves no other speaker at "saying"
RARE = frozenset(["hedge", "dash", AS_SAYING, "headline", "transcript"])
UNREAL = frozenset(["negated", "irrealis", "hypothetical", "asked", "declined", "infinitive", "imperative"])

CuePlace = tuple[Place, bool]  # the place of a cue's head, and whether there is a cue


@attrs.frozen(kw_only=True)
class Decision:
    """A proposal that is taken, how likely it is right, what it is an act of, and the rivals at the same cue."""

    proposal: Proposal
    confidence: float
    act: Act
    rivals: tuple[Rival, ...] = ()


def decide(scene: Scene, proposed: Prior, weights: Weights) -> list[Decision]:
    """The best candidates of rules and tagger, none of which contradicts another."""
    readings = reading.read(scene, proposed, asked(proposed), weights.tagger, weights.models)
    found = possible(scene, proposed, readings)
    scores = weights.score.scores([score.features(scene, each) for each in found])
    return select(scene, [(_sure(chance, each.proposal), each) for chance, each in zip(scores, found, strict=True)])


def asked(proposed: Prior) -> list[Place]:
    """Cues of the rules that the tagger is asked about, whatever it thinks of them."""
    return [place for place, each in proposed.items() if any(proposal.cue for _, proposal in each)]


def possible(scene: Scene, proposed: Prior, readings: reading.Readings) -> list[Candidate]:
    """The candidates that the grammar does not rule out."""
    exact = {place for place, each in proposed.items() if any(one.pattern == AS_SAYING for _, one in each)}
    return [
        each
        for each in score.candidates(scene, proposed, readings)
        if _took_place(each.proposal)
        and not leaves_quotation(scene, each.proposal)
        and (each.proposal.pattern == AS_SAYING or (each.proposal.sentence, each.proposal.head) not in exact)
    ]


def select(scene: Scene, scored: Sequence[tuple[float, Candidate]]) -> list[Decision]:
    """From the likeliest down, each that has no conflict with what is taken; last those whose source can be none."""
    taken: list[Decision] = []
    near: dict[int, list[Proposal]] = defaultdict(list)  # stretch of the text -> what has content there
    cued: dict[int, list[Proposal]] = defaultdict(list)  # by sentence
    rivals = _by_place(scored)
    told = {id(each): eligible.can_be_source(scene, each.proposal) for chance, each in scored if chance >= LEAST}
    likely = [(chance, each) for chance, each in scored if id(each) in told]
    likely.sort(key=lambda pair: (not told[id(pair[1])], -_weight(*pair), pair[1].proposal.content))
    for confidence, each in likely:
        proposal = each.proposal
        around = [other for stretch in _stretches(proposal) for other in near[stretch]]
        if _has_conflict(scene, proposal, around, cued[proposal.sentence]):
            continue
        if not told[id(each)]:
            if not proposal.cue or any(same_content(proposal, other) for other in around):
                continue
            proposal, confidence = attrs.evolve(proposal, source=None), VOICELESS
        found = (*proposal.rivals, *_rivals(scene, proposal, rivals[_place(proposal)]))
        taken.append(Decision(proposal=proposal, confidence=confidence, act=act(scene, each.proposal), rivals=found))
        cued[proposal.sentence].append(proposal)
        for stretch in _stretches(proposal):
            near[stretch].append(proposal)
    return taken


def _weight(confidence: float, candidate: Candidate) -> float:
    """A cue that no list knows gives way to one that is about as sure: "went on to say that"."""
    unknown = bool(candidate.proposal.cue) and candidate.proposal.entry is None
    return confidence - (UNKNOWN if unknown else 0.0)


def _stretches(proposal: Proposal) -> set[int]:
    return {at for start, end in proposal.content for at in range(start // STRETCH, end // STRETCH + 1)}


def _has_conflict(scene: Scene, proposal: Proposal, near: Sequence[Proposal], cued: Sequence[Proposal]) -> bool:
    if any(proposal.cue and set(proposal.cue) & set(other.cue) for other in cued):
        return True
    return any(_doubles(scene, proposal, other) for other in near)


def _by_place(scored: Sequence[tuple[float, Candidate]]) -> Mapping[CuePlace, list[tuple[float, Proposal]]]:
    """The proposals of each cue, the likeliest first."""
    found: dict[CuePlace, list[tuple[float, Proposal]]] = defaultdict(list)
    for chance, each in sorted(scored, key=lambda pair: (-pair[0], pair[1].proposal.content)):
        found[_place(each.proposal)].append((chance, each.proposal))
    return found


def _rivals(scene: Scene, own: Proposal, at_cue: Sequence[tuple[float, Proposal]]) -> Iterator[Rival]:
    """Other contents at the same cue, the likeliest first."""
    seen = {own.content}
    for chance, other in at_cue:
        if other.content not in seen and len(seen) <= MOST_RIVALS:
            seen.add(other.content)
            start, end = other.content[0]
            span = scene.article.span(start, end)
            yield Rival(span=span, reason=f"content as {other.pattern}", score=round(chance, 2))


def _place(proposal: Proposal) -> CuePlace:
    return (proposal.sentence, proposal.head), bool(proposal.cue)


def _sure(chance: float, proposal: Proposal) -> float:
    """The score, and no less than CERTAIN for constructions that mean what they say and that no corpus teaches."""
    entry = proposal.entry
    rare = proposal.pattern in RARE or (proposal.pattern == "passive-clause" and proposal.source is None)
    rare = rare or (entry is not None and entry.pos == "phrase" and entry.relation != "said")
    return max(chance, CERTAIN) if rare else chance


def leaves_quotation(scene: Scene, proposal: Proposal) -> bool:
    """Whether a cue inside a quotation would report words outside it."""
    if (proposal.sentence, proposal.head) not in scene.quoted:
        return False
    words = scene.parse.sentences[proposal.sentence].words
    outside = (word for word in words if (proposal.sentence, word.index) not in scene.quoted and word.upos != "PUNCT")
    return any(start <= word.start < end for word in outside for start, end in proposal.content)


def _took_place(proposal: Proposal) -> bool:
    """Whether there is a source, or a construction that needs none, and speech that took place."""
    if proposal.source is None and proposal.pattern not in prior.SOURCELESS:
        return False
    entry = proposal.entry
    if (
        entry is not None
        and not proposal.spoken
        and (entry.takes == {"quote"} or (_is_hearer(proposal) and not proposal.framed))
    ):
        return False
    if entry is not None and entry.relation in ("quoted", "cited") and not proposal.spoken:
        return proposal.pattern in CLAUSAL or entry.pos == "phrase"
    return not UNREAL & set(proposal.doubts)


def _is_hearer(proposal: Proposal) -> bool:
    """Whether what was taken for an object is whoever is spoken to: "told the crowd"."""
    return proposal.entry is not None and proposal.entry.hearer and NEEDS.get(proposal.pattern) == "object"


def act(scene: Scene, proposal: Proposal) -> Act:
    """speech where the cue is known to communicate with such a content, or introduces words in marks; else belief."""
    if proposal.finder == "tagger":
        return _act_of_tagged(scene, proposal)
    entry = proposal.entry
    if entry is not None and entry.act == "belief":
        return "speech" if proposal.source is None and entry.lemma in scene.lexicon.opinions else "belief"
    if proposal.spoken or proposal.pattern not in NEEDS:
        return "speech"
    if proposal.pattern in CLAUSAL:
        return "speech"
    if entry is None:
        return "belief"
    fits = NEEDS[proposal.pattern] in entry.takes or (proposal.pattern == "oblique" and bool(entry.prepositions))
    fits = fits or (proposal.pattern == "passive" and entry.act == "speech")
    return "speech" if fits else "belief"


def _act_of_tagged(scene: Scene, proposal: Proposal) -> Act:
    """speech where a cue known to communicate has a clause, or one not known for another act has words in marks."""
    known = proposal.entry is not None and proposal.entry.act == "speech"
    if proposal.spoken:
        return "speech" if known or proposal.entry is None else "belief"
    sentence = scene.parse.sentences[proposal.sentence]
    question = proposal.entry is not None and proposal.entry.stance == "question"
    bare = question and syntax.child(sentence, proposal.head, *syntax.SUBJECTS) is None
    return "speech" if known and not bare and find_by_tagger.is_clause(sentence, proposal) else "belief"


def _doubles(scene: Scene, one: Proposal, other: Proposal) -> bool:
    if one.sentence != other.sentence and not (one.spoken and other.spoken):
        return False
    alike = one.source == other.source or any(
        _is_source(cue, cued) or _is_said_in(scene, cue, cued) for cue, cued in ((one, other), (other, one))
    )
    return alike and same_content(one, other)


def same_content(one: Proposal, other: Proposal) -> bool:
    """Whether the contents share more than half of what they hold together."""
    shared = sum(max(0, min(e, f) - max(s, t)) for s, e in one.content for t, f in other.content)
    union = sum(e - s for s, e in one.content) + sum(e - s for s, e in other.content) - shared
    return union > 0 and shared / union > SAME


def _is_source(one: Proposal, other: Proposal) -> bool:
    """Whether a noun cue is the other's source: "the report" in "the council's report says …"."""
    return other.source == (one.sentence, one.head)


def _is_said_in(scene: Scene, one: Proposal, other: Proposal) -> bool:
    """Whether a noun cue names what the other's words stand in: "the council said in its report that …"."""
    if one.sentence != other.sentence or not one.pattern.startswith("noun"):
        return False
    noun = scene.parse.sentences[one.sentence].words[one.head]
    return noun.head == other.head and noun.deprel == "obl"
