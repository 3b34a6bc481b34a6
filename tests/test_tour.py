"""The notebook in samples/ runs from a clean kernel, and what it shows is kept in .screens to be looked at."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
TOUR = ROOT / "samples" / "tour.ipynb"
SCREENS = ROOT / ".screens"
LIGHT = 200_000


@pytest.fixture(scope="module")
def executed() -> Any:
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(TOUR, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])))
        nbclient.NotebookClient(notebook, timeout=180, resources={"metadata": {"path": str(TOUR.parent)}}).execute()
    SCREENS.mkdir(exist_ok=True)
    nbformat.write(notebook, SCREENS / "tour.ipynb")
    return notebook


def outputs(executed: Any, code: str) -> list[Any]:
    """What the cell that holds some code has shown."""
    [cell] = [each for each in executed.cells if each.cell_type == "code" and code in each.source]
    return list(cell.outputs)


@pytest.mark.models
def test_every_cell_runs(executed: Any) -> None:
    cells = [cell for cell in executed.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    kinds = {output.output_type for cell in cells for output in cell.outputs}
    assert kinds <= {"stream", "display_data", "execute_result"}
    complaints = [o.text for cell in cells for o in cell.outputs if o.output_type == "stream" and o.name == "stderr"]
    assert complaints == []


@pytest.mark.models
def test_a_report_shows_itself_lightly_and_as_plain_text_too(executed: Any) -> None:
    [shown] = outputs(executed, "report = analyzer.analyze")
    assert len(shown.data["text/html"].encode()) < LIGHT
    assert '<mark class="direct' in shown.data["text/html"]
    assert "claims from" in shown.data["text/plain"]
    assert "└─" in shown.data["text/plain"]


@pytest.mark.models
@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ('view="trees"', "text/html", "has it from"),
        ('notebook.show(report, view="network")', "text/html", "<svg"),
        ('notebook.show(reports, view="network")', "text/html", "<svg"),
        ('view="plot"', "image/png", "iVBOR"),
        ("%%quotes found", "text/html", "Ines Varga"),
        ("claims.loc[", "text/html", "<table"),
    ],
)
def test_views_show_what_they_promise(executed: Any, code: str, kind: str, words: str) -> None:
    [shown] = outputs(executed, code)
    assert words in shown.data[kind]
    assert len(shown.data[kind]) < LIGHT


def test_the_notebook_is_kept_without_outputs() -> None:
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(TOUR, as_version=4)
    nbformat.validate(notebook)
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in notebook.cells)
