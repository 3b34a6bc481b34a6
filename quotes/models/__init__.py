"""The sets of models: where their files lie, what Stanza needs to load them, and what their labels mean.

A folder of ours holds PART/en_quotes.pt for each part that is Stanza's own, the encoder and its heads as `network`, a
`resources.json` that Stanza asks for, and `SHA256SUMS` with the digests of the files. Nothing here imports torch or
Stanza before it needs them.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs

from quotes.errors import ModelError
from quotes.records import digest

PARTS = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")  # Stanza's processors, which make a parse
STANZA_PARTS = ("tokenize", "mwt", "lemma")  # those whose models are Stanza's in our sets too
NETWORK = "network"  # the folder of the encoder and its heads, which are the others' model
FILE = "en_quotes.pt"
SETTINGS = "config.json"
FILES = (
    *(f"{part}/{FILE}" for part in STANZA_PARTS),
    *(f"{NETWORK}/{name}.safetensors" for name in ("pieces", "encoder", "heads")),
    *(f"{NETWORK}/{name}" for name in ("vocabulary.txt", SETTINGS)),
)
OFFICIAL = (*PARTS, "pretrain")  # the folders of Stanza's English package
RESOURCES = "resources.json"
SUMS = "SHA256SUMS"
HERE = Path(__file__).parent
ATTRIBUTION = "attribution"
PRIOR, TAGGER, SCORE = (f"{ATTRIBUTION}/{name}" for name in ("prior.json", "tagger.npz", "score.json"))
DECIDING = (PRIOR, TAGGER, SCORE)
"""The files that decide on attributions: of a set that has none the bundled ones do."""

BUNDLED = HERE / "en"
CARD = HERE / "README.md"

LABELS: dict[str, str] = {
    # OntoNotes
    "PERSON": "PERSON",
    "NORP": "NORP",
    "FAC": "PLACE",
    "ORG": "ORG",
    "GPE": "PLACE",
    "LOC": "PLACE",
    "PRODUCT": "PRODUCT",
    "EVENT": "MISC",
    "WORK_OF_ART": "WORK",
    "LAW": "WORK",
    "LANGUAGE": "MISC",
    "DATE": "DATE",
    "TIME": "DATE",
    "PERCENT": "MISC",
    "MONEY": "MONEY",
    "QUANTITY": "MISC",
    "ORDINAL": "MISC",
    "CARDINAL": "MISC",
    # worldwide newswire; NORP as above
    "Person": "PERSON",
    "Organization": "ORG",
    "Location": "PLACE",
    "Facility": "PLACE",
    "Date": "DATE",
    "Money": "MONEY",
    "Product": "PRODUCT",
    "Misc": "MISC",
    # CoNLL; LOC and ORG as above
    "PER": "PERSON",
    "MISC": "MISC",
}
"""What each label of the OntoNotes, worldwide and CoNLL sets means as the `kind` of an Entity."""

PLAIN = str.maketrans(dict.fromkeys("“”„‟«»″", '"') | dict.fromkeys("‘’‚‛‹›′", "'") | {"\u00a0": " "})
"""Typographic marks in the forms that the models are shown: those that treebanks know."""

Progress = Callable[[str], None]


@attrs.frozen(kw_only=True)
class ModelSet:
    """A set of models that is in place.

    name: as it was asked for; directory: the folder that Stanza calls `dir`; bundled: whether it came
    with the package; official: whether it is Stanza's own English package.
    """

    name: str
    directory: Path
    bundled: bool = False
    official: bool = False

    def pipeline_options(self, device: str | None = None) -> dict[str, Any]:
        """Keyword arguments for `stanza.Pipeline("en", ...)`; threads and verbosity are the caller's.

        device: of torch; None: the caller's for Stanza's own parts, the processor for the network.
        """
        options: dict[str, Any] = {
            "dir": str(self.directory),
            "processors": ",".join(PARTS),
            "download_method": None,
        }
        if device is not None:
            options["device"] = device
        if self.official:
            return options
        from quotes.models.processors import VARIANT

        options |= {"package": None, "allow_unknown_language": True}
        for part in PARTS:
            if part in STANZA_PARTS:
                options[f"{part}_model_path"] = str(self.directory / part / FILE)
            else:
                options |= {
                    f"{part}_with_{VARIANT}": True,
                    f"{part}_model_path": str(self.directory / NETWORK),
                    f"{part}_device": device or "cpu",
                }
        return options

    @property
    def attributes(self) -> bool:
        """Whether the set has weights of its own that decide on attributions."""
        return all((self.directory / name).is_file() for name in DECIDING)

    def deciding(self) -> ModelSet:
        """The set whose weights decide on attributions: this one, or the bundled one where it has none."""
        return self if self.attributes else resolve("bundled")

    def deciding_digest(self) -> str:
        """Twelve hexadecimal digits that change with the weights that decide on attributions."""
        directory = self.deciding().directory
        return digest(*(f"{sha256(directory / name)}  {name}" for name in DECIDING))

    def files(self) -> dict[str, Path]:
        """The files of weights by their path inside the folder, in order."""
        names = (*FILES, *DECIDING) if self.attributes else FILES
        own = (self.directory / name for name in names)
        found = sorted(self.directory.glob("en/*/*.pt")) if self.official else own
        return {path.relative_to(self.directory).as_posix(): path for path in found}

    def digest(self) -> str:
        """Twelve hexadecimal digits that change with the weights.

        They depend on the files' sha256: the kept ones for the bundled set, which `info` checks; for
        Stanza's package on its list of models and on the files' sizes, for it is large.
        """
        if self.official:
            sizes = [f"{name} {path.stat().st_size}" for name, path in self.files().items()]
            return digest(sha256(self.directory / RESOURCES), *sizes)
        sums = read_sums(self.directory) if self.bundled else {}
        return digest(*(f"{sums.get(name) or sha256(path)}  {name}" for name, path in self.files().items()))


def resolve(name: str) -> ModelSet:
    """The set called `bundled` or `stanza`, or a folder laid out like ours. ModelError where it is not complete."""
    if name == "bundled":
        _require_complete(BUNDLED, "The bundled models are incomplete", "Install quotes again.")
        return ModelSet(name=name, directory=BUNDLED, bundled=True)
    if name == "stanza":
        return _official(_stanza_directory())
    directory = Path(name).expanduser()
    if not directory.is_dir():
        hint = "Give `bundled`, `stanza` or a folder; `quotes models list` shows what is there."
        raise ModelError(f"No models called {name!r}, and no such folder.", hint)
    hint = f"Expected in the folder: {', '.join((RESOURCES, *FILES))}, as `quotes models train` writes them."
    _require_complete(directory, f"The models in {name!r} are incomplete", hint)
    return ModelSet(name=name, directory=directory)


def refuse_altered(models: ModelSet) -> None:
    """Raise ModelError where a file is not what the folder's SHA256SUMS says; a folder without one passes."""
    sums = read_sums(models.directory)
    altered = [name for name, path in models.files().items() if sums and sums.get(name) != sha256(path)]
    if altered:
        raise ModelError(
            f"The models {models.name!r} are not what their {SUMS} says: {', '.join(altered)}.",
            "Install or train them again; weights from elsewhere are not to be trusted.",
        )


