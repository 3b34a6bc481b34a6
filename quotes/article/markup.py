"""HTML -> its text in blocks, every character with its place in the source. Linear in the source, whatever it holds.

Tags are read as browsers read them, as far as it takes to tell text from markup; nothing is run, fetched or looked up.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cached_property

import attrs

from quotes.records import Place

# fmt: off
BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dialog", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header",
    "hgroup", "hr", "html", "li", "main", "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td",
    "tfoot", "th", "thead", "tr", "ul",
    "hl1", "hl2", "byline", "abstract", "block", "body.content", "body.head", "nitf", "inlinexml", "dateline",
))
HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"))
# What stands between these tags is no markup; of the text of UNSEEN nothing is shown.
RAW = frozenset(("script", "style", "textarea", "title", "iframe", "noembed", "noframes", "xmp"))
UNSEEN = RAW | {"noscript", "template", "select", "button", "svg", "math", "object"}
# fmt: on
DEEPEST = 256  # elements in one another; those deeper count as beside
NAME = re.compile(r"/?([A-Za-z][^\s/>]*)")
# A quotation mark means something behind an equals sign only.
REST = re.compile(r"""(?:[^>"'=]++|=\s*+(?:"[^"]*"|'[^']*')|[="'])*+>""")
ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'<>=`]+))?""")
PIECE = re.compile(
    r"[^& \t\n\r\f]++(?: [^& \t\n\r\f]++)*+"
    r"|[ \t\n\r\f]++|&(?:#[xX]?[0-9A-Fa-f]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});?|&"
)
CITES = frozenset(("cite", "footer"))
BLANKS = " \t\n\r\f"
PAIRS = (("“", "”"), ("‘", "’"))
OPENING = frozenset("“\"‘'«„‹")


@attrs.frozen
class Tag:
    """A tag with its place; closing: whether it ends an element."""

    name: str
    start: int
    end: int
    closing: bool
    source: str = attrs.field(repr=False)

    @cached_property
    def attributes(self) -> Mapping[str, str]:
        """Names in lower case -> values, entities resolved; of two with one name the first."""
        inside = self.source[self.start + 1 + len(self.name) : self.end - 1]
        found = [(match[1].lower(), match[2] or "") for match in ATTRIBUTE.finditer(inside)]
        return {name: html.unescape(_unquoted(value)) for name, value in reversed(found)}


@attrs.frozen
class Run:
    """Text between tags. raw: the element whose text is no markup ("script"), if it is one's."""

    start: int
    end: int
    raw: str | None = None


@attrs.frozen
class Piece:
    """Text as it is shown, and the run of the source that it stands for."""

    text: str
    start: int
    end: int


@attrs.frozen
class Markup:
    """A block of a page: the text between two tags that break lines.

    heading: whether it is one; quote: which block quotation it stands in, by where that begins; cite: whether it says
    whom a block quotation is from.
    """

    pieces: tuple[Piece, ...]
    heading: bool = False
    quote: Tag | None = None
    cite: bool = False

    @cached_property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def key(self) -> str:
        """The letters and digits of the text, to compare with what another reader made of it."""
        return key_of(self.text)


def key_of(text: str) -> str:
    return "".join(filter(str.isalnum, text)).casefold()


def tokens(source: str) -> Iterator[Tag | Run]:
    """The tags and texts of a page in order; comments, declarations and what nobody closed are passed over."""
    at, text_from, broken = 0, 0, False
    length = len(source)
    while (at := source.find("<", at)) >= 0:
        end = _skipped(source, at)
        tag = None
        if end is None and (name := NAME.match(source, at + 1)):
            rest = None if broken else REST.match(source, name.end())
            broken = broken or rest is None
            end = rest.end() if rest else source.find(">", name.end()) + 1 or length
            closing = source[at + 1] == "/"
            tag = Tag(name[1].lower(), at, end, closing, source)
        if end is None:
            at += 1
            continue
        if text_from < at:
            yield Run(text_from, at)
        at = text_from = end
        if tag is None:
            continue
        yield tag
        if tag.name in RAW and not tag.closing:
            close = _find_end(source, tag.name, end)
            yield Run(end, close, tag.name)
            at = text_from = close
    if text_from < length:
        yield Run(text_from, length)


def _skipped(source: str, at: int) -> int | None:
    """Where a comment or declaration that begins here ends; None where none begins."""
    if source.startswith("<!--", at):
        return source.find("-->", at + 4) + 3 if source.find("-->", at + 4) >= 0 else len(source)
    if source[at + 1 : at + 2] in ("!", "?"):
        return source.find(">", at) + 1 or len(source)
    return None


def _find_end(source: str, name: str, at: int) -> int:
    found = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(source, at)
    return found.start() if found else len(source)


