"""The command line: exit codes, where data and complaints go, files that appear whole or not at all."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import attrs
import click
import pytest
from click.testing import CliRunner, Result
from demo_report import demo_report, empty_report

from quotes import export, views
from quotes.cli import main
from quotes.errors import ModelError, QuotesError
from quotes.records import Article, Issue, Report

LINE = "The mayor of Norrvik said that the bridge would be closed, and that nobody had asked the people of the town.\n"


class StubAnalyzer:
    """Gives the demo report for every article, but for texts that ask for trouble."""

    def analyze(self, article: Article) -> Report:
        if "TROUBLE" in article.text:
            raise RuntimeError("broken \x1b[31m rule")
        if "FAILED" in article.text:
            return attrs.evolve(empty_report(), article=article, issues=(Issue(kind="failed", message="gave up"),))
        if "NOTHING" in article.text:
            return attrs.evolve(empty_report(), article=article)
        return demo_report()

    def analyze_all(self, articles: Iterable[Article]) -> Iterator[Report]:
        for article in articles:
            yield self.analyze(article)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What analyzers were asked for, one entry each."""
    made: list[dict[str, Any]] = []

    def make(**options: Any) -> StubAnalyzer:
        made.append(options)
        if options["models"] == "absent":
            raise ModelError("No models called 'absent'.", "Give a folder.")
        return StubAnalyzer()

    monkeypatch.setattr("quotes.cli.report.make_analyzer", make)
    monkeypatch.setattr("quotes.cli.common.make_analyzer", make)
    return made


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    texts = {"good": LINE, "other": LINE + LINE, "trouble": LINE + "TROUBLE\n", "failed": LINE + "FAILED\n"}
    texts |= {"nothing": LINE + "NOTHING\n", "empty": ""}
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    return {name: str(tmp_path / f"{name}.txt") for name in (*texts, "absent")}


def quotes(*arguments: str, data: str | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=data)


def commands(
    group: click.Command = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, group
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda each: "-".join(each) if isinstance(each, tuple) else ""
)
def test_every_command_and_option_has_help(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    shown = quotes(*path, "--help")
    assert shown.exit_code == 0
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.name} of {' '.join(path)}"


@pytest.mark.parametrize("group", [command for _, command in commands() if isinstance(command, click.Group)])
def test_summaries_are_not_cut_off(group: click.Group) -> None:
    shown = CliRunner().invoke(group, ["--help"], terminal_width=80).output
    assert "..." not in shown.partition("Commands:")[2]


def test_the_commands_are_those_of_the_design() -> None:
    known = {" ".join(path) for path, command in commands() if not isinstance(command, click.Group)}
    asked = ("sources", "claims", "trace", "agreement", "sql", "report")
    corpus = {f"corpus {name}" for name in ("run", "status", "schema", *asked, "export")}
    models = {f"models {name}" for name in ("list", "info", "fetch", "train", "train-attribution")}
    assert known == {"report", "explain", "doctor", "completion", "lexicon check", *corpus, *models}


def test_help_lists_every_format() -> None:
    shown = quotes("report", "--help").output
    assert all(f"\n  {name} " in shown for name in (*views.FORMATS, *export.FORMATS))


def test_the_command_line_loads_nothing_heavy() -> None:
    heavy = ("torch", "stanza", "rich", "jinja2", "attr", "prov", "pyarrow", "duckdb", "pandas")
    code = f"import sys, quotes.cli; sys.exit(any(name in sys.modules for name in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_modules_import_only_click_and_errors_at_their_top() -> None:
    allowed = {"click", "quotes.errors", "__future__", *sys.stdlib_module_names}
    for path in Path(main.callback.__code__.co_filename).parent.glob("*.py"):  # type: ignore[union-attr]
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name in allowed or name.split(".")[0] in allowed or name.startswith("quotes.cli"), (path, name)


def test_version() -> None:
    assert quotes("--version").output.startswith("quotes ")


@pytest.mark.usefixtures("asked")
def test_report_on_one_article(files: dict[str, str]) -> None:
    found = quotes("report", files["good"], "--width", "80")
    assert (found.exit_code, found.stderr) == (0, "")
    assert found.stdout == views.render(demo_report(), width=80)


@pytest.mark.usefixtures("asked")
def test_report_reads_standard_input() -> None:
    found = quotes("report", "-", "--format", "json", data=LINE)
    assert found.exit_code == 0
    assert json.loads(found.stdout)["schema"] == "quotes/1"


