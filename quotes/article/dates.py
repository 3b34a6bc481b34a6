"""Dates as pages and datelines write them."""

from __future__ import annotations

import datetime
import re
from functools import cache

from quotes.article.words import layout

ISO = re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)")
SLASHES = re.compile(r"\b(?P<d>\d{1,2})[/.](?P<m>\d{1,2})[/.](?P<y>(?:19|20)\d\d)\b")
TIME = re.compile(
    r"\b\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s*[ap]\.?m\b\.?)?|\b\d{1,2}\s*[ap]\.?m\b\.?", re.IGNORECASE
)
ZONE = re.compile(r"[+-]\d{2}:?\d{2}\b|\((?:[A-Z]{2,5})\)")
LONGEST_LINE = 90


@cache
def dateline_date() -> re.Pattern[str]:
    """A day and a month, or a month and a year, the year in group "y" where there is one."""
    month = "|".join(sorted(layout().months, key=len, reverse=True))
    month, day = rf"(?P<mon>{month})\b\.?", r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
    year = r"(?P<y>(?:19|20)\d\d)"
    again = {"mon": "mon2", "d": "d2", "y": "y2"}
    first = rf"{month}\s*{day}(?!\d)(?:\s*,?\s*{year})?"
    second = rf"{day}\s+{month}(?:\s*,?\s*{year})?"
    third = rf"{month}\s+{year}"
    for old, new in again.items():
        second = second.replace(f"?P<{old}>", f"?P<{new}>")
        third = third.replace(f"?P<{old}>", f"?P<{old}3>")
    return re.compile(rf"\b(?:{first}|{second}|{third})", re.IGNORECASE)


@cache
def full_date() -> re.Pattern[str]:
    """A day, a month and a year, in either order of the first two."""
    month = "|".join(sorted(layout().months, key=len, reverse=True))
    month, day, year = rf"(?:{month})\b\.?", r"\d{1,2}(?:st|nd|rd|th)?", r"(?:19|20)\d\d\b"
    return re.compile(rf"\b(?:{day}\s+{month}|{month}\s*{day}(?!\d))\s*,?\s*{year}", re.IGNORECASE)


def iso(text: str) -> str | None:
    """The first date with day, month and year in a text, as YYYY-MM-DD; None where there is none."""
    numbers = ISO.search(text) or SLASHES.search(text)
    if numbers:
        day, month = int(numbers["d"]), int(numbers["m"])
        # 25/09/2023 tells its order, 05/09/2023 does not.
        if numbers.re is SLASHES and day <= 12 and month != day:
            return _valid(int(numbers["y"]), day, month) if month > 12 else None
        return _valid(int(numbers["y"]), month, day)
    for found in dateline_date().finditer(text):
        groups = found.groupdict()
        day_text, name, year = (groups[key] or groups[f"{key}2"] for key in ("d", "mon", "y"))
        if day_text and name and year:
            return _valid(int(year), layout().months[name.lower()], int(day_text))
    return None


def is_date_line(text: str) -> bool:
    """Whether a line holds a date and nothing else but a time, a weekday and words such as "Published"."""
    if len(text) > LONGEST_LINE:
        return False
    rest = text
    for pattern in (ISO, SLASHES, dateline_date()):
        rest = pattern.sub(" ", rest)
    if rest == text:
        return False
    rest = ZONE.sub(" ", TIME.sub(" ", rest))
    words = layout()
    return all(word.lower() in words.date_labels | words.weekdays for word in re.findall(r"\w+", rest))


def _valid(year: int, month: int, day: int) -> str | None:
    try:
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        return None
