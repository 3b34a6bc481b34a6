"""Which proposals are attributions, and how sure that is: the scorer's word, within what restraint allows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import attrs

from quotes import syntax
from quotes.attribute import cues, scorer
from quotes.attribute.features import NEEDS, Scene, features
from quotes.attribute.proposal import Place, Proposal, Scored
from quotes.lexicon import Lexicon
from quotes.records import Act, Candidate

THRESHOLD = 0.22
WEAK_THRESHOLD = 0.38
SOURCELESS_THRESHOLD = 0.2
PLAIN = 0.6  # adverbs of hearsay and "as reported by" are rare in annotated text; they mean what they say
FRAMED = 0.45  # "…, X said": the frame itself is good evidence, however badly its sentence was parsed
BESIDE = 6.0  # how well a passage fits a cue of speech that stands next to it, a comma between
NOUN = 0.1  # by which a noun cue gives way to a verb; set by hand, on our own samples, and on no folds
SAME = 0.5
STRETCH = 500  # code points
CLAUSAL = frozenset(["clause", "around", "as-saying", "run-on", "gerund"])
REPORTABLE = frozenset(["clause", "gerund"])
SOURCELESS = frozenset(["passive", "passive-clause", "hedge"])
UNREAL = frozenset(["negated", "irrealis", "hypothetical", "asked", "declined", "infinitive", "imperative"])


@attrs.frozen(kw_only=True)
class Decision:
    """A proposal that was taken, its probability, what it is an act of, and the rivals at the same cue.

    score, second: the scorer's own word on it and on the next proposal at the cue (0: there is none).
    """

    proposal: Proposal
    confidence: float
    act: Act
    rivals: tuple[Candidate, ...] = ()
    score: float = 0.0
    second: float = 0.0


def scores(scene: Scene, proposals: Sequence[Proposal], model: scorer.Scorer | None = None) -> Scored:
    """The scorer's word on all proposals that say what was communicated and by whom, by the place of their cues."""
    model = model or scorer.load()
    found: dict[Place, list[tuple[float, Proposal]]] = {}
    for proposal in proposals:
        if proposal.content and (proposal.source is not None or proposal.pattern in SOURCELESS):
            scored = (model.score(features(scene, proposal)), proposal)
            found.setdefault((proposal.sentence, proposal.head), []).append(scored)
    return found


def decide(scene: Scene, scored: Scored) -> list[Decision]:
    """The best proposal of each cue where it is likely enough; of two cues for one content, the likelier."""
    groups: dict[tuple[Place, bool], list[tuple[float, Proposal]]] = {}
    for place, each in scored.items():
        for score, proposal in each:
            if possible(proposal) and not leaves_quotation(scene, proposal):
                groups.setdefault((place, bool(proposal.cue)), []).append((score, proposal))
    found = [_best(scene, each) for each in groups.values()]
    return without_doubles(scene, [each for each in found if each.confidence >= _threshold(each.proposal)])


def floor(scene: Scene, proposal: Proposal) -> float:
    """How sure a cue is that has hardly another reading, whatever the scorer saw of it."""
    entry = proposal.entry
    if proposal.pattern in ("hedge", "dash"):
        return PLAIN
    if proposal.pattern in ("headline", "transcript", "floating"):
        return FRAMED
    if entry is None or entry.act != "speech":
        return 0.0
    if entry.pos == "phrase" or proposal.pattern == "as-saying":
        return PLAIN
    if proposal.pattern == "around" and "clause" in entry.takes and not proposal.doubts:
        return FRAMED
    if proposal.pattern == "gerund" and not proposal.doubts:
        return FRAMED
    if proposal.fit >= BESIDE and not proposal.doubts and NEEDS.get(proposal.pattern, "quote") in entry.takes:
        return FRAMED
    if proposal.pattern == "clause" and _is_hearsay(scene, proposal):
        return FRAMED
    if proposal.framed or (proposal.pattern in REPORTABLE and _is_reported(scene, proposal)):
        return FRAMED + (0.01 if proposal.pattern == "object-more" else 0.0)
    return PLAIN if proposal.pattern == "passive-clause" and proposal.source is None else 0.0


def least(scene: Scene, proposal: Proposal) -> float:
    """The least confidence of forms of which annotators hardly tell anything."""
    entry = proposal.entry
    rare = proposal.pattern in ("hedge", "dash", "as-saying", "headline")
    rare = rare or (proposal.pattern == "passive-clause" and proposal.source is None)
    rare = rare or (entry is not None and entry.pos == "phrase" and entry.relation != "said")
    nested = proposal.pattern in REPORTABLE and (_is_hearsay(scene, proposal) or _is_reported(scene, proposal))
    return floor(scene, proposal) if rare or nested else 0.0


