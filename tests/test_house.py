"""The house keeps its shape: floors, doors, light imports, a quick command line, short files, no machine's paths."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "quotes"

FLOORS = {
    "errors": 0,
    "bars": 0,
    "certainty": 1,
    "records": 0,
    "lexicon": 1,
    "models": 1,
    "training": 2,
    "legible": 1,
    "syntax": 1,
    "grafts": 2,
    "patience": 1,
    "article": 3,
    "parse": 3,
    "marks": 3,
    "attribute": 4,
    "speakers": 4,
    "link": 3,
    "export": 4,
    "views": 4,
    "chains": 5,
    "corrections": 6,
    "analyzer": 7,
    "engines": 7,
    "processor": 8,
    "component": 8,
    "corpus": 8,
    "notebook": 9,
    "cli": 9,
    "__init__": 10,
    "__main__": 10,
}
DOORS = {
    "stanza": {"parse", "models", "training", "processor"},
    "torch": {"parse", "models", "training"},
    "regex": {"legible"},
    "trafilatura": {"article"},
    "feedparser": {"article"},
    "protego": {"article"},
    "docx": {"article"},
    "pypdf": {"article"},
    "backports": {"article"},
    "prov": {"export"},
    "rich": {"views", "cli"},
    "jinja2": {"views"},
    "ray": {"engines"},
    "pyarrow": {"corpus"},
    "duckdb": {"corpus"},
    "warcio": {"corpus"},
    "rapidfuzz": {"link"},
    "snowballstemmer": {"link"},
    "spacy": {"component"},
    "tqdm": {"bars"},
    "xlsxwriter": {"corpus"},
}
HEAVY = (
    "torch", "stanza", "rich", "jinja2", "numpy", "pandas", "pyarrow", "rapidfuzz", "snowballstemmer", "ray", "spacy",
)  # fmt: skip
PASSED_OVER = {"__pycache__", "build", "dist", "node_modules", "venv"}
MACHINE_PATH = re.compile(rb"(?<![\w.:/~-])/(?:home|Users|root|work|mnt|opt|tmp/venv|tmp/bash_jobs)/\w[\w./-]*")
HELP_SECONDS = 0.3
# A shared runner starts processes about half as fast as a desk machine.
PATIENCE = 2.0 if os.environ.get("CI") else 1.0


@attrs.frozen(kw_only=True)
class Import:
    """An import statement: where it stands and the dotted name that it asks for."""

    path: Path
    line: int
    target: str
    shown_only: bool

    def __str__(self) -> str:
        return f"{self.path.relative_to(ROOT)}:{self.line} imports {self.target}"


def module_of(path: Path) -> str:
    """The floor's name for a file: a package's files count as the package."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def sources(*roots: Path) -> list[Path]:
    return sorted(path for root in roots for path in root.rglob("*.py") if not PASSED_OVER & set(path.parts))


def imports(path: Path) -> Iterator[Import]:
    """Every import in a file, at any depth; `from a import b` asks for a.b."""
    tree = ast.parse(path.read_text("utf-8"))
    shown = display_imports(tree) if path == PACKAGE / "records.py" else set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            targets = [f"{origin(node, path)}.{alias.name}" for alias in node.names]
        else:
            continue
        for target in targets:
            yield Import(path=path, line=node.lineno, target=target, shown_only=node in shown)


def origin(node: ast.ImportFrom, path: Path) -> str:
    """The module that a from-import names, relative ones resolved."""
    if not node.level:
        return node.module or ""
    package = path.relative_to(ROOT).parts[: -node.level]
    return ".".join([*package, *([node.module] if node.module else [])])


def display_imports(tree: ast.Module) -> set[ast.AST]:
    """The imports inside the methods of Report: it may call what shows it."""
    reports = [node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == "Report"]
    methods = [node for report in reports for node in report.body if isinstance(node, ast.FunctionDef)]
    return {node for method in methods for node in ast.walk(method) if isinstance(node, (ast.Import, ast.ImportFrom))}


def asked_for(target: str) -> str:
    """The module of this package behind a dotted name: what is no module stands in `quotes/__init__.py`."""
    part = target.split(".")[1] if "." in target else ""
    known = part and ((PACKAGE / part).is_dir() or (PACKAGE / f"{part}.py").is_file())
    return part if known else "__init__"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def test_every_module_has_a_floor() -> None:
    modules = {module_of(path) for path in sources(PACKAGE)}
    assert sorted(modules - set(FLOORS)) == [], "give each new module a floor in FLOORS, and in the design"


def test_imports_go_down() -> None:
    upward = []
    for path in sources(PACKAGE):
        own = module_of(path)
        for each in imports(path):
            if each.target.partition(".")[0] != "quotes" or each.shown_only or own not in FLOORS:
                continue
            other = asked_for(each.target)
            if other != own and FLOORS.get(other, 99) >= FLOORS[own]:
                upward.append(f"{each} (floor {FLOORS[own]} -> {FLOORS.get(other, 99)})")
    assert upward == []


def test_each_heavy_library_has_one_door() -> None:
    elsewhere = [
        str(each)
        for path in sources(PACKAGE)
        for each in imports(path)
        if module_of(path) not in DOORS.get(each.target.partition(".")[0], {module_of(path)})
    ]
    assert elsewhere == []


def test_import_is_light() -> None:
    done = run("-c", f"import quotes, sys; print([name for name in {HEAVY!r} if name in sys.modules])")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"


def test_help_is_quick() -> None:
    """Measured by what the processor spent: what else the machine does says nothing about it."""
    seconds = []
    for _ in range(5):
        start = os.times()
        done = run("-m", "quotes", "--help")
        end = os.times()
        seconds.append(end.children_user + end.children_system - start.children_user - start.children_system)
        assert done.returncode == 0, done.stderr
    assert "report" in done.stdout
    assert min(seconds) < HELP_SECONDS * PATIENCE


@pytest.mark.parametrize("root", ["quotes", "tests"])
def test_files_are_short(root: str) -> None:
    lengths = {path: len(path.read_text("utf-8").splitlines()) for path in sources(ROOT / root)}
    assert {str(path.relative_to(ROOT)): count for path, count in lengths.items() if count > 500} == {}


def test_no_path_of_a_machine() -> None:
    """Weights are read too: trainers like to leave the paths of their run in a checkpoint."""
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in PASSED_OVER and not name.startswith((".", "env"))]
        for name in set(names) - {".git"}:  # the pointer of a worktree
            path = Path(folder, name)
            hits = {match.group().decode() for match in MACHINE_PATH.finditer(path.read_bytes())}
            found += [f"{path.relative_to(ROOT)}: {hit}" for hit in sorted(hits)]
    assert found == []


def test_the_checks_see_what_they_should() -> None:
    """The tools above on a sample, so that a broken check does not pass for a kept house."""
    assert asked_for("quotes.views.render") == "views"
    assert asked_for("quotes.nothing") == asked_for("quotes") == "__init__"
    records = list(imports(PACKAGE / "records.py"))
    assert {each.target for each in records if each.shown_only} == {"quotes.views", "quotes.export"}
    node = ast.parse("from ..records import Span").body[0]
    assert isinstance(node, ast.ImportFrom)
    assert origin(node, PACKAGE / "views" / "terminal.py") == "quotes.records"
    assert MACHINE_PATH.search(b"saved in " + b"/home" + b"/ana/run1")
    assert not MACHINE_PATH.search(b"https://example.org" + b"/home" + b"/page")
