"""A bar that tells how far a long run is, in a terminal or a notebook (door to tqdm)."""

from __future__ import annotations

import sys
from typing import Any


class Bar:
    """A bar of articles on standard error, or in the notebook that it runs in; nothing at all unless shown.

    Use it as a context: it goes away at the end.
    """

    def __init__(self, total: int | None = None, *, shown: bool = True) -> None:
        self._line: Any = None
        if shown:
            from tqdm.auto import tqdm

            self._line = tqdm(total=total, unit=" articles", leave=False, dynamic_ncols=True, file=sys.stderr)

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, *_: object) -> None:
        if self._line is not None:
            self._line.close()

    def tell(self, done: int, total: int | None = None) -> None:
        """So many articles are done, of so many (as many as it was told before, where None)."""
        if self._line is not None:
            known = total if total is not None else self._line.total
            self._line.total = max(known, done) if known else known
            self._line.update(done - self._line.n)
            self._line.refresh()

    def write(self, text: str) -> None:
        """A line on standard error that the bar does not run into."""
        if self._line is not None:
            self._line.write(text, file=sys.stderr)
        else:
            print(text, file=sys.stderr)