def _is_hearsay(scene: Scene, proposal: Proposal) -> bool:
    """Whether somebody inside a quotation tells what another said: "My father told me that …"."""
    if (
        proposal.entry is None
        or proposal.source is None
        or (proposal.sentence, proposal.head) not in scene.quoted
        or proposal.doubts
    ):
        return False
    words = scene.parse.sentences[proposal.sentence].words
    speaker = words[proposal.source[1]].lemma.lower()
    return (
        proposal.entry.lemma in ("tell", "say")
        and words[proposal.head].xpos == "VBD"
        and speaker not in ("i", "we", "you", "it", "that", "who")
    )


def _is_reported(scene: Scene, proposal: Proposal) -> bool:
    """Whether a cue is itself what another speech verb reports: annotators seldom go that deep, chains do."""
    sentence = scene.parse.sentences[proposal.sentence]
    word = sentence.words[proposal.head]
    entry = proposal.entry
    if entry is None or proposal.doubts:
        return False
    if "clause" not in entry.takes or proposal.source is None:
        return False
    if any(syntax.case(sentence, at) == "according to" for at in syntax.children(sentence, word.index, "obl")):
        return True
    reported = word.deprel == "ccomp" and word.head >= 0
    return reported and cues.speech_entry(sentence, word.head, scene.lexicon) is not None


def leaves_quotation(scene: Scene, proposal: Proposal) -> bool:
    """Whether a cue inside a quotation would report words outside it."""
    if (proposal.sentence, proposal.head) not in scene.quoted:
        return False
    words = scene.parse.sentences[proposal.sentence].words
    outside = (word for word in words if (proposal.sentence, word.index) not in scene.quoted and word.upos != "PUNCT")
    return any(start <= word.start < end for word in outside for start, end in proposal.content)


def _threshold(proposal: Proposal) -> float:
    if not proposal.spoken and (proposal.entry is None or NEEDS.get(proposal.pattern) == "object"):
        return WEAK_THRESHOLD
    return THRESHOLD if proposal.source is not None else SOURCELESS_THRESHOLD


def possible(proposal: Proposal) -> bool:
    """What restraint allows: a source, or a form that needs none; speech that took place."""
    if proposal.source is None and proposal.pattern not in SOURCELESS:
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


def _best(scene: Scene, scored: list[tuple[float, Proposal]]) -> Decision:
    floored = [(max(score, floor(scene, proposal)), score, proposal) for score, proposal in scored]
    floored.sort(key=lambda each: (-each[0], each[2].content))
    confidence, score, proposal = floored[0]
    rivals = tuple(rival(scene, other, rated) for rated, _, other in floored[1:] if other.content != proposal.content)
    return Decision(
        proposal=proposal,
        confidence=confidence,
        act=act(proposal, scene.lexicon),
        rivals=(*proposal.rivals, *rivals),
        score=score,
        second=max((other for _, other, _ in floored[1:]), default=0.0),
    )


def rival(scene: Scene, proposal: Proposal, score: float) -> Candidate:
    """Another reading of a cue, as evidence."""
    start, end = proposal.content[0]
    return Candidate(
        span=scene.article.span(start, end), reason=f"content as {proposal.pattern}", score=round(score, 2)
    )


def act(proposal: Proposal, lexicon: Lexicon) -> Act:
    """speech where the cue is known to communicate with such a content, or introduces words in marks; else belief."""
    entry = proposal.entry
    if entry is not None and entry.act == "belief":
        return "speech" if proposal.source is None and entry.lemma in lexicon.opinions else "belief"
    if proposal.spoken or proposal.pattern not in NEEDS:
        return "speech"
    if proposal.pattern in CLAUSAL:
        return "speech"
    if entry is None:
        return "belief"
    fits = NEEDS[proposal.pattern] in entry.takes or (proposal.pattern == "oblique" and bool(entry.prepositions))
    fits = fits or (proposal.pattern == "passive" and entry.act == "speech")
    return "speech" if fits else "belief"


def without_doubles(scene: Scene, decisions: list[Decision]) -> list[Decision]:
    """Of decisions with nearly the same content that do not stand inside one another, the surest."""
    kept: list[Decision] = []
    near: dict[int, list[Proposal]] = defaultdict(list)  # stretch of the text -> what has content there
    for decision in sorted(decisions, key=lambda each: (-_weight(each), each.proposal.content)):
        content = decision.proposal.content
        stretches = {at for start, end in content for at in range(start // STRETCH, end // STRETCH + 1)}
        if not any(_doubles(scene, decision.proposal, other) for stretch in stretches for other in near[stretch]):
            kept.append(decision)
            for stretch in stretches:
                near[stretch].append(decision.proposal)
    return kept


def _weight(decision: Decision) -> float:
    """How sure a decision is; a noun gives way to a verb that is about as sure: "denied in a call that …"."""
    return decision.confidence - (NOUN if decision.proposal.pattern.startswith("noun") else 0.0)


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
