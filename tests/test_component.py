"""Our component in a pipeline of spaCy's: claims of our own models as spans of its documents."""

from __future__ import annotations

import pickle
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest

spacy = pytest.importorskip("spacy")

from quotes import component  # noqa: E402 - spacy may be missing
from quotes.analyzer import Analyzer  # noqa: E402
from quotes.errors import QuotesError  # noqa: E402
from quotes.export import to_dict  # noqa: E402
from quotes.records import Report  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
TEXT = (
    "The bridge will be closed on Friday, Mayor Ana Duarte said on Tuesday.\n\n"
    '"We have waited long enough 🙂," she added.\n\n'
    "The works were never announced, Velna News reported, citing two officials.\n"
)
OTHER = "“Nobody asked us,” said Karl Brandt, who runs the ferry. The fare would rise, he warned.\n"
FOREIGN = "Il ministro ha detto che il ponte rimane chiuso per tutta la settimana."


@pytest.fixture(scope="module")
def nlp() -> Any:
    """A pipeline without any other component, its models loaded."""
    made = spacy.blank("en")
    made.add_pipe("quotes", config={"publisher": "Coast Courier"})
    made(TEXT)
    return made


def rounded(report: Report) -> Any:
    return to_dict(report)["claims"]


def test_spacy_finds_it_by_the_entry_point_of_the_package() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    [(name, value)] = project["entry-points"]["spacy_factories"].items()
    entry = metadata.EntryPoint(name=name, value=value, group="spacy_factories")
    assert entry.load() is component.make_component
    if name not in metadata.entry_points(group="spacy_factories").names:
        pytest.skip("the package was installed before it had the entry point: install it anew")
    code = "import spacy; print(spacy.blank('en').add_pipe('quotes'))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("QuotesComponent(models='bundled'"), done.stderr


def test_models_wait_for_the_first_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(**_: object) -> None:
        raise AssertionError("no models may be loaded yet")

    monkeypatch.setattr(component, "Analyzer", refuse)
    made = spacy.blank("en")
    made.add_pipe("quotes")
    with pytest.raises(AssertionError, match="loaded yet"):
        made(TEXT)


@pytest.mark.parametrize("config", [{"modles": "bundled"}, {"min_confidence": "much"}])
def test_options_are_checked_by_spacy(config: dict[str, Any]) -> None:
    from confection import ConfigValidationError

    with pytest.raises(ConfigValidationError):
        spacy.blank("en").add_pipe("quotes", config=config)


def test_a_document_that_nothing_looked_at_has_no_claims() -> None:
    doc = spacy.blank("en")(TEXT)
    assert doc._.quotes == ()
    assert doc._.quotes_report is None


@pytest.mark.models
def test_a_document_has_the_claims_that_the_analyzer_finds(nlp: Any) -> None:
    doc = nlp(TEXT)
    report = Analyzer().analyze(TEXT, publisher="Coast Courier")
    assert doc._.quotes == doc._.quotes_report.claims
    assert rounded(doc._.quotes_report) == rounded(report)
    assert doc._.quotes_json == to_dict(report)
    assert [claim.chain[-1].name for claim in doc._.quotes][:2] == ["Ana Duarte", "Ana Duarte"]


@pytest.mark.models
@pytest.mark.parametrize("text", [TEXT, OTHER])
def test_spans_are_the_claims_content(nlp: Any, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    spans = doc.spans["quotes"]
    runs = [(claim, run) for claim in doc._.quotes for run in claim.content if claim.act == "speech"]
    assert len(spans) == len(runs) > 1
    assert spans.attrs == {"expanded": []}
    for span, (claim, run) in zip(spans, runs, strict=True):
        assert (span.start_char, span.end_char, span.text) == (run.start, run.end, run.text)
        assert text[run.start : run.end] == run.text
        assert (span.label_, span.id_) == (claim.kind, claim.id)
    assert "direct" in {span.label_ for span in spans}


@pytest.mark.models
def test_a_byte_order_mark_moves_nothing(nlp: Any) -> None:
    doc = nlp("\ufeff" + OTHER)
    runs = [run for claim in doc._.quotes for run in claim.content]
    assert "Nobody asked us" in [run.text.rstrip(",") for run in runs]
    assert all(doc.text[run.start : run.end] == run.text for run in runs)
    assert doc.spans["quotes"].attrs == {"expanded": [0]}, "spaCy leaves the mark on the first word"


@pytest.mark.models
def test_a_span_that_ends_within_a_token_is_widened_and_told() -> None:
    """spaCy's tokens are those of white space here, so that quotation marks stay on their words."""
    from spacy.tokenizer import Tokenizer

    made = spacy.blank("en")
    made.tokenizer = Tokenizer(made.vocab)
    made.add_pipe("quotes")
    doc = made('"We are tired," said Ana Duarte. The bridge is closed, she added.\n')
    spans = doc.spans["quotes"]
    wide = [spans[place] for place in spans.attrs["expanded"]]
    assert '"We are tired,"' in [span.text for span in wide]
    runs = [run for claim in doc._.quotes for run in claim.content]
    assert "We are tired" in [run.text.rstrip(",") for run in runs]
    exact = [place for place in range(len(spans)) if place not in spans.attrs["expanded"]]
    assert [spans[place].text for place in exact] == [runs[place].text for place in exact]


@pytest.mark.models
def test_many_documents_are_batched_and_models_load_once(nlp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("no other parser may be loaded")

    monkeypatch.setattr("quotes.parse.Parser.__init__", refuse)
    batches: list[int] = []
    parser = nlp.get_pipe("quotes")._analyzer.parser
    parse = parser._parse_batch

    def count(articles: list[Any]) -> Any:
        batches.append(len(articles))
        return parse(articles)

    monkeypatch.setattr(parser, "_parse_batch", count)
    texts = [TEXT, FOREIGN, OTHER, "", TEXT]
    docs = list(nlp.pipe(texts))
    assert [doc.text for doc in docs] == texts
    assert batches == [3]
    assert [bool(doc._.quotes) for doc in docs] == [True, False, True, False, True]
    assert docs[0]._.quotes == docs[4]._.quotes == nlp(TEXT)._.quotes
    assert [(each["name"], doc._.quotes) for doc, each in nlp.pipe([(FOREIGN, {"name": "x"})], as_tuples=True)] == [
        ("x", ())
    ]


@pytest.mark.models
@pytest.mark.parametrize("text", ["", " \n", FOREIGN, "\ufeff"])
def test_a_text_that_is_no_article_has_a_report_that_says_so(nlp: Any, text: str) -> None:
    doc = nlp(text)
    assert doc._.quotes == ()
    assert len(doc.spans["quotes"]) == 0
    assert [issue.kind for issue in doc._.quotes_report.issues] == ["failed"]


@pytest.mark.models
def test_documents_are_stored_and_sent_with_what_was_found(nlp: Any) -> None:
    from spacy.tokens import Doc, DocBin

    doc = nlp(TEXT)
    stored = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    [unpacked] = DocBin().from_bytes(stored).get_docs(nlp.vocab)
    for copy in (unpacked, Doc(nlp.vocab).from_bytes(doc.to_bytes()), pickle.loads(pickle.dumps(doc)), doc.copy()):
        assert copy._.quotes == doc._.quotes
        assert copy._.quotes_report == doc._.quotes_report
        assert [(span.text, span.label_, span.id_) for span in copy.spans["quotes"]] == [
            (span.text, span.label_, span.id_) for span in doc.spans["quotes"]
        ]
        assert copy.spans["quotes"].attrs == {"expanded": []}


@pytest.mark.models
def test_a_part_of_a_document_is_not_given_the_whole_ones_claims(nlp: Any) -> None:
    assert nlp(TEXT)[3:20].as_doc(copy_user_data=True)._.quotes == ()
    part = spacy.blank("en")(TEXT[3:])
    part._.quotes_json = nlp(TEXT)._.quotes_json
    with pytest.raises(QuotesError, match="not the one"):
        _ = part._.quotes


@pytest.mark.models
def test_a_pipeline_is_kept_with_its_options_and_without_models(nlp: Any, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    assert sum(path.stat().st_size for path in (tmp_path / "pipeline").rglob("*") if path.is_file()) < 2_000_000
    loaded = spacy.load(tmp_path / "pipeline")
    again = pickle.loads(pickle.dumps(nlp))
    sent = spacy.blank("en")
    sent.add_pipe("quotes")
    sent.from_bytes(nlp.to_bytes())
    for each in (loaded, again):
        part = each.get_pipe("quotes")
        assert part == nlp.get_pipe("quotes")
        assert part._analyzer is None
    assert loaded(TEXT)._.quotes == nlp(TEXT)._.quotes
    assert loaded(TEXT)._.quotes_report.article.publisher == "Coast Courier"


@pytest.mark.models
def test_several_processes_find_the_same(nlp: Any) -> None:
    """In a process of its own: what has computed with torch should not be forked."""
    code = (
        "import spacy, quotes.component; nlp = spacy.blank('en'); nlp.add_pipe('quotes');"
        f"docs = list(nlp.pipe([{TEXT!r}, {OTHER!r}], n_process=2, batch_size=1));"
        "print([[claim.id for claim in doc._.quotes] for doc in docs])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    wanted = [[claim.id for claim in doc._.quotes] for doc in nlp.pipe([TEXT, OTHER])]
    assert done.stdout.strip() == str(wanted), done.stderr
