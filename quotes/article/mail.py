"""E-mail -> its text: the plain part of a message, or else what its HTML part shows."""

from __future__ import annotations

import email
import email.policy
import email.utils
from email.message import EmailMessage

from quotes.article import dates
from quotes.article.content import Content
from quotes.article.decode import decode
from quotes.article.pages import plain_text
from quotes.errors import InputError

HINT = "Copy the text of the message to a file."
MOST_PARTS = 1_000


def read(data: bytes, name: str) -> Content:
    """The text of a message, its subject as title and its sender as byline. Raises InputError where it has none."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        parts = [part for part, _ in zip(message.walk(), range(MOST_PARTS), strict=False)]
        found = _text_of(parts, "text/plain", name) or _text_of(parts, "text/html", name)
        subject, sender, sent = (_header(message, each) for each in ("subject", "from", "date"))
    except InputError:
        raise
    except Exception as error:  # the parser fails in many ways on what is no message
        raise InputError(f"{name} is no e-mail that can be read ({type(error).__name__}).", HINT) from error
    if found is None or not found.text.strip():
        raise InputError(f"{name} is an e-mail without a text part.", HINT)
    author = email.utils.parseaddr(sender)[0] if sender else ""
    return Content(text=found.text, title=subject, byline=author or None, published=_date(sent), issues=found.issues)


def _text_of(parts: list[EmailMessage], media_type: str, name: str) -> Content | None:
    for part in parts:
        if part.get_content_type() != media_type or part.get_content_disposition() == "attachment":
            continue
        payload = part.get_payload(decode=True)
        if isinstance(payload, bytes) and payload.strip():
            text, issues = decode(payload, name, declared=part.get_content_charset())
            return Content(text=plain_text(text) if media_type == "text/html" else text, issues=issues)
    return None


def _header(message: EmailMessage, name: str) -> str | None:
    value = message.get(name)
    return " ".join(str(value).split()) or None if value is not None else None


def _date(sent: str | None) -> str | None:
    if not sent:
        return None
    try:
        return email.utils.parsedate_to_datetime(sent).date().isoformat()
    except (ValueError, TypeError, OverflowError):
        return dates.iso(sent)
