"""Quotations that changed on the way: the words that an article puts into a quotation or leaves out of it unmarked."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Literal

import attrs

from quotes.lexicon import Lexicon
from quotes.link.members import Member
from quotes.link.wordings import CUT, words

Fate = Literal["kept", "gone", "new"]
Cited = Callable[[Member], Iterator[tuple[Member, int]]]

LEAST_KEPT = 0.5  # the share of words in common below which it is another quotation


@attrs.frozen(kw_only=True)
class Change:
    """A quotation and the one that it differs from.

    of: the article that it cites, or else the first to quote it; pieces: runs of words in order, each kept, gone (they
    stand in `of` only) or new (they stand in `member` only).
    """

    member: Member
    of: Member
    pieces: tuple[tuple[Fate, str], ...]


def changes_of(carries: Sequence[Member], cited: Cited, lexicon: Lexicon) -> tuple[Change, ...]:
    """The changes of words in quotation marks; what is cut at an end, or with an ellipsis, is no change.

    carries: the members of a cluster by date.
    """
    quoted = [member for member in carries if member.kind == "direct"]
    if len({words(member.text, lexicon) for member in quoted}) < 2:
        return ()
    found = []
    for member in quoted[1:]:
        sources = [other for other, _ in cited(member) if other.kind == "direct"]
        of = (sources or quoted)[0]
        pieces = _pieces(of.text, member.text, lexicon) if of is not member else ()
        if pieces:
            found.append(Change(member=member, of=of, pieces=pieces))
    return tuple(found)


def _pieces(before: str, after: str, lexicon: Lexicon) -> tuple[tuple[Fate, str], ...]:
    """The pieces of a change; none where nothing but the extent, the punctuation or the form of a number differs."""
    if words(before, lexicon) == words(after, lexicon):
        return ()
    ours, theirs = _seen(before, lexicon), _seen(after, lexicon)
    matcher = SequenceMatcher(None, [key for _, key in ours], [key for _, key in theirs], autojunk=False)
    codes = [code for code in matcher.get_opcodes() if code[1] < code[2] or code[3] < code[4]]
    kept = sum(code[2] - code[1] for code in codes if code[0] == "equal")
    if kept < LEAST_KEPT * min(len(ours), len(theirs)):
        return ()
    while codes and codes[0][0] in ("delete", "insert"):
        codes = codes[1:]
    while codes and codes[-1][0] in ("delete", "insert"):
        codes = codes[:-1]
    found: list[tuple[Fate, str]] = []
    for kind, one, other, begin, end in codes:
        gone, new = [word for word, _ in ours[one:other]], [word for word, _ in theirs[begin:end]]
        if kind == "equal":
            found.append(("kept", " ".join(new)))
        elif not _only_cut(gone, new, lexicon):
            found += [("gone", " ".join(gone))] if gone else []
            found += [("new", " ".join(new))] if new else []
        else:
            found.append(("kept", " ".join(new)))
    return tuple(found) if any(fate != "kept" for fate, _ in found) else ()


def _only_cut(gone: Sequence[str], new: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether an ellipsis stands for what is gone, on either side, or both say the same in other signs."""
    said, left = words(" ".join(new), lexicon), words(" ".join(gone), lexicon)
    return said == left or (not said and CUT in "".join(new)) or (not left and CUT in "".join(gone))


def _seen(text: str, lexicon: Lexicon) -> list[tuple[str, tuple[str, ...]]]:
    """The words of a text as they are written and as they are compared; signs alone are kept where they mark a cut."""
    found = [(word, words(word, lexicon)) for word in text.replace("...", CUT).replace(CUT, f" {CUT} ").split()]
    return [(word, key) for word, key in found if key or CUT in word]
