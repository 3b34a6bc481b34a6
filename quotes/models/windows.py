"""Windows: runs of sentences of one text that the encoder reads at once, so that each has its neighbours as context."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs
import torch

from quotes.models.encoder import FIRST, LAST, PADDING, SHAPES, WordPieces, shape
from quotes.models.network import Batch

LONGEST = 254  # word pieces of a window, [CLS] and [SEP] not counted
STEP = 8  # torch takes other ways with fewer rows, which give other last bits with other numbers of threads
MOST = 500  # word pieces of a part of a sentence that is longer than that: the encoder has 512 positions


@attrs.frozen(kw_only=True)
class Span:
    """What a window is packed from: a sentence, or a part of one that is too long.

    ids, shapes: one for each word piece; firsts: the place of each word's first piece among them.
    """

    ids: tuple[int, ...]
    shapes: tuple[int, ...]
    firsts: tuple[int, ...]


@attrs.frozen(kw_only=True)
class Window:
    """ids, shapes: with [CLS] and [SEP]; firsts: the place of each word's first piece; words: of each sentence."""

    ids: list[int]
    shapes: list[int]
    firsts: list[int]
    words: list[int]


def cut(words: Sequence[str], pieces: WordPieces) -> list[Span]:
    """A sentence as spans: one, or several where it has more than MOST word pieces."""
    found = pieces.cut(words)
    shapes = [shape(words[word]) for word in found.words]
    starts = [at for at, word in enumerate(found.words) if at == 0 or word != found.words[at - 1]]
    starts.append(len(found.ids))
    spans: list[Span] = []
    first = 0
    for word in range(1, len(starts)):
        if word == len(words) or starts[word + 1] - starts[first] > MOST:
            begin, end = starts[first], min(starts[word], starts[first] + MOST)
            own = tuple(start - begin for start in starts[first:word])
            spans.append(Span(ids=tuple(found.ids[begin:end]), shapes=tuple(shapes[begin:end]), firsts=own))
            first = word
    return spans


def pack(spans: Sequence[Span], longest: int = LONGEST) -> list[list[Span]]:
    """Spans that follow each other in groups of at most so many word pieces; a longer one stands alone."""
    groups: list[list[Span]] = []
    room = 0
    for span in spans:
        if not groups or len(span.ids) > room:
            groups.append([])
            room = longest
        groups[-1].append(span)
        room -= len(span.ids)
    return groups


def window(spans: Iterable[Span], pieces: WordPieces) -> Window:
    """Spans that follow each other as one window."""
    none = SHAPES.index("none")
    ids, shapes, firsts, words = [pieces.ids[FIRST]], [none], [], []
    for span in spans:
        firsts += [len(ids) + first for first in span.firsts]
        words.append(len(span.firsts))
        ids += span.ids
        shapes += span.shapes
    return Window(ids=[*ids, pieces.ids[LAST]], shapes=[*shapes, none], firsts=firsts, words=words)


def batch(windows: Sequence[Window], pieces: WordPieces, device: str = "cpu") -> Batch:
    """Windows as tensors, padded to one length, a multiple of STEP."""
    longest = -(-max(len(each.ids) for each in windows) // STEP) * STEP
    ids = torch.full((len(windows), longest), pieces.ids[PADDING])
    shapes = torch.zeros_like(ids)
    for row, each in enumerate(windows):
        ids[row, : len(each.ids)] = torch.tensor(each.ids)
        shapes[row, : len(each.ids)] = torch.tensor(each.shapes)
    lengths = torch.tensor([len(each.ids) for each in windows])
    full = bool((lengths == longest).all())
    mask = None if full else (torch.arange(longest)[None, :] < lengths[:, None]).to(device)
    firsts = torch.tensor([(row, first) for row, each in enumerate(windows) for first in each.firsts])
    return Batch(ids=ids.to(device), shapes=shapes.to(device), mask=mask, firsts=firsts.view(-1, 2).to(device))
