"""The figures keep above tests/floors.json: on our own samples always, on the gold beside the checkout where it is."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import quality
import quality_calibration as calibration
import quality_runs as runs
import scoring

DATA = Path(__file__).resolve().parents[2] / "shared"
FIGURES: quality.Figures = {"chains": {"claims_f1": 70.0}, "cost": {"after_parse_percent": 5.0}}


@pytest.fixture(scope="module")
def sample_score() -> dict[str, float]:
    return quality.sample_figures(runs.make_analyzer())


@pytest.mark.models
@pytest.mark.parametrize("name", ["claims_f1", "exact"])
def test_samples_keep_above_their_floor(name: str, sample_score: dict[str, float]) -> None:
    floor = quality.read_floors()["samples"][name]
    assert not quality.breaks(name, sample_score[name], floor), f"{sample_score[name]}, at least {floor}"


def test_the_samples_and_their_gold_are_frozen() -> None:
    """The digest moves only with a deliberate change of text or gold, never along with a rule."""
    assert quality.read_floors()["samples"]["digest"] == quality.sample_digest()


@pytest.mark.models
@pytest.mark.skipif(not (DATA / "eval").is_dir(), reason="the gold articles are kept outside the repository")
def test_nothing_is_below_its_floor(tmp_path: Path) -> None:
    """Times are left out: a machine that does something else beside the tests would decide them."""
    floors = quality.read_floors().get("quality", {})
    if floors.get("digests") != quality.digests(DATA):
        pytest.skip("the gold beside this checkout is not that of the floors")
    found, _, _ = quality.measure(DATA, tmp_path)
    del found["cost"]["after_parse_percent"]
    assert quality.below(found, floors) == []


def test_floors_and_ceilings() -> None:
    floors: dict[str, Any] = {"chains": {"claims_f1": 70.2}, "cost": {"after_parse_percent": 10}}
    assert quality.below(FIGURES, floors) == []
    floors = {"chains": {"claims_f1": 71.0}, "cost": {"after_parse_percent": 4}}
    assert quality.below(FIGURES, floors) == [
        "chains dev: claims F1: 70, at least 71",
        "what follows the parse, % of the parse: 5, at most 4",
    ]


def test_floors_rise_and_fall_only_when_allowed() -> None:
    floors = {"chains": {"claims_f1": 71.0}, "cost": {"after_parse_percent": 10}}
    assert quality.moved(floors, FIGURES, lower=False) == floors
    lowered = quality.moved(floors, FIGURES, lower=True)
    assert (lowered["chains"]["claims_f1"], lowered["cost"]) == (70.0, {"after_parse_percent": 10})
    assert quality.moved({}, FIGURES, lower=False) == {"chains": {"claims_f1": 70.0}}


def test_gains_and_losses() -> None:
    right, wrong = quality.changes(Counter({"a": 2, "b": 1}), Counter({"a": 1, "c": 1}))
    assert (right, wrong) == (["c"], ["a", "b"])


def test_the_kept_state_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quality, "KEPT", tmp_path / "kept" / "last.jsonl")
    assert quality.read_kept({"chains": "x"}) == ({}, None)
    wrong = Counter({"chain  seed  It is “new”": 2})
    quality.keep(FIGURES, wrong, {"chains": "x"})
    assert quality.read_kept({"chains": "x"}) == (FIGURES, wrong)
    assert quality.read_kept({"chains": "other gold"}) == (FIGURES, None)


def test_what_the_scorers_list_as_wrong_is_read() -> None:
    printed = "- seed: 'We \\'ll go'\n    gold A\n- x_2: \"It's over\" gold='he' got=None\narticles 2\n"
    assert runs._missed("chain", printed) == Counter({"chain  seed  We \\'ll go": 1, "chain  x_2  It's over": 1})


def test_the_table_has_every_figure() -> None:
    found: quality.Figures = {}
    for key in quality.TITLES:
        group, name = key.split(".")
        found.setdefault(group, {})[name] = 50.0
    lines = quality.table(found, {"chains": {"claims_f1": 49.0}}, {"chains": {"claims_f1": 48.5}}).splitlines()
    assert len(lines) == len(quality.TITLES) + 1
    assert lines[1].split()[-5:] == ["50.0", "49.0", "+1.0", "≥", "48.5"]


def test_calibration() -> None:
    assert calibration.calibration_error([(0.5, True), (0.5, False)]) == 0.0
    assert calibration.calibration_error([(1.0, False), (0.0, False)]) == 0.5
    assert calibration.auroc([(0.9, True), (0.1, False), (0.1, True)]) == 0.75


def test_sample_gold_is_read_like_the_other_gold() -> None:
    texts = scoring.read_samples(quality.SAMPLES, quality.SAMPLE_GOLD)
    assert sorted(text.name for text in texts) == sorted(path.stem for path in quality.SAMPLES.glob("*.txt"))
    hops = [hop for text in texts for claim in text.claims for hop in claim.chain]
    assert any(len(hop.sources) > 1 for hop in hops)
    assert all(set(hop.sources) <= set(hop.forms) and hop.type in scoring.TYPES for hop in hops)
