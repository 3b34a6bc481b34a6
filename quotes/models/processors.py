"""The network in Stanza's pipeline: variants `quotes` of its processors pos, depparse and ner.

    import stanza, quotes.models.processors
    from quotes.models import resolve
    nlp = stanza.Pipeline("en", **resolve("bundled").pipeline_options())

The three share one pass of the encoder over a document.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from stanza.models.common.doc import DEPREL, FEATS, HEAD, NER, UPOS, XPOS, Document
from stanza.pipeline.ner_processor import NERProcessor
from stanza.pipeline.processor import (
    NAME_TO_PROCESSOR_CLASS,
    ProcessorVariant,
    UDProcessor,
    register_processor_variant,
)

from quotes.models.annotate import Annotation, Annotator

VARIANT = "quotes"
NONE = "_"


@lru_cache(maxsize=2)
def open_network(folder: str, device: str) -> SharedAnnotator:
    """The network of a folder, loaded once for all the processors that read it."""
    return SharedAnnotator(Annotator(Path(folder), device))


class SharedAnnotator:
    """An annotator that remembers what it said of a document for as long as the document lives."""

    def __init__(self, annotator: Annotator) -> None:
        self._annotator = annotator
        self._said: WeakKeyDictionary[Any, list[Annotation]] = WeakKeyDictionary()

    def annotate(self, document: Any) -> list[Annotation]:
        words = [tuple(word.text for word in sentence.words) for sentence in document.sentences]
        said = self._said.get(document)
        if said is None or [each.words for each in said] != words:
            said = self._said[document] = self._annotator.annotate(words)
        return said


class _Variant(ProcessorVariant):  # type: ignore[misc]  # stanza has no types
    """What the three have in common. config: model_path, the network's folder; device (by default the processor)."""

    OVERRIDE = True

    def __init__(self, config: dict[str, Any]) -> None:
        self._network = open_network(config["model_path"], config.get("device", "cpu"))

    def process(self, document: Document) -> Document:
        self._write(document, self._network.annotate(document))
        return document

    def _write(self, document: Document, said: Sequence[Annotation]) -> None:
        raise NotImplementedError


@register_processor_variant("pos", VARIANT)
class Tags(_Variant):
    def _write(self, document: Document, said: Sequence[Annotation]) -> None:
        rows = [row for each in said for row in zip(each.upos, each.xpos, each.feats, strict=True)]
        document.set([UPOS, XPOS, FEATS], [[None if value == NONE else value for value in row] for row in rows])
        for sentence, each in zip(document.sentences, said, strict=True):
            sentence.vectors = each.vectors


@register_processor_variant("depparse", VARIANT)
class Trees(_Variant):
    def _write(self, document: Document, said: Sequence[Annotation]) -> None:
        document.set([HEAD, DEPREL], [row for each in said for row in zip(each.heads, each.deprels, strict=True)])
        for sentence in document.sentences:
            sentence.build_dependencies()


@register_processor_variant("ner", VARIANT)
class Entities(_Variant):
    def _write(self, document: Document, said: Sequence[Annotation]) -> None:
        labels = [
            label
            for sentence, each in zip(document.sentences, said, strict=True)
            for label in of_tokens(each.ner, [len(token.words) for token in sentence.tokens])
        ]
        document.set([NER], labels, to_token=True)
        document.build_ents()


class EntityProcessor(NERProcessor):  # type: ignore[misc]  # stanza has no types
    """Stanza's processor, which can't be set up with a variant in place of a model of its own."""

    def _set_up_final_config(self, config: dict[str, Any]) -> None:
        if hasattr(self, "_variant"):
            UDProcessor._set_up_final_config(self, config)
        else:
            super()._set_up_final_config(config)

    def __str__(self) -> str:
        return f"NERProcessor({self.config['model_path']})"


NAME_TO_PROCESSOR_CLASS["ner"] = EntityProcessor


def of_tokens(labels: Sequence[str], sizes: Sequence[int]) -> list[str]:
    """BIOES labels of tokens from those of their words; sizes: how many words each token has.

    A token belongs to the first entity that one of its words belongs to.
    """
    token_of = [token for token, size in enumerate(sizes) for _ in range(size)]
    found = ["O"] * len(sizes)
    start = free = 0
    for word, label in enumerate(labels):
        if label[0] in "BS":
            start = word
        if label[0] in "ES":
            first, last = max(free, token_of[start]), token_of[word]
            if first <= last:
                found[first : last + 1] = _bioes(label[2:], last + 1 - first)
                free = last + 1
    return found


def _bioes(kind: str, size: int) -> list[str]:
    if size == 1:
        return [f"S-{kind}"]
    return [f"B-{kind}", *[f"I-{kind}"] * (size - 2), f"E-{kind}"]
