"""JSON -> an article: ninjs 1 to 3, or an object whose fields are named as people name them, or as the caller says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from quotes.article.content import Content
from quotes.article.markup import tokens
from quotes.article.pages import plain_text
from quotes.errors import InputError

HINT = 'Give one object with "text" or "body_text", such as {"text": "…", "title": "…", "publisher": "…"}.'
# Field -> the keys that may hold it, best first; keys are compared in lower case, without "_" and "-".
FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("bodytext", "text", "body", "articlebody", "content", "maintext", "bodymain", "story", "contenttext"),
    "title": ("headline", "title", "headlinemain", "headlines"),
    "publisher": ("publisher", "provider", "infosources", "sitename", "outlet", "source", "copyrightholder"),
    "byline": ("byline", "by", "author", "authors"),
    "published": (
        *("datepublished", "publishedat", "published", "versioncreated", "firstcreated", "contentcreated"),
        *("date", "pubdate", "publicationdate"),
    ),
    "url": ("url", "link", "canonicalurl", "uri"),
}
RICH = ("bodyhtml", "bodyxhtml", "bodyrichtext", "html", "contenthtml", "bodies")
MAIN_ROLES = ("main", "publisher", "originator")
DEEPEST = 4


def read(text: str, name: str, fields: Mapping[str, str] | None = None) -> Content:
    """The article that an object holds. fields: which keys hold what, "a.b" for b inside a. Raises InputError."""
    item = parse(text, name)
    body = body_of(item, fields)
    if body is None:
        missing = f" in {fields['text']!r}" if fields and "text" in fields else ""
        raise InputError(f"{name} holds no text of an article{missing}.", HINT)
    facts = facts_of(item, fields)
    return Content(
        text=plain_text(body) if _is_markup(body) else body,
        title=facts.get("title"),
        publisher=facts.get("publisher"),
        byline=facts.get("byline"),
        published=facts.get("published"),
        url=facts.get("url"),
    )


def body_of(item: Mapping[str, Any], fields: Mapping[str, str] | None = None) -> str | None:
    """The text that an object holds, plain or as markup; None where it is empty."""
    given = _at(item, fields["text"]) if fields and "text" in fields else None
    rich = next((markup for key in RICH if (markup := _markup(_find(item, key)))), None)
    body = given or _best(_first(item, FIELDS["text"]), rich)
    return body if body and body.strip() else None


def facts_of(item: Mapping[str, Any], fields: Mapping[str, str] | None = None) -> dict[str, str]:
    """What an object says of its title, publisher, byline, publication and address."""
    given = {field: _at(item, path) for field, path in (fields or {}).items()}
    found = {field: given.get(field) or _first(item, keys) for field, keys in FIELDS.items() if field != "text"}
    return {field: value for field, value in found.items() if value}


def columns(names: Iterable[str], fields: Mapping[str, str] | None = None) -> list[str]:
    """Those columns of a table that an article is read from; none where none of them may hold its text."""
    given = {key for path in (fields or {}).values() for key in (path, path.partition(".")[0])}
    wanted = {key for keys in FIELDS.values() for key in keys} | set(RICH)
    found = [name for name in names if name in given or _plain(name) in wanted]
    text = (fields or {}).get("text")
    holds = {text, text.partition(".")[0]} if text else {n for n in found if _plain(n) in (*FIELDS["text"], *RICH)}
    return found if holds.intersection(found) else []


def parse(text: str, name: str) -> dict[str, Any]:
    try:
        item = json.loads(text)
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be an article.", HINT) from error
    except ValueError as error:
        raise InputError(f"{name} is not valid JSON: {error}.", HINT) from error
    if not isinstance(item, dict):
        raise InputError(f"{name} holds no JSON object but a {type(item).__name__}.", HINT)
    return item


def is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _best(plain: str | None, rich: str | None) -> str | None:
    """The plain text, unless only the rich one has paragraphs."""
    return plain if plain and ("\n" in plain.strip() or not rich) else rich or plain


def _first(item: Mapping[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((text for key in keys if (text := _string(_find(item, key)))), None)


def _find(item: Mapping[str, Any], key: str) -> Any:
    return next((value for name, value in item.items() if _plain(name) == key), None)


def _plain(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _string(value: Any, depth: int = 0) -> str | None:
    """A text, an object's name or value, or the best or all of a list of them."""
    if isinstance(value, dict) and depth < DEEPEST:
        value = value.get("name") or value.get("value") or value.get("text")
        return _string(value, depth + 1)
    if isinstance(value, list) and depth < DEEPEST:
        return _of_list(value, depth)
    return value if isinstance(value, str) and value.strip() else None


def _of_list(values: list[Any], depth: int) -> str | None:
    """Of things with roles the main one; of others all, by their names."""
    roles = [each for each in values if isinstance(each, dict) and "role" in each]
    for role in MAIN_ROLES:
        found = next((each for each in roles if each["role"] == role), None)
        if found is not None:
            return _string(found, depth + 1)
    texts = (text for each in (roles[:1] or values[:20]) if (text := _string(each, depth + 1)))
    return ", ".join(texts) or None


def _markup(value: Any) -> str | None:
    """The richest of ninjs' bodies, or a text that is one."""
    if isinstance(value, list):
        return next(_bodies(value), None)
    return value if isinstance(value, str) and value.strip() else None


def _bodies(values: list[Any]) -> Iterator[str]:
    bodies = [each for each in values if isinstance(each, dict) and isinstance(each.get("value"), str)]
    yield from (each["value"] for each in bodies if "html" in _kind(each))
    yield from (each["value"] for each in bodies if each.get("role") in ("main", "text"))
    yield from (each["value"] for each in bodies)


def _kind(body: Mapping[str, Any]) -> str:
    return next((str(value) for key, value in body.items() if key.lower() == "contenttype"), "")


def _is_markup(text: str) -> bool:
    """Whether a text holds tags that break lines; one that merely holds "<" does not."""
    return "</" in text and any(getattr(token, "name", "") in ("p", "div", "br", "section") for token in tokens(text))


def _at(item: Any, path: str) -> str | None:
    """What stands at "a.b" in nested objects; a key that holds the dot itself wins."""
    if not isinstance(item, dict):
        return None
    if path in item:
        return _string(item[path])
    key, _, rest = path.partition(".")
    return _at(item.get(key), rest) if rest else None
