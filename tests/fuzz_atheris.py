"""Coverage-guided fuzzing of readers and marks: `python tests/fuzz_atheris.py -max_total_time=60`.

Needs the extra `fuzz`. The first byte chooses the reader, the rest is its input; anything but an article with right
spans or a named error is a crash, whose input is left beside as crash-….
"""

from __future__ import annotations

import logging
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["quotes.article", "quotes.marks", "quotes.legible"]):
    from quotes.article import formats, read_article
    from quotes.marks import find_passages

from fuzzing import seeds

from quotes.errors import InputError
from quotes.lexicon import load
from quotes.records import Article

LEXICON = load()
READERS = formats.FORMATS
LONGEST = 20_000
logging.disable(logging.CRITICAL)


def check(data: bytes) -> None:
    """One input: refused by name, or an article all of whose spans are what stands at their places."""
    if not data:
        return
    try:
        article = read_article(data[1:], input_format=READERS[data[0] % len(READERS)], lexicon=LEXICON)
    except InputError as error:
        refused: InputError | None = error
    else:
        refused = None
        check_spans(article)
    assert refused is None or (refused.message and refused.hint)


def check_spans(article: Article) -> None:
    at = 0
    for block in article.blocks:
        assert at <= block.start < block.end <= len(article.text)
        at = block.end
    for place in article.places:
        assert 0 <= place.start <= place.end <= len(article.text)
        assert 0 <= place.raw_start <= place.raw_end
    for credit in article.credit:
        assert credit.start is None or article.text[credit.start : credit.end] == credit.name
    for passage in find_passages(article, LEXICON)[0]:
        assert article.text[passage.start : passage.end] == passage.text
        assert passage.outer[0] <= passage.start < passage.end <= passage.outer[1]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for number, (_, data) in enumerate(seeds()):
            for reader in range(len(READERS)) if number % 7 == 0 else (0,):
                Path(folder, f"{number}-{reader}").write_bytes(bytes([reader]) + data[:LONGEST])
        atheris.Setup([*sys.argv, f"-max_len={LONGEST}", "-rss_limit_mb=4096", "-timeout=30", folder], check)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
