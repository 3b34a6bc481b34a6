"""Quotation marks -> Passages.

Few signs are always a mark: `'` is mostly an apostrophe, `"` may be inches, and `”` opens where a typist slipped. So
every sign is first read by its neighbours (signs.py), then by what stands open before it and what could close it
(pairing.py); what a passage is, speech or a title or a nickname, is told by its form and the words beside it (use.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from quotes.legible import still
from quotes.lexicon import Lexicon
from quotes.marks.pairing import Pair, Paired, Paragraph, pair_marks
from quotes.marks.signs import Signs
from quotes.marks.use import Judge
from quotes.records import Article, Block, Issue, Passage

__all__ = ["find_passages"]

READ = ("headline", "paragraph")


def find_passages(article: Article, lexicon: Lexicon) -> tuple[tuple[Passage, ...], tuple[Issue, ...]]:
    """Every run of text between quotation marks in the headlines and paragraphs of an article, in reading order.

    A passage that its paragraph does not close ends with the paragraph. Where marks have no partner, the paragraph
    yields what can be read for certain and one issue.
    """
    signs, judge = Signs(lexicon), Judge(lexicon)
    text = still(article.text)
    blocks = [block for block in article.blocks if block.kind in READ]
    paragraphs = [_paragraph(text, block, signs) for block in blocks]
    passages: list[Passage] = []
    issues: list[Issue] = []
    carried: str | None = None
    for at, (block, paragraph) in enumerate(zip(blocks, paragraphs, strict=True)):
        following = paragraphs[at + 1] if at + 1 < len(blocks) and block.kind == "paragraph" else None
        paired = pair_marks(paragraph, following, signs, text, carried)
        carried = paired.left_open
        passages.extend(_passages(article, text, block, paired.pairs, judge))
        if paired.odd:
            issues.append(_issue(paired))
    return tuple(passages), tuple(issues)


def _paragraph(text: str, block: Block, signs: Signs) -> Paragraph:
    start, end = _trim(text, block.start, block.end)
    return Paragraph(start=start, end=end, marks=signs.marks(text, start, end))


def _passages(article: Article, text: str, block: Block, pairs: Iterable[Pair], judge: Judge) -> list[Passage]:
    """The pairs as passages, outer ones first, each with its level and its use. text: the article's, made still."""
    around: list[Passage] = []
    found: list[Passage] = []
    for pair in sorted(pairs, key=lambda pair: (pair.outer[0], -pair.outer[1])):
        start, end = _trim(text, *pair.inner)
        while around and around[-1].outer[1] <= pair.outer[0]:
            around.pop()
        doubled = around and (around[-1].start, around[-1].end) == (start, end)
        if start == end or doubled:
            continue
        bounds = (around[-1].start, around[-1].end) if around else (block.start, block.end)
        headline = block.kind == "headline"
        passage = Passage(
            start=start,
            end=end,
            text=article.text[start:end],
            use=judge.use(text, (start, end), pair.outer, bounds, headline=headline) if pair.closed else "speech",
            outer=pair.outer,
            level=len(around),
            closed=pair.closed,
        )
        around.append(passage)
        found.append(passage)
    return found


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the white space at the edges."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _issue(paired: Paired) -> Issue:
    first = min(paired.odd, key=lambda mark: mark.start)
    count = len(paired.odd)
    what = "A quotation mark has no partner" if count == 1 else f"{count} quotation marks have no partner"
    return Issue(kind="marks", message=f"{what} in this paragraph.", start=first.start, end=first.end)
