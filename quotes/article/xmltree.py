"""XML -> a tree, without entities of its own, other files, or a network. Names are without their namespaces."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from quotes.errors import InputError

# Atomic and possessive, so that what is no XML is given up at once.
PROLOG = r"\s*+(?>(?:<\?[^>]*\?>|<!--.{0,500}?-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\]\s*)?>)\s*)*+"
ROOT = re.compile(rf"(?P<prolog>{PROLOG})<(?:[\w.-]+:)?(?P<name>\w+)", re.DOTALL)
HEAD = 20_000  # characters
DEEPEST = 200
ENTITIES_HINT = "Save it without a DOCTYPE."


def root_name(text: str) -> str | None:
    """The name of the element that a document consists of; None for what is no XML."""
    found = ROOT.match(text[:HEAD])
    return found["name"] if found else None


def without_prolog(text: str, name: str) -> str:
    """A document from its root element on: no entity is defined there. Raises InputError where one was before it."""
    found = ROOT.match(text[:HEAD])
    if found and "<!ENTITY" in found["prolog"]:
        raise _entities(name)
    return text[found.end("prolog") :] if found else text


def parse(text: str, name: str, hint: str) -> Element:
    """The tree of an XML text. Raises InputError where it is none, is nested too deeply, or defines entities.

    hint: what to give instead.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate("utf-8", namespace_separator="}")
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise InputError(f"{name} is nested too deeply.", hint)
        builder.start(tag.rpartition("}")[2], {key.rpartition("}")[2]: value for key, value in attributes.items()})

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition("}")[2])

    def entity(*_: object) -> int:
        raise _entities(name)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = parser.ExternalEntityRefHandler = entity
    try:
        parser.Parse(text.encode("utf-8", "surrogatepass"), True)
    except expat.ExpatError as error:
        raise InputError(f"{name} is not valid XML: {error}.", hint) from error
    return builder.close()


def _entities(name: str) -> InputError:
    return InputError(f"{name} defines entities of its own, which is not read.", ENTITIES_HINT)
