"""What a passage is: speech, or a title, a nickname, a term, or a word held at arm's length. In doubt it is speech."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import attrs

from quotes.lexicon import Lexicon
from quotes.records import Use

# Characters on either side that are read, and the longest passage that may be something other than speech.
BESIDE = 100
LONGEST = 80

WORD = re.compile(r"[^\W_]+(?:[’'.&-][^\W_]+)*")
# A full stop after "Mr", "Sen" or an initial ends no sentence.
SENTENCE_BREAK = re.compile(
    r"[.!?…](?<!\b[A-Z]\.)(?<!\b[A-Z][a-z]\.)(?<!\b[A-Z][a-z]{2}\.)(?<!\b[A-Z][a-z]{3}\.)"
    r"[\"”’')\]]*\s+(?=[\W_]*[A-Z])"
)
NAME_BEFORE = re.compile(r"(?:^|\s)([A-Z][\w.-]*)\s$")
NAME_AFTER = re.compile(r"\s([A-Z][a-z][\w’'-]*)")
# fmt: off
DETERMINERS = frozenset((
    "the", "a", "an", "this", "that", "these", "those", "his", "her", "its", "their", "our", "my", "your", "some",
    "any", "no", "such", "each", "every", "another",
))
PREPOSITIONS = frozenset(("on", "of", "in", "for", "with", "at", "by", "to", "from", "about", "into", "like"))
SMALL_IN_TITLES = PREPOSITIONS | frozenset((
    "a", "an", "the", "and", "or", "but", "nor", "as", "vs", "v", "de", "la", "le", "du", "der", "von",
))
IRREGULAR: Mapping[str, tuple[str, ...]] = {
    "say": ("said",), "tell": ("told",), "write": ("wrote", "written"), "think": ("thought",), "speak": ("spoke",),
    "hold": ("held",), "find": ("found",), "know": ("knew", "known"), "see": ("saw", "seen"), "hear": ("heard",),
    "feel": ("felt",), "mean": ("meant",), "swear": ("swore",), "sing": ("sang",), "forbid": ("forbade",),
    "begin": ("began",), "break": ("broke",), "foresee": ("foresaw",), "seek": ("sought",), "ring": ("rang",),
    "understand": ("understood",), "bid": ("bade",), "weep": ("wept",), "forget": ("forgot",),
}
# fmt: on
NOUN_AFTER = re.compile(r"\s[a-z]")
PARTICIPLE = re.compile(r"[a-z]+ed$")


@attrs.frozen(kw_only=True)
class Setting:
    """A passage's words as written, and those beside it in its sentence, in lower case.

    ended: punctuation stands inside the closing mark.
    """

    words: tuple[str, ...]
    before: str
    after: str
    words_before: tuple[str, ...]
    words_after: tuple[str, ...]
    at_start: bool
    headline: bool
    ended: bool

    @property
    def last_word(self) -> str:
        return self.words_before[-1] if self.words_before else ""

    @property
    def capitals_beside(self) -> bool:
        """Whether the Words Beside It Are Written Like a Headline."""
        heavy = [word for word in WORD.findall(f"{self.before} {self.after}") if len(word) > 3]
        return len(heavy) > 2 and not any(word[0].islower() for word in heavy)

    @property
    def capitalised(self) -> bool:
        return bool(self.words) and not self.words[0][0].islower()


class Judge:
    """Tells what passages are, by one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.hints = lexicon.scare_hints | lexicon.nickname_hints
        self.hint_ends = frozenset(hint.split()[-1] for hint in self.hints)
        self.reporting = _forms(frozenset(lexicon.verbs))
        self.speaking = _forms(frozenset(verb for verb, entry in lexicon.verbs.items() if entry.act == "speech"))

    def use(
        self, text: str, inner: tuple[int, int], outer: tuple[int, int], bounds: tuple[int, int], *, headline: bool
    ) -> Use:
        """What text[inner] is, whose marks stand at the edges of outer.

        bounds: the paragraph's, or those of the passage around this one.
        """
        if inner[1] - inner[0] > LONGEST:
            return "speech"
        words = tuple(WORD.findall(text, *inner))
        if not words or (len(words) > 5 and not _is_title_cased(words)):
            return "speech"
        if words[0][0].islower() and not self._may_be_other(text[max(bounds[0], outer[0] - 24) : outer[0]]):
            return "speech"
        setting = _setting(text, words, inner, outer, bounds, headline=headline)
        if self._is_nickname(setting):
            return "nickname"
        if self._is_announced_title(setting):
            return "title"
        if self._is_term(setting):
            return "nickname" if setting.capitalised and self._names_somebody(setting) else "term"
        if self._is_title(setting):
            return "title"
        return "scare" if self._is_scare(setting) else "speech"

    def _may_be_other(self, before: str) -> bool:
        """Whether words without a capital may be more than speech, by the last word before them: a quick first look."""
        last = before.rstrip(" ,").rpartition(" ")[2]
        if not last or last[0].isupper() or last[-2:] in ("'s", "’s", "s'", "s’"):
            return True
        return last.lower() in DETERMINERS or last.lower().strip("(—–") in self.hint_ends

    def _hint(self, setting: Setting, hints: frozenset[str]) -> str | None:
        """The longest hint that stands right before the passage, a comma between them at most."""
        if setting.before.rstrip()[-1:] not in ",)" and not setting.before.rstrip()[-1:].isalnum():
            return None
        last = setting.words_before[-5:]
        tails = (" ".join(last[at:]) for at in range(len(last)))
        return next((tail for tail in tails if tail in hints), None)

    def _is_nickname(self, setting: Setting) -> bool:
        """It stands inside a name: James “Rusty” Fenner."""
        first, last = NAME_BEFORE.search(setting.before), NAME_AFTER.match(setting.after)
        if not first or not last or len(setting.words) > 3 or setting.ended:
            return False
        name = first.group(1)
        given = name.lower() in self.lexicon.given_names
        if given or (len(name) == 2 and name[1] == "."):
            return True
        shouted = len(name) > 1 and name.isupper()
        return not (setting.headline or shouted or len(setting.words_before) < 2) and not self._is_small(name)

    def _is_small(self, word: str) -> bool:
        return word.lower() in DETERMINERS | PREPOSITIONS or word.lower() in self.reporting

    def _is_announced_title(self, setting: Setting) -> bool:
        """It is written like a title, after the noun that says what work it is: the film “Iron Birds”."""
        if not _is_title_cased(setting.words) or self._is_framed(setting):
            return False
        hint = self._hint(setting, self.lexicon.title_hints)
        if hint is None and setting.last_word in ("called", "named", "dubbed"):
            return not self.lexicon.title_hints.isdisjoint(setting.words_before[-4:-1])
        return hint is not None

    def _is_term(self, setting: Setting) -> bool:
        """It stands after the words that make it a name or a term: the so-called “miracle engine”."""
        if len(setting.words) > 5:
            return False
        hint = self._hint(setting, self.hints)
        if hint is None:
            return PARTICIPLE.match(setting.last_word) is not None and self._is_label(setting)
        if self._is_framed(setting) or setting.capitals_beside:
            return False
        if hint.startswith(("the ", "so")) or self.speaking.isdisjoint(hint.split()):
            return True
        return _is_title_cased(setting.words) and hint in self.lexicon.nickname_hints

    def _names_somebody(self, setting: Setting) -> bool:
        hints = self.lexicon.nickname_hints
        return setting.last_word != "called" and self._hint(setting, self.hints) in hints

    def _is_label(self, setting: Setting) -> bool:
        """The button marked “Deck”."""
        no_verb = setting.last_word not in self.reporting and setting.before[-1:] == " "
        return no_verb and _is_title_cased(setting.words) and len(setting.words_before) > 2 and not setting.ended

    def _is_title(self, setting: Setting) -> bool:
        """It is written like a title and nobody says it: director of “Nine Winters”."""
        capitals = sum(word[0].isupper() for word in setting.words)
        if capitals < 2 or not _is_title_cased(setting.words) or all(word.isupper() for word in setting.words):
            return False
        if setting.headline or setting.capitals_beside or (setting.at_start and setting.ended):
            return False
        if setting.last_word in PREPOSITIONS and len(setting.words_before) > 1:
            chanted = setting.last_word == "of" and setting.words_before[-2] in self.speaking
            return not chanted and setting.before[-1:].isspace()
        if setting.before.rstrip().endswith(("'s", "’s")):
            return True
        return not self._is_framed(setting) and not self._is_reported(setting)

    def _is_scare(self, setting: Setting) -> bool:
        """One or two words in the place of an adjective or a noun, in a sentence that reports nothing."""
        if len(setting.words) > 2 or setting.ended or self._is_reported(setting):
            return False
        if setting.headline and setting.at_start:
            return len(setting.words) == 1 and NOUN_AFTER.match(setting.after) is not None
        determined = setting.last_word in DETERMINERS or setting.before.endswith(("'s ", "’s ", "s' ", "s’ "))
        return determined and setting.before[-1:] == " " and not setting.capitalised

    def _is_framed(self, setting: Setting) -> bool:
        """Somebody says it: after a colon, or with its own comma before a verb of reporting."""
        if setting.before.rstrip().endswith(":"):
            return True
        if setting.before.rstrip().endswith(",") and not self.speaking.isdisjoint(setting.words_before[-2:]):
            return True
        return setting.ended and not self.speaking.isdisjoint(setting.words_after[:4])

    def _is_reported(self, setting: Setting) -> bool:
        """Whether a verb of reporting stands in the sentence and is not denied."""
        return self._has_verb(setting.words_before) or self._has_verb(setting.words_after)

    def _has_verb(self, words: tuple[str, ...]) -> bool:
        if self.reporting.isdisjoint(words):
            return False
        return any(
            word in self.reporting and self.lexicon.negators.isdisjoint(words[max(0, at - 2) : at + 2])
            for at, word in enumerate(words)
        )


