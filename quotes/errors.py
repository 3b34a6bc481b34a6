"""Every error that the package raises on purpose: a message, and a hint that says what to do."""

from __future__ import annotations


class QuotesError(Exception):
    """Base of all errors of this package.

    message: what went wrong, in one sentence; hint: what the user can do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class InputError(QuotesError):
    """An input that cannot be read as an article."""


class ModelError(QuotesError):
    """Models that are absent, incomplete or do not load."""


class LexiconError(QuotesError):
    """A word list that is empty, malformed or contradicts itself."""


class MissingExtra(QuotesError):
    """An optional dependency that this call needs is not installed."""

    def __init__(self, library: str, extra: str) -> None:
        self.library, self.extra = library, extra
        super().__init__(f"{library} is not installed.", f"Install it with: pip install 'quotes[{extra}]'")

    def __reduce__(self) -> tuple[type[MissingExtra], tuple[str, str]]:
        return type(self), (self.library, self.extra)
