"""Speakers: mentions at cues -> the sources of one article. Names, titles, pronouns, descriptions, outlets, unnamed."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.lexicon import Lexicon
from quotes.records import Article, Attribution, Parse, Passage
from quotes.speakers.cast import Cast, Resolution, Resolver
from quotes.speakers.scene import lay_scene
from quotes.speakers.vocabulary import vocabulary

__all__ = ["Cast", "Resolution", "find_speakers"]


def find_speakers(
    article: Article,
    parse: Parse,
    passages: Sequence[Passage],
    attributions: Sequence[Attribution],
    lexicon: Lexicon,
) -> Cast:
    """The cast of an article: whom each source and each hearer of its attributions stands for.

    attributions: in reading order; their source_at and hearer_at are places in the parse.
    """
    scene = lay_scene(article, parse, passages, attributions, vocabulary(lexicon))
    resolver = Resolver(scene=scene)
    for attribution in attributions:
        for at in (attribution.source_at, attribution.hearer_at):
            if at is not None:
                resolver.ask(at)
    return Cast(resolver=resolver)
