"""The encoder: BERT in plain torch (Devlin et al., NAACL 2019), and the word pieces that it reads.

Its base model is uncased, so each piece also carries the shape of its word: capitals, digits, marks.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from torch import Tensor, nn
from torch.nn import functional

PADDING, UNKNOWN, FIRST, LAST, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
SPECIAL = (PADDING, UNKNOWN, FIRST, LAST, MASK)
SHAPES = ("none", "lower", "title", "upper", "initial", "mixed", "number", "code", "mark", "other")
CASED = tuple(SHAPES.index(name) for name in ("lower", "title", "upper", "initial", "mixed"))


@lru_cache(maxsize=50_000)
def shape(word: str) -> int:
    """The place in SHAPES of a word's shape."""
    return SHAPES.index(_shape(word))


def _shape(word: str) -> str:
    letters = [char for char in word if char.isalpha()]
    if any(char.isdigit() for char in word):
        return "code" if letters else "number"
    if not letters:
        return "mark"
    if len(letters) == 1 and letters[0].isupper():
        return "initial"
    if all(char.isupper() for char in letters):
        return "upper"
    if all(char.islower() for char in letters):
        return "lower"
    if letters[0].isupper() and all(char.islower() for char in letters[1:]):
        return "title"
    return "mixed" if any(char.isupper() for char in letters) else "other"


@attrs.frozen(kw_only=True)
class Pieces:
    """Words cut into pieces: `ids` and `words`, the index of each piece's word; every word has one piece at least."""

    ids: list[int]
    words: list[int]


class WordPieces:
    """Cuts words into the pieces of a vocabulary, greedily from the left (uncased WordPiece, as BERT's).

    A piece that the vocabulary lacks falls apart into smaller ones; a word with no piece at all is [UNK].
    """

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self.vocabulary = tuple(vocabulary)
        self.ids = {piece: index for index, piece in enumerate(self.vocabulary)}
        self._tokenizer = Tokenizer(WordPiece(self.ids, unk_token=UNKNOWN))
        self._tokenizer.normalizer = BertNormalizer(lowercase=True)
        self._tokenizer.pre_tokenizer = BertPreTokenizer()

    def cut(self, words: Sequence[str]) -> Pieces:
        legible = [word.encode("utf-8", "replace").decode() for word in words]  # lone surrogates are no UTF-8
        found = self._tokenizer.encode(legible, is_pretokenized=True, add_special_tokens=False)
        ids: list[int] = []
        places: list[int] = []
        own: list[int] = [word for word in found.word_ids if word is not None]
        for piece, word in zip(found.ids, own, strict=True):
            self._fill(ids, places, places[-1] + 1 if places else 0, word)
            ids.append(piece)
            places.append(word)
        self._fill(ids, places, places[-1] + 1 if places else 0, len(words))
        return Pieces(ids=ids, words=places)

    def _fill(self, ids: list[int], places: list[int], start: int, end: int) -> None:
        for word in range(start, end):
            ids.append(self.ids[UNKNOWN])
            places.append(word)


class Layer(nn.Module):  # type: ignore[misc]  # torch has no types
    """Self-attention and a feed-forward network, each followed by its residual and layer normalization."""

    def __init__(self, size: int, inner: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.attend = nn.Linear(size, 3 * size)
        self.gather = nn.Linear(size, size)
        self.attended = nn.LayerNorm(size, eps=1e-12)
        self.widen = nn.Linear(size, inner)
        self.narrow = nn.Linear(inner, size)
        self.fed = nn.LayerNorm(size, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        rows, length, size = x.shape
        query, key, value = self.attend(x).view(rows, length, 3, self.heads, size // self.heads).permute(2, 0, 3, 1, 4)
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        x = self.attended(x + self.gather(found.transpose(1, 2).reshape(rows, length, size)))
        return self.fed(x + self.narrow(functional.gelu(self.widen(x))))


class Encoder(nn.Module):  # type: ignore[misc]  # torch has no types
    """BERT's encoder, with an embedding of word shapes added to those of pieces and positions.

    settings: `pieces`, `positions`, `size`, `inner`, `heads`, `layers` (all numbers).
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__()
        size = settings["size"]
        self.pieces = nn.Embedding(settings["pieces"], size)
        self.positions = nn.Embedding(settings["positions"], size)
        self.shapes = nn.Embedding(len(SHAPES), size)
        nn.init.zeros_(self.shapes.weight)
        self.embedded = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList(
            Layer(size, settings["inner"], settings["heads"]) for _ in range(settings["layers"])
        )

    def forward(self, ids: Tensor, shapes: Tensor, mask: Tensor | None = None) -> list[Tensor]:
        """The vectors of every layer, the embeddings first, each of shape (rows, pieces, size).

        ids, shapes: (rows, pieces); mask: of the same shape, true where there is a piece (None: everywhere).
        """
        x = self.embedded(self.pieces(ids) + self.positions.weight[: ids.shape[1]] + self.shapes(shapes))
        seen = None if mask is None else mask[:, None, None, :]
        found = [x]
        for layer in self.layers:
            x = layer(x, seen)
            found.append(x)
        return found


def read_base(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor], list[str]]:
    """Settings, weights by our names, and vocabulary of a BERT model in a folder (config.json, model.safetensors,
    vocab.txt)."""
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").split("\n")
    vocabulary = vocabulary[:-1] if not vocabulary[-1] else vocabulary
    settings = {
        "pieces": config["vocab_size"],
        "positions": config["max_position_embeddings"],
        "size": config["hidden_size"],
        "inner": config["intermediate_size"],
        "heads": config["num_attention_heads"],
        "layers": config["num_hidden_layers"],
    }
    theirs = {name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()}
    kinds = theirs["embeddings.token_type_embeddings.weight"][0]
    ours = {
        "pieces.weight": theirs["embeddings.word_embeddings.weight"],
        "positions.weight": theirs["embeddings.position_embeddings.weight"] + kinds,
        "shapes.weight": torch.zeros(len(SHAPES), settings["size"]),
    }
    for end in ("weight", "bias"):
        ours[f"embedded.{end}"] = theirs[f"embeddings.LayerNorm.{end}"]
        for at in range(settings["layers"]):
            there = f"encoder.layer.{at}"
            three = [theirs[f"{there}.attention.self.{name}.{end}"] for name in ("query", "key", "value")]
            ours |= {
                f"layers.{at}.attend.{end}": torch.cat(three),
                f"layers.{at}.gather.{end}": theirs[f"{there}.attention.output.dense.{end}"],
                f"layers.{at}.attended.{end}": theirs[f"{there}.attention.output.LayerNorm.{end}"],
                f"layers.{at}.widen.{end}": theirs[f"{there}.intermediate.dense.{end}"],
                f"layers.{at}.narrow.{end}": theirs[f"{there}.output.dense.{end}"],
                f"layers.{at}.fed.{end}": theirs[f"{there}.output.LayerNorm.{end}"],
            }
    return settings, ours, vocabulary


def plain_letter(piece: str) -> bool:
    """Whether a piece is one character, alone or inside a word: what every longer one can fall apart into."""
    text = piece.removeprefix("##")
    return len(text) == 1 and unicodedata.category(text)[0] in "LNPS" and ord(text) < 0x250
