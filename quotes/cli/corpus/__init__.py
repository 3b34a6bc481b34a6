"""`quotes corpus`."""

from __future__ import annotations

import click

from quotes.cli.corpus import exports, queries, runs

__all__ = ["corpus"]


@click.group()
def corpus() -> None:
    """Analyse many articles and question them."""


for _command in (
    *(runs.run, runs.status, runs.schema),
    *(queries.sources, queries.claims, queries.trace, queries.sql, queries.report),
    exports.export,
):
    corpus.add_command(_command)