def blocks(source: str) -> list[Markup]:
    """The blocks of a page that hold text, in order. `<q>` becomes quotation marks, `<br>` a line end."""
    builder = _Builder(source)
    for token in tokens(source):
        if isinstance(token, Tag):
            builder.tag(token)
        elif token.raw is None:
            builder.run(token)
    builder.flush()
    return builder.done


def place(pieces: list[Piece]) -> tuple[str, tuple[Place, ...]]:
    """The text that pieces make up, and where each run of it stands in the source; line ends of ours stand nowhere."""
    text: list[str] = []
    places: list[Place] = []
    at = 0
    for piece in pieces:
        text.append(piece.text)
        after = at + len(piece.text)
        if piece.start >= 0:
            places.append(Place(start=at, end=after, raw_start=piece.start, raw_end=piece.end))
        at = after
    return "".join(text), tuple(places)


class _Builder:
    """Gathers text until a tag breaks the line; knows which elements are open."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.done: list[Markup] = []
        self._pieces: list[Piece] = []
        self._open: list[Tag] = []
        self._names: Counter[str] = Counter()
        self._quotes: list[int] = []

    def run(self, run: Run) -> None:
        if any(self._names[name] for name in UNSEEN):
            return
        pre = bool(self._names["pre"])
        for match in PIECE.finditer(self.source, run.start, run.end):
            text = match[0]
            if text[0] in BLANKS:
                text = _line_ends(text) if pre else " "
                if not pre and (not self._pieces or self._pieces[-1].text.endswith((" ", "\n"))):
                    continue
            elif text[0] == "&":
                text = html.unescape(text)
            if text:
                self._pieces.append(Piece(text, match.start(), match.end()))

    def tag(self, tag: Tag) -> None:
        if tag.name == "br":
            self._break(tag)
            return
        if tag.name in BLOCKS:
            self.flush()
            if not tag.closing:
                self._close("p")
        elif tag.name in CITES and self._names["blockquote"]:
            self.flush()
        if tag.name == "q":
            (self._close_quote if tag.closing else self._open_quote)(tag)
        if tag.closing:
            self._close(tag.name)
        elif tag.name not in VOID and len(self._open) < DEEPEST and not self.source.startswith("/>", tag.end - 2):
            self._open.append(tag)
            self._names[tag.name] += 1

    def flush(self) -> None:
        pieces, self._pieces, self._quotes = _trimmed(self._pieces), [], []
        if not any(character.isalnum() for piece in pieces for character in piece.text):
            return
        quote, cite = self._quotation() if self._names["blockquote"] else (None, False)
        heading = any(self._names[name] for name in HEADINGS)
        self.done.append(Markup(tuple(pieces), heading=heading, quote=quote, cite=cite))

    def _quotation(self) -> tuple[Tag | None, bool]:
        """The innermost open block quotation, and whether what says whom it is from is open inside it."""
        cite = False
        for tag in reversed(self._open):
            if tag.name == "blockquote":
                return tag, cite
            cite = cite or tag.name in CITES
        return None, False

    def _break(self, tag: Tag) -> None:
        while self._pieces and self._pieces[-1].text == " ":
            self._pieces.pop()
        if self._pieces and self._pieces[-1].text == "\n":
            self.flush()
        elif self._pieces:
            self._pieces.append(Piece("\n", tag.start, tag.end))

    def _open_quote(self, tag: Tag) -> None:
        level = len(self._quotes) % 2
        self._quotes.append(len(self._pieces))
        self._pieces.append(Piece(PAIRS[level][0], tag.start, tag.end))

    def _close_quote(self, tag: Tag) -> None:
        """The closing mark, or none at all where the page writes its marks itself."""
        if not self._quotes:
            return
        at = self._quotes.pop()
        before = self._pieces[at - 1].text[-1:] if at else ""
        after = self._pieces[at + 1].text[:1] if at + 1 < len(self._pieces) else ""
        if before in OPENING or after in OPENING:
            self._pieces[at] = Piece("", tag.start, tag.start)
        else:
            self._pieces.append(Piece(PAIRS[len(self._quotes) % 2][1], tag.start, tag.end))

    def _close(self, name: str) -> None:
        if not self._names[name]:
            return
        while self._open:
            closed = self._open.pop().name
            self._names[closed] -= 1
            if closed == name:
                return


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without white space at the edges."""
    found = list(pieces)
    while found and not found[0].text.strip():
        del found[0]
    while found and not found[-1].text.strip():
        found.pop()
    if found:
        found[0] = _cut(found[0], len(found[0].text) - len(found[0].text.lstrip()), 0)
        found[-1] = _cut(found[-1], 0, len(found[-1].text) - len(found[-1].text.rstrip()))
    return found


def _cut(piece: Piece, front: int, back: int) -> Piece:
    if not front and not back:
        return piece
    text = piece.text[front : len(piece.text) - back]
    return Piece(text, piece.start + front, piece.end - back)


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unquoted(value: str) -> str:
    return value[1:-1] if value[:1] in ("'", '"') else value