def list_models() -> tuple[dict[str, Any], ...]:
    """The two sets that go by name: name, about, directory, and installed (whether it is in place)."""
    official = _stanza_directory()
    return (
        {
            "name": "bundled",
            "about": "small English models that come with the package",
            "directory": str(BUNDLED),
            "installed": not _missing(BUNDLED),
        },
        {
            "name": "stanza",
            "about": "Stanza's own English package, fetched by `quotes models fetch`",
            "directory": str(official),
            "installed": not _missing_official(official),
        },
    )


def info(name: str) -> dict[str, Any]:
    """What there is to know about a set, every file of it read.

    name, directory, digest, bytes, card (path, or None), files (each name, bytes, sha256), and altered: the
    names of files that differ from the folder's SHA256SUMS, or None where it has none.
    """
    models = resolve(name)
    files: list[dict[str, Any]] = [
        {"name": inside, "bytes": path.stat().st_size, "sha256": sha256(path)}
        for inside, path in models.files().items()
    ]
    sums = read_sums(models.directory)
    card = CARD if models.bundled else models.directory / CARD.name
    return {
        "name": models.name,
        "directory": str(models.directory),
        "digest": models.digest(),
        "bytes": sum(file["bytes"] for file in files),
        "card": str(card) if card.is_file() else None,
        "files": files,
        "altered": [file["name"] for file in files if sums.get(file["name"]) != file["sha256"]] if sums else None,
    }


