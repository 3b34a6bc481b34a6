"""Hostile articles in every format: whatever a field holds, it is shown, and nothing is obeyed, run or fetched."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import attrs
import pytest
from export_cases import LINE
from test_browser import CHROMIUM, Open, browser, open_page  # noqa: F401 - fixtures

from quotes import export, models, views
from quotes.corpus import analyze_corpus
from quotes.errors import ModelError
from quotes.parse import Parser
from quotes.records import (
    Article,
    Beside,
    Block,
    Claim,
    Credit,
    Cue,
    Hop,
    Issue,
    Mention,
    Node,
    Passage,
    Report,
    Source,
    Tree,
)

SCRIPT = "<script>window.pwned=1;fetch('http://127.0.0.1:9/x')</script>"
ATTACKS = {
    "script": SCRIPT,
    "script end": f"</script>{SCRIPT}<!--",
    "comment": "--><img src=x onerror=window.pwned=1><!--",
    "attribute": "\" onmouseover=\"window.pwned=1\" autofocus onfocus='window.pwned=1' x=\"",
    "image": "<img src=http://127.0.0.1:9/p.png onerror=window.pwned=1>",
    "frame": "<iframe srcdoc=\"<script>parent.pwned=1</script>\"></iframe><object data=http://127.0.0.1:9/></object>",
    "svg": "<svg onload=window.pwned=1><a xlink:href=\"javascript:window.pwned=1\"><text>x</text></a></svg>",
    "style": "</style><style>body{background:url(http://127.0.0.1:9/c)}@import 'http://127.0.0.1:9/i';</style>",
    "base": "<base href=http://127.0.0.1:9/><meta http-equiv=refresh content='0;url=http://127.0.0.1:9/'>",
    "template": "{{ ''.__class__.__mro__ }} {% for x in range(9) %}y{% endfor %} ${window.pwned=1} <%= 7*7 %>",
    "entities": "&lt;script&gt;window.pwned=1&lt;/script&gt; &#60;b&#62; &amp;quot; &NewLine;",
    "javascript url": "javascript:window.pwned=1//http://a.example/",
    "ansi": "\x1b[2J\x1b[31mred\x1b]8;;http://127.0.0.1:9/\x1b\\link\x1b]8;;\x07\x1b]0;title\x07\x9b31m\r\x08\x7f",
    "bidi": "\u202egnp.exe\u202c \u2066hidden\u2069 \u200fleft \u061c",
    "invisible": "pay\u200bpal \U000e0041\U000e0042 \ufff9a\ufffab\ufffb \u2028new\u2029line",
    "formula": "=cmd|' /C calc'!A0",
    "formula tab": "\t=HYPERLINK(\"http://127.0.0.1:9/\")",
    "formula wide": "＝1+1",
    "formula minus": "-2+3+cmd|' /C calc'!A0",
    "mermaid": "x\"]; click a0c0 \"javascript:window.pwned=1\"\n%%{init: {'theme':'dark'}}%%\nend",
    "markdown": "](http://127.0.0.1:9/) ![x](http://127.0.0.1:9/i.png) <http://127.0.0.1:9/> `code` **b** | a | b |",
    "markdown blocks": "# head\n\n- item\n\n    code\n\n> quote\n\n1. one\n\n***\n\n<div>\n\n[a]: http://127.0.0.1:9/",
    "rich": "[bold red]x[/bold red] [link=http://127.0.0.1:9/]y[/link] \\[z] :smile:",
    "path": "../../../../etc/passwd",
    "xml": "]]><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;<?php echo 1 ?>",
    "json": "\"}],\"pwned\":[{\"a\":\"\\u0022 \\",
    "surrogate": "\ud83d\udc00 lone \ud800",
    "prov": "')\nentity(ex:pwned, [prov:type='x' %% \"y\"])\nendBundle",
    "tabs": "a\tb\tc\r\nT1\tSource 0 1\tx",
}  # fmt: skip
FORMATS = [*views.FORMATS, *export.FORMATS]
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
DIRECTION = re.compile(r"[\u061c\u200e\u200f]")  # of the letters beside it: data keep it, what people see shows it
STRING = re.compile(r'"""(?:[^"\\]|\\.)*"""|"(?:[^"\\]|\\.)*"', re.DOTALL)
HARMLESS = "wind"


