"""Which language a text is written in, as far as it takes to tell English from the rest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from quotes.article.words import languages

LETTERS = 4_000
WORDS = 3_000
FEWEST_WORDS = 20
LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def language(text: str) -> str:
    """The ISO 639-1 code of the text's language; "und" where nothing speaks for any.

    By the script of most of its letters, then by the share of function words. Fewer than 20 words in Latin script
    are too few to tell: they get the benefit of the doubt, "en".
    """
    return _by_script(text) or _by_words(text)


def _by_script(text: str) -> str | None:
    scripts = languages().scripts
    letters = [letter for letter in text[: 4 * LETTERS] if letter.isalpha()][:LETTERS]
    found = Counter(scripts[name] for letter in letters if (name := _script(letter)) in scripts)
    if not found or sum(found.values()) * 2 < len(letters):
        return None
    # Japanese news is written with more Chinese characters than kana.
    return "ja" if found["ja"] * 10 > len(letters) else found.most_common(1)[0][0]


def _script(letter: str) -> str:
    return "LATIN" if letter.isascii() else unicodedata.name(letter, "").split(" ", 1)[0].split("-", 1)[0]


def _by_words(text: str) -> str:
    words = [match[0].lower() for match, _ in zip(LATIN_WORD.finditer(text), range(WORDS), strict=False)]
    if len(words) < FEWEST_WORDS:
        return "en"
    counts = Counter(words)
    shares = {
        code: sum(counts[word] for word in known) / len(words) for code, known in languages().function_words.items()
    }
    english = shares.pop("en")
    best = max(shares, key=lambda code: shares[code])
    if shares[best] > english and shares[best] > 0.1:
        return best
    return "en" if english > 0.06 else "und"