def fetch(*, directory: Path | None = None, url: str | None = None, progress: Progress | None = None) -> ModelSet:
    """Fetches Stanza's own English package with Stanza's loader.

    directory: where to (None: Stanza's usual place); url: of a server with Stanza's lists of models (None:
    Stanza's own); progress: called with each message of the loader. ModelError where it cannot be had.
    """
    import stanza

    place = directory or _stanza_directory()
    options: dict[str, Any] = {"model_dir": str(place), "processors": ",".join(PARTS)}
    if url:
        options["resources_url"] = url
    try:
        with _listening(progress):
            stanza.download("en", verbose=progress is not None, **options)
    except Exception as error:  # three network libraries with errors of their own stand behind it
        hint = "Check the connection and run `quotes models fetch` again; the bundled models need no network."
        raise ModelError(f"Stanza's English package could not be fetched: {error}", hint) from error
    return _official(place)


def write_sums(directory: Path) -> None:
    """Writes SHA256SUMS, in the form of the tool of that name, beside the weights of a folder of ours."""
    files = ModelSet(name=directory.name, directory=directory).files()
    lines = [f"{sha256(path)}  {name}\n" for name, path in files.items()]
    (directory / SUMS).write_text("".join(lines), encoding="utf-8")


def read_sums(directory: Path) -> dict[str, str]:
    """The digests that a folder's SHA256SUMS lists, by file; empty where it has none."""
    listed = directory / SUMS
    if not listed.is_file():
        return {}
    pairs = (line.split(maxsplit=1) for line in listed.read_text(encoding="utf-8").splitlines())
    return {name: value for value, name in pairs}


def sha256(path: Path) -> str:
    """The file's sha256, read again only when its size or time of change differs."""
    status = path.stat()
    return _sha256(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=64)
def _sha256(path: Path, _size: int, _changed: int) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _missing(directory: Path) -> list[str]:
    return [name for name in (RESOURCES, *FILES) if not (directory / name).is_file()]


def _require_complete(directory: Path, message: str, hint: str) -> None:
    if missing := _missing(directory):
        raise ModelError(f"{message}: {', '.join(missing)} missing.", hint)


def _stanza_directory() -> Path:
    from stanza.resources.common import DEFAULT_MODEL_DIR

    return Path(DEFAULT_MODEL_DIR)


def _missing_official(directory: Path) -> list[str]:
    missing = [] if (directory / RESOURCES).is_file() else [RESOURCES]
    return missing + [f"en/{part}" for part in OFFICIAL if not any((directory / "en" / part).glob("*.pt"))]


def _official(directory: Path) -> ModelSet:
    if missing := _missing_official(directory):
        message = f"Stanza's English package is not in {directory}: {', '.join(missing)} missing."
        raise ModelError(message, "Fetch it with: quotes models fetch")
    return ModelSet(name="stanza", directory=directory, official=True)


@contextmanager
def _listening(progress: Progress | None) -> Iterator[None]:
    """Sends what Stanza's logger says to `progress` instead of the terminal."""
    if progress is None:
        yield
        return
    logger = logging.getLogger("stanza")
    kept = logger.handlers[:]
    logger.handlers[:] = [_Messages(progress)]
    try:
        yield
    finally:
        logger.handlers[:] = kept


class _Messages(logging.Handler):
    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress

    def emit(self, record: logging.LogRecord) -> None:
        self._progress(record.getMessage())