def poisoned(words: str) -> Report:
    """A report in which every field that an article decides holds these words, with every kind of hop and passage."""
    text = f"{words}\n\n{words} said {words}.\n\n{words}"
    length = len(words)
    places = (0, length + 2, 2 * length + 8, 3 * length + 11)
    article = Article(
        text=text,
        path=f"{words}.txt",
        title=words,
        publisher=words,
        byline=words,
        dateline=words,
        credit=(Credit(name=words, start=0, end=length),),
        published=words,
        url=words,
        blocks=tuple(
            Block(start=start, end=end, kind=kind)
            for start, end, kind in (
                (0, length, "headline"),
                (places[1], places[2] + length + 1, "paragraph"),
                (places[3], places[3] + length, "paragraph"),
            )
        ),
    )
    spans = [article.span(place, place + length) for place in places]
    sources = tuple(
        Source(
            id=f"s{number}",
            name=words,
            kind=kind,
            canonical=words,
            role=words,
            country=words,
            ownership=words,
            speaks_for="s0",
            mentions=(Mention(**attrs.asdict(spans[number]), form="name"),),
        )
        for number, kind in enumerate(("person", "outlet", "document"))
    )
    hop = Hop(
        source="s0",
        name=words,
        relation="said",
        basis="stated",
        cue=spans[1],
        mention=spans[2],
        rule="clause",
        confidence=0.9,
        anonymity=spans[3],
        beside=(Beside(source="s2", name=words),),
    )
    outer = attrs.evolve(hop, source="s1", basis="carried", beside=())
    cue = Cue(**attrs.asdict(spans[1]), lemma=words)
    claims = tuple(
        Claim(
            id=f"c{number}",
            kind=kind,
            act="belief" if number == 3 else "speech",
            origin="named",
            path="relayed",
            content=(spans[number],),
            cue=cue,
            source=spans[2],
            confidence=0.5,
            chain=(outer, hop),
        )
        for number, kind in enumerate(("direct", "mixed", "indirect", "direct"))
    )
    tree = (Node(source="s1", children=(Node(source="s0"), Node(source="s2"))),)
    passages = tuple(
        Passage(**attrs.asdict(span), use=use, outer=(span.start, span.end))
        for span, use in zip(spans, ("speech", "scare", "title", "term"), strict=True)
    )
    return Report(
        article=article,
        sources=sources,
        passages=passages,
        claims=claims,
        trees=tuple(Tree(claim=claim.id, children=tree) for claim in claims if claim.act == "speech"),
        issues=(Issue(kind="marks", message=words, start=0, end=length), Issue(kind=words, message=words)),
        settings={"models": words},
        versions={"quotes": words},
    )


def render(report: Report, format_: str) -> str:
    if format_ in views.FORMATS:
        return views.render([report], format=format_, include_belief=True)
    return export.render([report], format_, include_belief=True)


