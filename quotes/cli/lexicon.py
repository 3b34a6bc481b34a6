"""`quotes lexicon`."""

from __future__ import annotations

from pathlib import Path

import click

from quotes.cli.common import FOLDER


@click.group()
def lexicon() -> None:
    """Look after the word lists."""


@lexicon.command()
@click.argument("directory", required=False, type=FOLDER, metavar="[DIR]")
def check(directory: Path | None) -> None:
    """Check the word lists and count their entries.

    With DIR, those that result when its files are laid over ours.
    """
    from quotes.lexicon import describe, load

    found = load(directory)
    for name, count in describe(found).items():
        click.echo(f"{count:>6}  {name}")
    click.echo(f"The word lists are sound. Digest {found.digest}.")
