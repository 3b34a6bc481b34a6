"""What is promised to whoever installs it: extras, files in the wheel, the commands and tables of the README."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import click
import pytest

from quotes import export, views
from quotes.cli import main

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "quotes"
README = (ROOT / "README.md").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
COMMAND = re.compile(r"<!-- command: (\w+) -->\n```sh\n(.*?)\n```\n<!-- /command -->", re.DOTALL)


def test_every_extra_that_a_message_names_is_there() -> None:
    code = "\n".join(path.read_text("utf-8") for path in PACKAGE.rglob("*.py"))
    named = set(re.findall(r"MissingExtra\([^)]*\"(\w+)\"\)", code)) | set(
        re.findall(r"^EXTRA = \"(\w+)\"", code, re.M)
    )
    assert named
    assert named <= set(EXTRAS)
    assert named - {"train"} <= set(re.findall(r"\w+", EXTRAS["test"][0])), "tests need all but the base to train from"


def test_every_file_of_the_package_is_in_the_wheel() -> None:
    patterns = PROJECT["tool"]["setuptools"]["package-data"]["quotes"]
    packed = {path for pattern in patterns for path in PACKAGE.glob(pattern)}
    packages = {path.parent for path in PACKAGE.rglob("__init__.py")}
    left = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*")
        if path.is_file()
        and not any(part == "__pycache__" or part.startswith(".") for part in path.relative_to(PACKAGE).parts)
        and not (path in packed or (path.suffix == ".py" and path.parent in packages))
    ]
    assert left == []


def test_the_readme_has_two_commands_of_one_line() -> None:
    found = dict(COMMAND.findall(README))
    assert set(found) == {"first", "second"}
    assert all("\n" not in line and line.startswith("python3 -m venv .venv && ") for line in found.values())


@pytest.mark.parametrize("name", ["first", "second"])
def test_ci_takes_the_commands_from_the_readme(name: str) -> None:
    """The function of .ci/run, run by itself."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    function = re.search(r"^command_of\(\) \{\n.*?^\}", script, re.DOTALL | re.MULTILINE)
    assert function
    code = f'set -euo pipefail; top="$1"\n{function[0]}\ncommand_of {name}'
    done = subprocess.run(["bash", "-c", code, "bash", str(ROOT)], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip("\n") == dict(COMMAND.findall(README))[name]


def test_the_readme_names_every_command() -> None:
    for name, command in main.commands.items():
        below = list(command.commands) if isinstance(command, click.Group) else []
        rows = [line for line in README.splitlines() if line.startswith(f"| `quotes {name}")]
        assert rows, name
        assert all(any(each in row for row in rows) for each in below), name


def test_the_readme_names_every_format() -> None:
    listed = set(re.findall(r"`([\w-]+)`", "".join(re.findall(r"^\| (`[^|]*) \|.*\|.*\|$", README, re.M))))
    assert {*views.FORMATS, *export.FORMATS} <= listed


def test_links_of_the_readme_lead_somewhere() -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", README)
    assert [target for target in targets if not (ROOT / target).exists()] == []
