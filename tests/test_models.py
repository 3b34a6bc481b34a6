"""The sets of models: resolving, digests, labels, and what happens where files are missing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from quotes import models
from quotes.errors import ModelError

KINDS = {"PERSON", "ORG", "NORP", "PLACE", "DATE", "MONEY", "WORK", "PRODUCT", "MISC"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder laid out like ours, with files that are no weights."""
    for name in models.FILES:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    (tmp_path / models.RESOURCES).write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where Stanza would keep its own package: empty at first."""
    monkeypatch.setattr(models, "_stanza_directory", lambda: tmp_path)
    return tmp_path


def test_import_is_light() -> None:
    code = "import sys, quotes.models; print('torch' in sys.modules or 'stanza' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_bundled_is_complete_and_unaltered() -> None:
    facts = models.info("bundled")
    assert facts["altered"] == []
    assert facts["bytes"] == sum(file["bytes"] for file in facts["files"])
    assert {file["name"] for file in facts["files"]} == {*models.FILES, *models.DECIDING}
    assert facts["digest"] == models.resolve("bundled").digest()
    assert Path(facts["card"]).name == "README.md"


def test_bundled_is_small_enough_to_ship() -> None:
    facts = models.info("bundled")
    assert facts["bytes"] < 64_000_000
    assert all(file["bytes"] < 25_000_000 for file in facts["files"])


def test_options_name_every_file(folder: Path) -> None:
    options = models.resolve(str(folder)).pipeline_options()
    paths = {name: value for name, value in options.items() if name.endswith("_path")}
    network = dict.fromkeys(("pos_model_path", "depparse_model_path", "ner_model_path"), str(folder / models.NETWORK))
    own = {f"{part}_model_path": str(folder / part / models.FILE) for part in models.STANZA_PARTS}
    assert paths == own | network
    assert all(Path(path).exists() for path in paths.values())
    assert all(options[f"{part}_with_quotes"] for part in ("pos", "depparse", "ner"))
    assert options["dir"] == str(folder)
    assert options["package"] is None
    assert options["download_method"] is None
    assert options["processors"] == "tokenize,mwt,pos,lemma,depparse,ner"


def test_missing_parts_are_named(folder: Path) -> None:
    (folder / "network" / "heads.safetensors").unlink()
    (folder / models.RESOURCES).unlink()
    with pytest.raises(ModelError) as caught:
        models.resolve(str(folder))
    assert "resources.json, network/heads.safetensors missing" in caught.value.message
    assert "tokenize" not in caught.value.message
    assert "network/config.json" in caught.value.hint


def test_no_such_set() -> None:
    with pytest.raises(ModelError, match="No models called 'nonesuch'"):
        models.resolve("nonesuch")


def test_digest_changes_with_the_weights(folder: Path) -> None:
    before = models.resolve(str(folder)).digest()
    assert models.resolve(str(folder)).digest() == before
    (folder / "network" / "encoder.safetensors").write_bytes(b"other weights")
    assert models.resolve(str(folder)).digest() != before


def test_altered_weights_are_refused(folder: Path) -> None:
    models.write_sums(folder)
    found = models.resolve(str(folder))
    models.refuse_altered(found)
    (folder / "network" / "encoder.safetensors").write_bytes(b"other")
    with pytest.raises(ModelError, match="not what their SHA256SUMS says: network/"):
        models.refuse_altered(found)
    (folder / models.SUMS).unlink()
    models.refuse_altered(found)


def test_digest_does_not_depend_on_the_place(folder: Path) -> None:
    before = models.resolve(str(folder)).digest()
    moved = folder.rename(folder.with_name("elsewhere"))
    assert models.resolve(str(moved)).digest() == before


def test_info_tells_altered_files(folder: Path) -> None:
    assert models.info(str(folder))["altered"] is None
    models.write_sums(folder)
    assert models.info(str(folder))["altered"] == []
    (folder / "lemma" / models.FILE).write_bytes(b"other weights")
    assert models.info(str(folder))["altered"] == ["lemma/en_quotes.pt"]
    assert models.info(str(folder))["card"] is None


def test_absent_stanza_package_names_the_command(official: Path) -> None:
    with pytest.raises(ModelError) as caught:
        models.resolve("stanza")
    assert "quotes models fetch" in caught.value.hint
    assert [each["installed"] for each in models.list_models()] == [True, False]
    assert str(official) in caught.value.message


def test_stanza_package_in_place(official: Path) -> None:
    (official / models.RESOURCES).write_text("{}", encoding="utf-8")
    for part in models.OFFICIAL:
        (official / "en" / part).mkdir(parents=True)
        (official / "en" / part / "some_package.pt").write_bytes(b"weights")
    found = models.resolve("stanza")
    options = found.pipeline_options()
    assert options == {
        "dir": str(official),
        "processors": ",".join(models.PARTS),
        "download_method": None,
    }
    before = found.digest()
    (official / "en" / "ner" / "some_package.pt").write_bytes(b"longer weights")
    assert models.resolve("stanza").digest() != before


def test_fetch_offline_is_a_clear_error(tmp_path: Path) -> None:
    lines: list[str] = []
    with pytest.raises(ModelError) as caught:
        models.fetch(directory=tmp_path, url="http://127.0.0.1:9", progress=lines.append)
    assert "could not be fetched" in caught.value.message
    assert "quotes models fetch" in caught.value.hint


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        ("PERSON", "PERSON"),
        ("Person", "PERSON"),
        ("PER", "PERSON"),
        ("ORG", "ORG"),
        ("Organization", "ORG"),
        ("GPE", "PLACE"),
        ("Location", "PLACE"),
        ("LOC", "PLACE"),
        ("FAC", "PLACE"),
        ("Facility", "PLACE"),
        ("NORP", "NORP"),
        ("Date", "DATE"),
        ("Money", "MONEY"),
        ("WORK_OF_ART", "WORK"),
        ("Product", "PRODUCT"),
        ("Misc", "MISC"),
        ("MISC", "MISC"),
    ],
)
def test_labels(label: str, kind: str) -> None:
    assert models.LABELS[label] == kind


def test_labels_give_our_kinds_only() -> None:
    assert set(models.LABELS.values()) == KINDS


@pytest.mark.models
def test_bundled_loads_and_its_labels_are_known() -> None:
    import stanza

    pipeline = stanza.Pipeline("en", verbose=False, **models.resolve("bundled").pipeline_options())
    settings = json.loads((models.BUNDLED / models.NETWORK / models.SETTINGS).read_text(encoding="utf-8"))
    assert {label[2:] for label in settings["labels"]["ner"] if label != "O"} <= set(models.LABELS)
    document = pipeline("Ilse Brandt didn't answer, Reuters reported on Monday.")
    words = [word.text for sentence in document.sentences for word in sentence.words]
    assert words[:4] == ["Ilse", "Brandt", "did", "n't"]
    assert next((entity.text, models.LABELS[entity.type]) for entity in document.ents) == ("Ilse Brandt", "PERSON")


def test_a_set_decides_by_its_own_weights_or_by_ours(folder: Path) -> None:
    shipped = models.resolve("bundled").deciding_digest()
    other = models.resolve(str(folder))
    before = other.digest()
    assert (other.deciding().name, other.deciding_digest()) == ("bundled", shipped)
    (folder / models.ATTRIBUTION).mkdir()
    for name in models.DECIDING:
        (folder / name).write_text(name, encoding="utf-8")
    own = other.deciding_digest()
    assert other.deciding() is other
    assert other.digest() != before
    (folder / models.TAGGER).write_text("other weights", encoding="utf-8")
    assert len({shipped, own, other.deciding_digest()}) == 3
