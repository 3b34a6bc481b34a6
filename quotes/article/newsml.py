"""NewsML-G2 and NITF -> articles. XML is read without entities of its own, other files, or a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

from quotes.article.content import Content
from quotes.article.pages import plain_text
from quotes.errors import InputError

HINT = "Give a NewsML-G2 newsItem with text in its contentSet."
ROOT = re.compile(
    r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.{0,500}?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?:[\w.-]+:)?(\w+)", re.DOTALL
)
ROOTS = frozenset(("newsItem", "newsMessage", "packageItem", "nitf"))
DEEPEST = 200


def is_newsml(text: str) -> bool:
    found = ROOT.match(text[:20_000])
    return found is not None and found[1] in ROOTS


def items(text: str, name: str) -> list[str]:
    """The news items of a message as documents of their own; of anything else, the whole."""
    root = _parse(text, name)
    found = list(root.iter("newsItem")) if root.tag != "newsItem" else [root]
    return [tostring(item, encoding="unicode") for item in found] if len(found) > 1 else [text]


def read(text: str, name: str) -> Content:
    """The article of a news item. Raises InputError where there is none, or several."""
    root = _parse(text, name)
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


def _parse(text: str, name: str) -> Element:
    """The tree of an XML text, names without namespaces. Raises InputError where it is none, or defines entities."""
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise InputError(f"{name} is nested too deeply to be a news item.", HINT)
        builder.start(tag.rpartition("}")[2], {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition("}")[2])

    def entity(*_: object) -> int:
        raise InputError(f"{name} defines entities of its own, which is not read.", "Save it without a DOCTYPE.")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = parser.ExternalEntityRefHandler = entity
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        raise InputError(f"{name} is not valid XML: {error}.", HINT) from error
    return builder.close()
