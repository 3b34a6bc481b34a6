"""What a reader says of the findings: accepted, rejected, given to another source, joined, parted, added.

Corrections are kept in a file of the reader's own, by the words that they are about: a run with other models finds
them again, and no run writes to that file.
"""

from quotes.corrections.apply import Corrected, apply
from quotes.corrections.files import read_corrections

__all__ = ["Corrected", "apply", "read_corrections"]
