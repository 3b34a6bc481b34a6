"""What the tagger makes of an article: likely cues, each with content and source."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from quotes.attribute import facts
from quotes.attribute.features import Scene
from quotes.attribute.proposal import Place, Prior
from quotes.models import PLAIN, tagger
from quotes.models.annotate import bundled
from quotes.records import Parse

LIKELY = 0.3  # of a cue


@attrs.frozen(kw_only=True)
class Reading:
    """What the tagger says of a cue.

    place: its sentence and word; cue: how likely it is one; likelihood: of just these spans, given that it is one;
    words: the words of its cue, content and source in that sentence.
    """

    place: Place
    cue: float
    likelihood: float
    words: Mapping[str, tuple[int, ...]]


Readings = Mapping[Place, Reading]


def read(scene: Scene, prior: Prior, asked: Iterable[Place], model: tagger.CueTagger, models: str) -> Readings:
    """Readings of all likely cues and of those that are asked for, by place.

    prior: what the rules propose, which the tagger hears of; models: the name of the set whose encoder it learnt with.
    """
    sentences = scene.parse.sentences
    cues, states = model.read(
        _vectors(scene.parse, models), [model.code_words(words) for words in facts.of_words(scene)]
    )
    places = sorted({*_likely(cues), *asked})
    coded = [
        tagger.Asked(
            row=at, cue=word, places=model.code_places(facts.of_places(sentences[at], word, prior.get((at, word), ())))
        )
        for at, word in places
    ]
    labelled = model.label(states, coded)
    return {
        (at, word): Reading(
            place=(at, word), cue=float(cues[at][word]), likelihood=each.likelihood, words=_parts(each.labels)
        )
        for (at, word), each in zip(places, labelled, strict=True)
    }


def _vectors(parse: Parse, models: str) -> list[Any]:
    """The encoder's vectors of the words: those of the parse where they come from the encoder that the tagger learnt
    with. The bundled tagger learnt with the bundled one, which reads the text now where other models parsed it."""
    found = [sentence.vectors for sentence in parse.sentences]
    if parse.model == models and all(each is not None for each in found):
        return found
    return bundled().vectors([[word.text.translate(PLAIN) for word in each.words] for each in parse.sentences])


def _likely(cues: Sequence[Any]) -> Iterator[Place]:
    for at, row in enumerate(cues):
        yield from ((at, int(word)) for word in (row >= LIKELY).nonzero()[0])


def _parts(labels: Sequence[int]) -> dict[str, tuple[int, ...]]:
    names = [tagger.LABELS[label].partition("-")[2] for label in labels]
    return {part: tuple(at for at, name in enumerate(names) if name == part) for part in ("cue", "content", "source")}