def test_options_reach_the_analyzer(asked: list[dict[str, Any]], files: dict[str, str], tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.mkdir()
    (words / "hedges.toml").write_text('negators = ["not", "nowise"]\n', encoding="utf-8")
    edits = tmp_path / "edits.json"
    edits.write_text('{"schema": "quotes-corrections/1", "corrections": []}', encoding="utf-8")
    options = ["--models", "stanza", "--device", "cuda", "--min-confidence", "0.5", "--lexicon", str(words)]
    options += ["--max-seconds", "9"]
    assert quotes("report", files["good"], *options, "--corrections", str(edits)).exit_code == 0
    wanted = {"models": "stanza", "device": "cuda", "min_confidence": 0.5, "lexicon": words, "corrections": edits}
    assert asked == [wanted | {"max_seconds": 9}]
    assert quotes("report", files["good"], "--corrections", str(edits), "-o", str(edits)).exit_code == 2


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("name", [*views.FORMATS, *(set(export.FORMATS) - {"prov", "provn", "jsonld", "graphml"})])
def test_every_format(name: str, files: dict[str, str]) -> None:
    found = quotes("report", files["good"], "--format", name)
    assert found.exit_code == 0, found.stderr
    assert found.stdout.endswith("\n")


@pytest.mark.usefixtures("asked")
def test_json_of_one_is_an_object_and_of_several_an_array(files: dict[str, str]) -> None:
    assert isinstance(json.loads(quotes("report", files["good"], "-f", "json").stdout), dict)
    several = json.loads(quotes("report", files["good"], files["other"], "-f", "json").stdout)
    assert [each["schema"] for each in several] == ["quotes/1", "quotes/1"]
    lines = quotes("report", files["good"], files["other"], "-f", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == several


@pytest.mark.usefixtures("asked")
def test_belief_on_request(files: dict[str, str]) -> None:
    assert "b1  belief" not in quotes("report", files["good"]).stdout
    assert "b1  belief" in quotes("report", files["good"], "--include", "belief").stdout


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("name", ["absent", "empty", "trouble", "failed"])
def test_one_bad_article_is_an_error(name: str, files: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    found = quotes("report", files[name], "-o", str(out))
    assert found.exit_code == 1
    assert found.stdout == ""
    assert found.stderr.startswith("error: ")
    assert "Traceback" not in found.stderr
    assert "\x1b" not in found.stderr
    assert not out.exists()


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("bad", ["absent", "empty", "trouble", "failed"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_bad_article_among_others_costs_only_itself(bad: str, place: int, files: dict[str, str]) -> None:
    named = [files["good"], files["other"]]
    named.insert(place, files[bad])
    found = quotes("report", *named, "--format", "jsonl", "--quiet")
    assert found.exit_code == 3
    assert len(found.stdout.splitlines()) == 2
    assert found.stderr.startswith(f"{files[bad]}: ")
    assert len(found.stderr.splitlines()) == 1
    assert "\x1b" not in found.stderr


@pytest.mark.usefixtures("asked")
def test_only_bad_articles_are_an_error(files: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    found = quotes("report", files["absent"], files["trouble"], "-o", str(out))
    assert found.exit_code == 1
    assert len(found.stderr.splitlines()) == 2
    assert not out.exists()


@pytest.mark.usefixtures("asked")
def test_an_article_with_nothing_quoted_is_no_error(files: dict[str, str]) -> None:
    found = quotes("report", files["nothing"])
    assert found.exit_code == 0
    assert "Nothing quoted or reported was found" in found.stdout


@pytest.mark.usefixtures("asked")
def test_models_that_do_not_load_end_the_run(files: dict[str, str]) -> None:
    found = quotes("report", files["good"], files["other"], "--models", "absent")
    assert found.exit_code == 1
    assert found.stderr == "error: No models called 'absent'.\nhint: Give a folder.\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["x.txt", "--format", "pdf"],
        ["x.txt", "--min-confidence", "2"],
        ["x.txt", "--max-characters", "0"],
        ["x.txt", "--max-seconds", "0"],
        ["x.txt", "--include", "doubt"],
        ["x.txt", "--width", "3"],
        ["x.txt", "--nonsense"],
    ],
)
def test_usage_errors(arguments: list[str]) -> None:
    assert quotes("report", *arguments).exit_code == 2


@pytest.mark.usefixtures("asked")
def test_the_limit_on_length_names_its_option(files: dict[str, str]) -> None:
    found = quotes("report", files["good"], "--max-characters", "20")
    assert found.exit_code == 1
    assert "max-characters" in found.stderr


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(
    ("ending", "start"), [("json", "{"), ("html", "<!DOCTYPE html>"), ("md", "# "), ("txt", "Harbour")]
)
def test_the_ending_of_out_decides_the_format(ending: str, start: str, files: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / f"out.{ending}"
    found = quotes("report", files["good"], "-o", str(out))
    assert (found.exit_code, found.stdout) == (0, "")
    assert out.read_text(encoding="utf-8").startswith(start)
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.name.startswith(".")) == []


@pytest.mark.usefixtures("asked")
def test_out_is_replaced_whole_or_left_alone(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.md"
    out.write_text("before", encoding="utf-8")

    def fail(*_: object, **__: object) -> str:
        raise QuotesError("No room.")

    monkeypatch.setattr("quotes.views.render", fail)
    assert quotes("report", files["good"], "-o", str(out)).exit_code == 1
    assert out.read_text(encoding="utf-8") == "before"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.usefixtures("asked")
def test_out_that_cannot_be_written(files: dict[str, str], tmp_path: Path) -> None:
    found = quotes("report", files["good"], "-o", str(tmp_path / "no" / "out.md"))
    assert found.exit_code == 1
    assert "cannot be written" in found.stderr
    assert quotes("report", files["good"], "-o", str(tmp_path)).exit_code == 2


@pytest.mark.usefixtures("asked")
def test_an_article_is_not_written_over(files: dict[str, str]) -> None:
    assert quotes("report", files["good"], "-o", files["good"]).exit_code == 2
    assert Path(files["good"]).read_text(encoding="utf-8") == LINE


@pytest.mark.usefixtures("asked")
def test_a_link_is_followed(files: dict[str, str], tmp_path: Path) -> None:
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("{}", encoding="utf-8")
    link.symlink_to(target)
    assert quotes("report", files["good"], "-o", str(link)).exit_code == 0
    assert link.is_symlink()
    assert json.loads(target.read_text(encoding="utf-8"))["schema"] == "quotes/1"


def test_streamed_formats_hold_one_report_at_a_time(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []

    class Watched(StubAnalyzer):
        def analyze_all(self, articles: Iterable[Article]) -> Iterator[Report]:
            for report in super().analyze_all(articles):
                events.append("analysed")
                yield report

    real = export.render
    monkeypatch.setattr("quotes.cli.report.make_analyzer", lambda **_: Watched())
    monkeypatch.setattr("quotes.export.render", lambda *a, **k: (events.append("written"), real(*a, **k))[1])
    assert quotes("report", *[files["good"]] * 3, "-o", str(tmp_path / "x.jsonl")).exit_code == 0
    assert events == ["analysed", "written"] * 3


@pytest.mark.usefixtures("asked")
def test_explain_by_number_and_by_id(files: dict[str, str]) -> None:
    claim = demo_report().claims[1]
    by_number = quotes("explain", files["good"], "2")
    assert by_number.exit_code == 0
    assert "⟦according to⟧" in by_number.stdout
    assert quotes("explain", files["good"], claim.id).stdout == by_number.stdout
    assert quotes("explain", files["good"], "b1").stdout.startswith("Claim b1")


@pytest.mark.usefixtures("asked")
def test_explain_what_is_not_there(files: dict[str, str]) -> None:
    found = quotes("explain", files["good"], "99")
    assert found.exit_code == 1
    assert "There is no claim '99' in good.txt." in found.stderr
    assert "numbered 1, 2, 3" in found.stderr
    ambiguous = quotes("explain", files["good"], "c005")
    assert "several claims" in ambiguous.stderr
    assert "Nothing quoted" in quotes("explain", files["nothing"], "1").stderr


@pytest.mark.parametrize("shell", ["zsh", "fish", "bash"])
def test_completion_prints_a_script(shell: str) -> None:
    found = quotes("completion", shell)
    assert found.exit_code == 0
    assert "_QUOTES_COMPLETE" in found.stdout


def test_formats_complete() -> None:
    variables = {
        **os.environ,
        "_QUOTES_COMPLETE": "zsh_complete",
        "COMP_WORDS": "quotes report --format j",
        "COMP_CWORD": "3",
    }
    code = "from quotes.cli import main; main(prog_name='quotes')"
    shown = subprocess.run([sys.executable, "-c", code], env=variables, capture_output=True, text=True, check=False)
    assert {"json", "jsonl", "jsonld"} <= set(shown.stdout.split())


def test_lexicon_check(tmp_path: Path) -> None:
    found = quotes("lexicon", "check")
    assert found.exit_code == 0
    assert "The word lists are sound." in found.stdout
    (tmp_path / "cues.toml").write_text("= broken", encoding="utf-8")
    bad = quotes("lexicon", "check", str(tmp_path))
    assert bad.exit_code == 1
    assert bad.stderr.startswith("error: ")


def test_models_list_and_info() -> None:
    listed = quotes("models", "list")
    assert listed.exit_code == 0
    assert "bundled" in listed.stdout
    assert "stanza" in listed.stdout
    assert quotes("models", "info", "no-such-folder").exit_code == 1


def test_models_train_without_data(tmp_path: Path) -> None:
    found = quotes("models", "train", "--data", str(tmp_path), "-o", str(tmp_path / "new"))
    assert found.exit_code == 1
    assert "hint: " in found.stderr


def test_doctor_says_what_is_wrong(asked: list[dict[str, Any]]) -> None:
    found = quotes("doctor", "--models", "absent")
    assert found.exit_code == 1
    assert "✗ models" in found.stdout
    assert "No models called 'absent'." in found.stdout
    assert len(asked) == 1


@pytest.mark.usefixtures("asked")
def test_doctor_says_that_all_is_well() -> None:
    found = quotes("doctor")
    assert found.exit_code == 0, found.stdout
    assert "All is well." in found.stdout
    for name in ("stanza", "torch", "word lists", "run"):
        assert f"✓ {name}" in found.stdout


def test_corpus_without_a_corpus(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    for command in (["status"], ["sources"], ["claims"], ["trace"], ["agreement"], ["sql"], ["report"]):
        more = {"trace": ["words"], "sql": ["SELECT 1"]}.get(command[0], [])
        found = quotes("corpus", *command, str(tmp_path / "none"), *more)
        assert found.exit_code == 1
        assert found.stderr.startswith("error: ")


def test_corpus_rows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    counts = {"kind": "person", "relayed": 0, "articles": 2, "uncertain": 0}
    rows = [
        {**counts, "name": "Ana Duarte", "claims": 4, "forms": ["a", "b"]},
        {**counts, "name": "港\x1b[31m", "claims": 1, "forms": None},
    ]
    monkeypatch.setattr("quotes.corpus.sources", lambda *_, **__: rows)
    table = quotes("corpus", "sources", str(tmp_path)).stdout.splitlines()
    assert table == [
        "name        kind    claims  relayed  articles  uncertain  forms",
        "Ana Duarte  person       4        0         2          0  a, b",
        "港␛[31m     person       1        0         2          0",
    ]
    lines = quotes("corpus", "sources", str(tmp_path), "--as", "jsonl").stdout.splitlines()
    assert [json.loads(line) for line in lines] == rows
    assert quotes("corpus", "sources", str(tmp_path), "--as", "csv").stdout.startswith(
        "kind,relayed,articles,uncertain,name,claims,forms\n"
    )


def test_a_table_of_claims_leaves_ids_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    names = ("claim", "published", "publisher", "text", "chain", "path", "confidence")
    row = {name: f"its {name}" for name in names}
    monkeypatch.setattr("quotes.corpus.claims", lambda *_, **__: [row])
    table = quotes("corpus", "claims", str(tmp_path)).stdout.splitlines()
    assert table[0].split() == list(names[1:])
    assert json.loads(quotes("corpus", "claims", str(tmp_path), "--as", "jsonl").stdout) == row


def test_corpus_run_hands_its_options_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from quotes.corpus import CorpusSummary

    asked: dict[str, Any] = {}

    def run(inputs: Any, out: Path, **options: Any) -> CorpusSummary:
        asked.update(options, inputs=inputs, out=out)
        return CorpusSummary(folder=out, articles=3, analyzed=2, failed=1, claims=7)

    monkeypatch.setattr("quotes.corpus.analyze_corpus", run)
    found = quotes("corpus", "run", "a", "b", "-o", str(tmp_path / "c"), "--workers", "2", "--afresh")
    assert found.exit_code == 3
    assert found.stdout == ""
    assert found.stderr == "2 of 3 articles analysed, 7 claims, 0 duplicates, 1 failed.\n"
    assert asked["inputs"] == ("a", "b")
    assert (asked["workers"], asked["resume"], asked["analyzer_options"]["models"]) == (2, False, "bundled")
    assert (asked["threads"], asked["shard_size"], asked["analyzer_options"]["device"]) == (None, None, "cpu")
    far = ("--engine", "ray", "--address", "10.0.0.1:6379")
    quotes("corpus", "run", "a", "-o", str(tmp_path / "c"), *far, "--threads", "3")
    assert (asked["engine"], asked["address"], asked["threads"]) == ("ray", "10.0.0.1:6379", 3)
    assert asked["analyzer_options"]["device"] == "auto"
    quotes("corpus", "run", "a", "-o", str(tmp_path / "c"), *far, "--device", "cpu")
    assert asked["analyzer_options"]["device"] == "cpu"


def test_a_closed_pipe_is_quiet(tmp_path: Path) -> None:
    stub = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_cli, quotes.cli.report as r\n"
        "r.make_analyzer = lambda **_: test_cli.StubAnalyzer()\n"
        "from quotes.cli import main; main(['report', *[sys.argv[2]] * 400])"
    )
    article = tmp_path / "a.txt"
    article.write_text(LINE, encoding="utf-8")
    arguments = [sys.executable, "-c", stub, str(Path(__file__).parent), str(article)]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
