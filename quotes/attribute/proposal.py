"""What the rules hand on: a proposed attribution over words, before it is decided and put into spans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import attrs

from quotes.lexicon import CueEntry
from quotes.records import Candidate

Range = tuple[int, int]
Place = tuple[int, int]  # a sentence and a word of it
Finder = Literal["rules", "both", "tagger"]
FINDERS: tuple[Finder, ...] = ("rules", "both", "tagger")


@attrs.frozen(kw_only=True)
class Proposal:
    """A cue word with what it could introduce.

    sentence, head: the cue's place in the parse; cue: the words of the cue in that sentence; source: the
    (sentence, word) place of the source mention's head; hearer: likewise; content: code point ranges, in order;
    pattern: the rule that proposed it; entry: the lexicon's entry for the cue, if any;
    spoken: whether the content stands between quotation marks; fit: how well the cue introduces its passages;
    doubts: what speaks against it; framed: whether a frame around it holds nothing else. A floating proposal has no
    cue words; its head is the passage's first word.
    finder: who found it; "both" where the rules say who speaks and the tagger what is said.
    """

    sentence: int
    head: int
    cue: tuple[int, ...]
    pattern: str
    content: tuple[Range, ...] = ()
    source: tuple[int, int] | None = None
    hearer: tuple[int, int] | None = None
    entry: CueEntry | None = None
    spoken: bool = False
    fit: float = 0.0
    doubts: tuple[str, ...] = ()
    framed: bool = False
    rivals: tuple[Candidate, ...] = ()
    finder: Finder = "rules"


Prior = Mapping[Place, Sequence[tuple[float, Proposal]]]
"""What the rules propose, by the place of the cue, each with how likely its features make it (`prior.py`)."""
