"""Pages that were fetched for a corpus, each kept as a web archive of its own: none is fetched twice."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import attrs

from quotes.article.addresses import without_secrets
from quotes.article.fetch import Fetched, Fetches
from quotes.corpus.inputs import warc
from quotes.corpus.store import write_whole


@attrs.frozen(kw_only=True)
class Pages:
    """Fetches a page where none is kept. folder: of those that are; fetch: what fetches the others."""

    folder: Path
    fetch: Fetches

    def __call__(self, url: str, *, trusted: bool) -> Fetched:
        """The page at an address. trusted: whether it may lead into a private network. Raises InputError."""
        path = self.folder / f"{hashlib.blake2b(url.encode('utf-8', 'replace'), digest_size=16).hexdigest()}.warc.gz"
        if path.is_file() and (kept := warc.page(io.BytesIO(path.read_bytes()))) is not None:
            return kept
        found = self.fetch(url, trusted=trusted)
        found = attrs.evolve(found, url=without_secrets(found.url))
        self.folder.mkdir(exist_ok=True)
        write_whole(path, warc.archive(found))
        return found
