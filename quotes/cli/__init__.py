"""The command line: reads arguments, calls the floors below, prints. Data on stdout, everything else on stderr.

Exit codes: 0 done, 1 error, 2 usage, 3 finished with failed articles. Commands import what they need when they run,
so that help is instant.
"""

from __future__ import annotations

import os
from typing import Any

import click

from quotes.cli import corpus, doctor, lexicon, models, report
from quotes.errors import QuotesError

__all__ = ["main"]

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Quotes(click.Group):
    """The group of all commands: turns errors into a message, a hint and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except QuotesError as error:
            click.echo(f"error: {_visible(error.message)}", err=True)
            if error.hint:
                click.echo(f"hint: {_visible(error.hint)}", err=True)
        except (click.ClickException, click.Abort, click.exceptions.Exit, OSError, EOFError):
            raise
        except Exception as error:
            if os.environ.get("QUOTES_TRACEBACK"):
                raise
            click.echo(f"error: {type(error).__name__}: {_visible(str(error))}", err=True)
            click.echo("hint: This is a fault in quotes. QUOTES_TRACEBACK=1 shows where, for a report.", err=True)
        return ctx.exit(1)


def _visible(text: str) -> str:
    from quotes.views.facts import visible

    return visible(text)


def _print_version(ctx: click.Context, _option: click.Parameter, value: bool) -> None:
    if not value or ctx.resilient_parsing:
        return
    from quotes.cli.common import version

    click.echo(f"quotes {version()}")
    ctx.exit()


@click.group(cls=_Quotes, context_settings=_CONTEXT)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version, help="Show the version."
)
def main() -> None:
    """Who said it, and through whom: quotations, speakers and reporting chains in news text."""


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print a shell's completion script.

    For bash: quotes completion bash > ~/.local/share/bash-completion/completions/quotes
    """
    from click.shell_completion import get_completion_class

    complete = get_completion_class(shell)
    assert complete is not None
    click.echo(complete(main, {}, "quotes", "_QUOTES_COMPLETE").source())


for _command in (report.report, report.explain, corpus.corpus, models.models, lexicon.lexicon, doctor.doctor):
    main.add_command(_command)