class Structure(HTMLParser):
    """The tags of a page with the names of their attributes, and what the attributes that load or run hold."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, tuple[str, ...]]] = []
        self.live: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(name for name, _ in attributes)))
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "srcset", "href", "action", "formaction", "style", "data"):
                self.live.append(f"{name}={value}")


@pytest.fixture(params=list(ATTACKS.values()), ids=list(ATTACKS))
def words(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.mark.parametrize("format_", ["html", "html-inline"])
def test_no_words_become_markup(words: str, format_: str) -> None:
    """The page of hostile words has the tags and attributes of a harmless one, and links to anchors of its own."""
    page = render(poisoned(words), format_)
    found, plain = Structure(page), Structure(render(poisoned(HARMLESS), format_))
    assert sorted(set(found.tags)) == sorted(set(plain.tags))
    assert [name for name, _ in found.tags].count("script") == [name for name, _ in plain.tags].count("script")
    assert [each for each in found.live if not re.match(r"href=#|style=", each)] == []
    assert not CONTROL.search(page.replace("\n", ""))
    assert not DIRECTION.search(page)


def test_terminals_are_told_nothing(words: str) -> None:
    shown = render(poisoned(words), "terminal").replace("\n", "")
    assert not CONTROL.search(shown)
    assert not DIRECTION.search(shown)


def test_markdown_shows_words_as_words(words: str) -> None:
    """Rendered with raw HTML allowed, as the most trusting reader would."""
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    found = Structure(reader.render(render(poisoned(words), "markdown")))
    plain = Structure(reader.render(render(poisoned(HARMLESS), "markdown")))
    assert found.tags == plain.tags
    assert found.live == plain.live


def test_cells_are_no_formulas(words: str) -> None:
    written = render(poisoned(words), "csv")
    cells = [cell for row in csv.reader(io.StringIO(written), strict=True) for cell in row]
    assert cells
    assert [cell for cell in cells if re.match(r"\s*[=+\-@\t\r＝＋－＠]", cell)] == []
    assert not CONTROL.search(written.replace("\r\n", "").replace("\n", ""))


def test_a_flowchart_has_its_own_boxes_only(words: str) -> None:
    found, plain = (render(poisoned(each), "mermaid").splitlines() for each in (words, HARMLESS))
    assert found[0] == "flowchart TB"
    assert len(found) == len(plain)
    assert [line for line in found[1:] if not LINE.fullmatch(line)] == []


@pytest.mark.parametrize("format_", ["json", "jsonl", "prov", "jsonld", "schemaorg"])
def test_json_comes_back(words: str, format_: str) -> None:
    if format_ in ("prov", "jsonld"):
        pytest.importorskip("prov")
    written = render(poisoned(words), format_)
    assert isinstance(json.loads(written), dict)
    assert not CONTROL.search(written.replace("\n", ""))


def test_graphml_has_its_own_elements_only(words: str) -> None:
    pytest.importorskip("networkx")
    found, plain = (ElementTree.fromstring(render(poisoned(each), "graphml")) for each in (words, HARMLESS))
    assert [each.tag for each in found.iter()] == [each.tag for each in plain.iter()]


@pytest.mark.parametrize("format_", ["conll", "brat", "provn"])
def test_lines_stay_lines(words: str, format_: str) -> None:
    if format_ == "provn":
        pytest.importorskip("prov")
    found, plain = (render(poisoned(each), format_) for each in (words, HARMLESS))
    assert not CONTROL.search(found.replace("\r\n", "\n").replace("\n", ""))
    if format_ == "conll":
        columns = {line.count("\t") for line in found.splitlines() if line and not line.startswith("#")}
        assert columns == {next(line.count("\t") for line in plain.splitlines() if line and line[0] != "#")}
    elif format_ == "brat":
        assert all(re.match(r"[TRA#]\d+\t", line) for line in found.splitlines())
    else:
        assert [len(STRING.sub("", each).split("\n")) for each in (found, plain)] == [plain.count("\n") + 1] * 2


def test_every_format_is_tried() -> None:
    tried = {"html", "html-inline", "terminal", "markdown", "csv", "mermaid", "json", "jsonl", "prov", "jsonld"}
    assert set(FORMATS) == tried | {"graphml", "conll", "brat", "provn", "schemaorg"}


# In a browser


@pytest.mark.skipif(CHROMIUM is None, reason="no chromium on the path")
def test_nothing_runs_and_nothing_is_fetched(open_page: Open) -> None:  # noqa: F811
    """All attacks on one page; the fixture fails where anything is asked for, logged or thrown."""
    reports = [poisoned(each) for each in ATTACKS.values()]
    page = open_page(reports)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    for element in page.locator("mark:visible, button:visible, summary:visible").all()[:30]:
        element.dispatch_event("mouseover")
        element.dispatch_event("click")
    page.wait_for_timeout(300)
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.querySelectorAll('iframe, object, img, base, embed, link').length") == 0
    assert dialogs == []


# Files


class Stub:
    """Analyses nothing; every report has the article's own words as a claim."""

    def analyze_all(self, articles: Any) -> Iterator[Report]:
        for article in articles:
            yield attrs.evolve(poisoned("x"), article=article)


class Program:
    """What a pickle may hold: a call."""

    def __init__(self, made: Path) -> None:
        self.made = made

    def __reduce__(self) -> tuple[Any, tuple[Any, ...]]:
        return Path.touch, (self.made,)


@pytest.mark.models
def test_weights_that_are_a_program_are_not_run(tmp_path: Path) -> None:
    import torch

    folder, made = tmp_path / "models", tmp_path / "made"
    for name in models.FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        torch.save(Program(made), folder / name)
    shutil.copy(models.BUNDLED / models.RESOURCES, folder)
    with pytest.raises(ModelError):
        Parser(models=str(folder))
    assert not made.exists()
    torch.load(folder / "tokenize" / models.FILE, weights_only=False)
    assert made.exists(), "the attack is one"


def test_a_corpus_writes_into_its_folder_only(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    story = "The mayor said that the pier would be closed for the winter, and that nobody had asked him about it. "
    for number, name in enumerate(("%2e%2e%2fx.txt", "-rf.txt", "a\nb.txt", "\u202etxt.exe.txt", "C:\\x.txt", "~.txt")):
        (inputs / name).write_text(f"https://../../../x/{number}\n\n{story * (number + 1)}", encoding="utf-8")
    before = {path for path in tmp_path.rglob("*") if out not in path.parents}
    summary = analyze_corpus([inputs], out, make_analyzer=Stub)
    assert (summary.articles, summary.failed) == (6, 0)
    after = {path for path in tmp_path.rglob("*") if out not in path.parents}
    assert after - before == {out}
