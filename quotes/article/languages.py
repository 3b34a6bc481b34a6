"""Which language a text is written in, as far as it takes to tell English from the rest."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from quotes.article.words import languages

LETTERS = 4_000
WORDS = 3_000
FEWEST_WORDS = 20
FEWEST_FOREIGN = 12  # words in a paragraph
FEWEST_LETTERS = 12
LONGEST = 100_000
LATIN_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def language(text: str) -> str:
    """The ISO 639-1 code of the text's language; "und" where nothing speaks for any.

    By the script of most of its letters, then by the share of function words. Fewer than 20 words in Latin script
    are too few to tell: they get the benefit of the doubt, "en".
    """
    text = unicodedata.normalize("NFC", text[:LONGEST])
    return _by_script(text) or _by_words(text)


def foreign_language(text: str) -> str | None:
    """The language of a paragraph that is surely not English; None where it is, or may be.

    Half its letters are of another script, or another language's function words are frequent and English ones are not.
    """
    text = unicodedata.normalize("NFC", text[:LONGEST])
    if sum(letter.isalpha() for letter in text) >= FEWEST_LETTERS and (code := _by_script(text)):
        return code
    words = _words(text)
    if len(words) < FEWEST_FOREIGN or _is_list(words):
        return None
    shares = _shares(words)
    english = shares.pop("en")
    best = max(shares, key=lambda code: shares[code])
    if shares[best] >= 0.2 and shares[best] > 2 * english:
        return best
    return "und" if len(words) >= 2 * FEWEST_WORDS and english < 0.02 else None


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
    words = _words(text)
    if len(words) < FEWEST_WORDS:
        return "en"
    shares = _shares(words)
    english = shares.pop("en")
    best = max(shares, key=lambda code: shares[code])
    if shares[best] > english and shares[best] > 0.1:
        return best
    return "en" if english > 0.06 else "und"


def _words(text: str) -> list[str]:
    return [match[0] for match, _ in zip(LATIN_WORD.finditer(text), range(WORDS), strict=False)]


def _is_list(words: list[str]) -> bool:
    """Whether most words are capitalised, as in a list of names, which has no language."""
    return 2 * sum(word[0].isupper() for word in words) > len(words)


def _shares(words: list[str]) -> dict[str, float]:
    """Language -> the share of its function words."""
    counts = Counter(word.lower() for word in words)
    known = languages().function_words
    return {code: sum(counts[word] for word in each) / len(words) for code, each in known.items()}
