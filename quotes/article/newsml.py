"""NewsML-G2 and NITF -> articles."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from quotes.article.content import Content
from quotes.article.pages import plain_text
from quotes.article.xmltree import parse, root_name
from quotes.errors import InputError

HINT = "Give a NewsML-G2 newsItem with text in its contentSet."
ROOTS = frozenset(("newsItem", "newsMessage", "packageItem", "nitf"))


def is_newsml(text: str) -> bool:
    return root_name(text) in ROOTS


def items(text: str, name: str) -> list[str]:
    """The news items of a message as documents of their own; of anything else, the whole."""
    root = parse(text, name, HINT)
    found = list(root.iter("newsItem")) if root.tag != "newsItem" else [root]
    return [tostring(item, encoding="unicode") for item in found] if len(found) > 1 else [text]


def read(text: str, name: str) -> Content:
    """The article of a news item. Raises InputError where there is none, or several."""
    root = parse(text, name, HINT)
    found = [root] if root.tag in ("newsItem", "nitf") else list(root.iter("newsItem"))
    if len(found) > 1:
        raise InputError(f"{name} holds {len(found)} news items.", "Use `quotes report` or `quotes corpus run` on it.")
    item = found[0] if found else root
    body = next((text for text in _bodies(item) if text.strip()), None)
    if body is None:
        raise InputError(f"{name} holds no text of an article.", HINT)
    return Content(
        text=body,
        title=_text(item, "contentMeta/headline", ".//headline", ".//hedline/hl1"),
        publisher=_text(
            item, "itemMeta/provider/name", ".//infoSource/name", "contentMeta/creditline", "rightsInfo//name"
        ),
        byline=_text(item, "contentMeta/by", "contentMeta/creator/name", ".//byline/person", ".//byline"),
        published=_text(item, "itemMeta/firstCreated", "itemMeta/versionCreated", "contentMeta/contentCreated")
        or _date(item),
        url=_link(item),
    )


def _bodies(item: Element) -> Iterator[str]:
    """The texts of an item, richest first: inline markup, then inline data."""
    for inline in [item] if item.tag == "nitf" else item.iter("inlineXML"):
        content = next((each for tag in ("body.content", "body") for each in inline.iter(tag)), inline)
        dateline = next((_words(each) for each in inline.iter("dateline")), "")
        text = plain_text(tostring(content, encoding="unicode"))
        yield f"{dateline} – {text}" if dateline and dateline not in text else text
    for inline in item.iter("inlineData"):
        data = inline.text or ""
        yield plain_text(data) if "html" in (inline.get("contenttype") or "") or "</p>" in data else data.strip()


def _text(item: Element, *paths: str) -> str | None:
    return next((words for path in paths for each in item.findall(path) if (words := _words(each))), None)


def _words(element: Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _date(item: Element) -> str | None:
    stated = next(iter(item.iter("date.issue")), None)
    norm = (stated.get("norm") or "") if stated is not None else ""
    return f"{norm[:4]}-{norm[4:6]}-{norm[6:8]}" if norm[:8].isdigit() else norm or None


def _link(item: Element) -> str | None:
    return next((each.get("href") for each in item.iter("link") if "html" in (each.get("contenttype") or "")), None)
