"""Passages of an English article that are in another language: told apart, said, and not analysed."""

from __future__ import annotations

from collections import Counter

import attrs

from quotes.article.languages import foreign_language
from quotes.records import Block, Issue

READ = ("headline", "paragraph")


def tell_apart(text: str, blocks: tuple[Block, ...]) -> tuple[tuple[Block, ...], tuple[Issue, ...], str]:
    """The blocks with those in another language marked, an issue for each run of them, and the article's language.

    That is "en" while anything is left to analyse; otherwise the language of most of it.
    """
    codes = [foreign_language(text[block.start : block.end]) if block.kind in READ else None for block in blocks]
    if not any(codes):
        return blocks, (), "en"
    marked = tuple(
        attrs.evolve(block, kind="foreign") if code else block for block, code in zip(blocks, codes, strict=True)
    )
    issues: list[Issue] = []
    before: str | None = None
    for block, code in zip(blocks, codes, strict=True):
        if code and code == before:
            issues[-1] = attrs.evolve(issues[-1], end=block.end)
        elif code:
            named = "an unknown language" if code == "und" else f"another language ({code})"
            message = f"A passage in {named}: it is not analysed."
            issues.append(Issue(kind="language", message=message, start=block.start, end=block.end))
        before = code
    if any(block.kind == "paragraph" for block in marked) or not any(block.kind == "paragraph" for block in blocks):
        return marked, tuple(issues), "en"
    return marked, tuple(issues), Counter(code for code in codes if code).most_common(1)[0][0]
