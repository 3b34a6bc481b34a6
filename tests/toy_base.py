"""A BERT model of a few weights, as the recipe takes it: letters and a few pieces of words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from quotes.models.encoder import SPECIAL

LETTERS = [f"{lead}{letter}" for lead in ("", "##") for letter in "abcdefghijklmnopqrstuvwxyz0123456789.,:;!?'\"-()"]
BASE = [*SPECIAL, *LETTERS, "har", "##bour", "harbour", "the", "said"]
SIZES = {"positions": 512, "size": 8, "inner": 16, "heads": 2, "layers": 2}


def base_model(folder: Path) -> Path:
    """Writes the model into a folder that is not there yet."""
    import torch
    from safetensors.torch import save_file

    folder.mkdir()
    names = {"vocab_size": len(BASE), "max_position_embeddings": SIZES["positions"], "hidden_size": SIZES["size"]}
    names |= {"intermediate_size": SIZES["inner"], "num_attention_heads": 2, "num_hidden_layers": 2}
    (folder / "config.json").write_text(json.dumps(names), encoding="utf-8")
    (folder / "vocab.txt").write_text("\n".join(BASE) + "\n", encoding="utf-8")
    random_weights = torch.Generator().manual_seed(3)

    def some(*shape: int) -> Any:
        return torch.randn(*shape, generator=random_weights) * 0.1

    size, inner = SIZES["size"], SIZES["inner"]
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (len(BASE), size),
        "embeddings.position_embeddings.weight": (SIZES["positions"], size),
        "embeddings.token_type_embeddings.weight": (2, size),
        "embeddings.LayerNorm.weight": (size,),
        "embeddings.LayerNorm.bias": (size,),
    }
    for at in range(SIZES["layers"]):
        layers = {f"attention.self.{name}": (size, size) for name in ("query", "key", "value")}
        layers |= {"attention.output.dense": (size, size), "intermediate.dense": (inner, size)}
        layers |= {"output.dense": (size, inner), "attention.output.LayerNorm": (size,), "output.LayerNorm": (size,)}
        for name, form in layers.items():
            shapes[f"encoder.layer.{at}.{name}.weight"] = form
            shapes[f"encoder.layer.{at}.{name}.bias"] = form[:1]
    save_file({name: some(*form) for name, form in shapes.items()}, folder / "model.safetensors")
    return folder