def _setting(
    text: str,
    words: tuple[str, ...],
    inner: tuple[int, int],
    outer: tuple[int, int],
    bounds: tuple[int, int],
    *,
    headline: bool,
) -> Setting:
    before = text[max(bounds[0], outer[0] - BESIDE) : outer[0]]
    breaks = [found.end() for found in SENTENCE_BREAK.finditer(before + "A")]
    before = before[breaks[-1] :] if breaks else before
    after = text[outer[1] : min(bounds[1], outer[1] + BESIDE)]
    stop = SENTENCE_BREAK.search(after)
    after = after[: stop.start()] if stop else after
    return Setting(
        words=words,
        before=before,
        after=after,
        words_before=tuple(WORD.findall(before.lower())),
        words_after=tuple(WORD.findall(after.lower())),
        at_start=not before.strip(),
        headline=headline,
        ended=text[inner[1] - 1] in ".,;:!?…—–-" or after[:1] in ("?", "!"),
    )


def _is_title_cased(words: tuple[str, ...]) -> bool:
    """Iron Birds; A Swamp with Shelves: all words but the small ones begin with a capital or a digit."""
    if words[0][0].islower() or words[-1][0].islower():
        return False
    return all(not word[0].islower() or word in SMALL_IN_TITLES for word in words)


@lru_cache(maxsize=8)
def _forms(verbs: frozenset[str]) -> frozenset[str]:
    """Every form of the verbs that are one word; a few of them no verb has."""
    found: set[str] = set()
    for verb in verbs:
        if " " in verb:
            continue
        stem = verb.removesuffix("e")
        found |= {
            verb,
            f"{verb}s",
            f"{verb}es",
            f"{stem}ed",
            f"{stem}ing",
            f"{verb}{verb[-1]}ed",
            f"{verb}{verb[-1]}ing",
        }
        if verb.endswith("y"):
            found |= {f"{verb[:-1]}ies", f"{verb[:-1]}ied"}
        found.update(IRREGULAR.get(verb, ()))
    return frozenset(found)
