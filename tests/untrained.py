"""Untrained models of Stanza's own kinds, for what hangs on their form alone: its package's layout, and speed.

They know the tags and relations of the toy treebank and the classes of the toy entities.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

TOY = Path(__file__).parent / "toy"
SMALL = {
    "pos": ("--hidden_dim", "8", "--tag_emb_dim", "4", "--deep_biaff_hidden_dim", "8", "--transformed_dim", "8"),
    "depparse": ("--hidden_dim", "8", "--tag_emb_dim", "4", "--deep_biaff_hidden_dim", "8", "--transformed_dim", "8"),
    "ner": ("--hidden_dim", "8",),
}  # fmt: skip


def build(
    folders: dict[str, Path], words: int, dimensions: int, options: dict[str, Sequence[str]], classes: int = 0
) -> None:
    """Writes pos, depparse, ner and pretrain, each as the file that `folders` names.

    words, dimensions: of the table of vectors; options: of Stanza's trainers by part; classes: of entities
    (0: the toy's).
    """
    import torch
    from stanza.models import ner_tagger, parser, tagger
    from stanza.models.common.doc import Document
    from stanza.models.common.pretrain import Pretrain, PretrainedWordVocab
    from stanza.models.depparse.data import DataLoader as Trees
    from stanza.models.depparse.trainer import GraphTrainer
    from stanza.models.ner.data import DataLoader as Entities
    from stanza.models.ner.trainer import Trainer as EntityTagger
    from stanza.models.pos.trainer import Trainer as Tagger
    from stanza.utils.conll import CoNLL

    torch.manual_seed(1)
    for path in folders.values():
        path.parent.mkdir(parents=True, exist_ok=True)
    vocabulary = PretrainedWordVocab([f"filler{at}" for at in range(words)], lower=True)
    vectors = torch.randn(len(vocabulary), dimensions)
    torch.save({"vocab": vocabulary.state_dict(), "emb": vectors}, folders["pretrain"])
    pretrain = Pretrain(str(folders["pretrain"]))
    treebank = str(TOY / "ud" / "toy-train.conllu")
    common = [
        "--lang",
        "en",
        "--shorthand",
        "en_untrained",
        "--train_file",
        treebank,
        "--word_emb_dim",
        str(dimensions),
    ]

    settings = tagger.parse_args([*common, *options["pos"]])
    vocab, _, _ = tagger.load_training_data(settings, pretrain)
    Tagger(args=settings, vocab=vocab, pretrain=pretrain, device="cpu").save(str(folders["pos"]))

    settings = parser.parse_args([*common, *options["depparse"]])
    vocab = Trees(CoNLL.conll2doc(input_file=treebank), 1, settings, pretrain, evaluation=False).vocab
    parsing = GraphTrainer(args=settings, vocab=vocab, pretrain=pretrain, device="cpu")
    _hang_on_the_word_before(parsing.model)
    parsing.save(str(folders["depparse"]))

    labels = [f"{place}-CLASS{at}" for at in range(classes) for place in "BIES"]
    made = [[{"text": label, "ner": label} for label in ["O", *labels]]]
    tagged = Document(made if classes else json.loads((TOY / "ner" / "toy.train.json").read_text(encoding="utf-8")))
    settings = ner_tagger.parse_args(
        ["--shorthand", "en_untrained", "--word_emb_dim", str(dimensions), *options["ner"]]
    )
    loader = Entities(tagged, 1, settings, pretrain, preprocess_tags=bool(not classes))
    EntityTagger(args=settings, vocab=loader.vocab, pretrain=pretrain, device="cpu").save(str(folders["ner"]))


def _hang_on_the_word_before(model: Any) -> None:
    """Stanza begins with scores of nought: let direction say left, and distance one, so that a tree is a chain."""
    import torch

    with torch.no_grad():
        model.linearization.scorer.W_bilin.bias.fill_(-20.0)
        model.distance.scorer.W_bilin.bias.fill_(-10.0)
