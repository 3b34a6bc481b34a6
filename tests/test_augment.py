"""Training sentences in news forms: trees stay trees, and each form is what EWT makes of it."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotes.training import augment
from quotes.training.augment import Names, Sentence

TREEBANK = Path(__file__).parent / "toy" / "ud" / "toy-train.conllu"
SENTENCES = [block.splitlines() for block in TREEBANK.read_text(encoding="utf-8").strip().split("\n\n")]
NAMES = Names(people=["Nora Haddad"], places=["Karsa"])
SPEECH = """\
# text = Our cranes stand still, but the pumps work.
1\tOur\twe\tPRON\tPRP$\tPoss=Yes\t2\tnmod:poss\t_\t_
2\tcranes\tcrane\tNOUN\tNNS\tNumber=Plur\t3\tnsubj\t_\t_
3\tstand\tstand\tVERB\tVBP\tMood=Ind|VerbForm=Fin\t0\troot\t_\t_
4\tstill\tstill\tADV\tRB\t_\t3\tadvmod\t_\tSpaceAfter=No
5\t,\t,\tPUNCT\t,\t_\t9\tpunct\t_\t_
6\tbut\tbut\tCCONJ\tCC\t_\t9\tcc\t_\t_
7\tthe\tthe\tDET\tDT\t_\t8\tdet\t_\t_
8\tpumps\tpump\tNOUN\tNNS\tNumber=Plur\t9\tnsubj\t_\t_
9\twork\twork\tVERB\tVBP\tMood=Ind|VerbForm=Fin\t3\tconj\t_\tSpaceAfter=No
10\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_""".splitlines()
Form = Callable[[Sentence, Names], list[Sentence]]


def shown(sentence: Sentence) -> list[tuple[str, str, str]]:
    """Each word with its relation and its head."""
    tokens = augment.read(sentence)
    return [(each.text, each.deprel, tokens[each.head].text if each.head >= 0 else "") for each in tokens]


def is_tree(sentence: Sentence) -> bool:
    heads = [token.head for token in augment.read(sentence)]
    for start in range(len(heads)):
        seen, at = set(), start
        while at >= 0 and at not in seen:
            seen.add(at)
            at = heads[at]
        if at >= 0:
            return False
    return heads.count(-1) == 1


@pytest.mark.parametrize("form", augment.CHANGES.values(), ids=list(augment.CHANGES))
@given(seed=st.integers(0, 10_000), index=st.integers(-1, len(SENTENCES) - 1))
def test_every_form_is_a_tree_with_its_text(form: Form, seed: int, index: int) -> None:
    random.seed(seed)
    for made in form(SPEECH if index < 0 else SENTENCES[index], NAMES):
        tokens = augment.read(made)
        assert is_tree(made)
        assert [token.deprel for token in tokens if token.head < 0] == ["root"]
        text = "".join(token.text + " " * token.spaced for token in tokens).strip()
        assert made[0] == f"# text = {text}"


def made_by(form: Form, wanted: Callable[[Sentence], bool]) -> Sentence:
    """The first sentence that a form makes of the speech and that is as wanted."""
    for seed in range(20_000):
        random.seed(seed)
        for made in form(SPEECH, NAMES):
            if wanted(made):
                return made
    raise AssertionError("no such sentence was made")


def test_verb_behind_the_speech_is_the_root() -> None:
    made = made_by(augment.report, lambda each: each[0].endswith('work," Nora Haddad said.'))
    found = shown(made)
    assert ("said", "root", "") in found
    assert ("stand", "ccomp", "said") in found
    assert ("Nora", "nsubj", "said") in found
    assert ("Haddad", "flat", "Nora") in found


def test_verb_inside_the_speech_is_its_parataxis() -> None:
    made = made_by(augment.report, lambda each: "still, he said, but" in each[0])
    found = shown(made)
    assert ("stand", "root", "") in found
    assert ("said", "parataxis", "stand") in found
    assert ("work", "conj", "stand") in found


def test_subordinator_and_small_letter_before_a_clause() -> None:
    made = made_by(
        augment.report, lambda each: each[0].endswith("said that our cranes stand still, but the pumps work.")
    )
    assert ("that", "mark", "stand") in shown(made)
    assert (".", "punct", "said") in shown(made)


def test_title_hangs_on_the_name() -> None:
    made = made_by(augment.report, lambda each: "said Mayor " in each[0])
    title = next(each for each in shown(made) if each[0] == "Mayor")
    assert title[1] == "nmod:desc"
    assert (title[2], "nsubj", "said") in shown(made)


def test_dateline_is_a_sentence_of_its_own() -> None:
    made = made_by(augment.dateline, lambda each: each[0].startswith("# text = KARSA, May ") and "(AFP)" in each[0])
    day = augment.read(made)[3].text
    assert shown(made)[:-1] == [
        ("KARSA", "root", ""),
        (",", "punct", day),
        ("May", "nmod:unmarked", day),
        (day, "nmod:unmarked", "KARSA"),
        ("(", "punct", "AFP"),
        ("AFP", "list", "KARSA"),
        (")", "punct", "AFP"),
    ]
    assert shown(made)[-1][1:] == ("punct", "KARSA")


def test_label_is_the_root_and_speech_its_parataxis() -> None:
    made = made_by(augment.label, lambda each: each[0].startswith("# text = NORA HADDAD: Our cranes"))
    assert shown(made)[:3] == [("NORA", "root", ""), ("HADDAD", "flat", "NORA"), (":", "punct", "stand")]
    assert ("stand", "parataxis", "NORA") in shown(made)


def test_capitals_keep_the_tree() -> None:
    (made,) = augment.capitals(SPEECH, NAMES)
    assert made[0] == "# text = OUR CRANES STAND STILL, BUT THE PUMPS WORK."
    assert [token.lemma for token in augment.read(made)] == [token.lemma for token in augment.read(SPEECH)]


def test_words_of_one_token_are_left_alone() -> None:
    contracted = next(each for each in SENTENCES if any(line.startswith("3-4") for line in each))
    assert augment.read(contracted) == []
    assert augment.capitals(contracted, NAMES) == augment.label(contracted, NAMES) == []


def test_the_seed_fixes_what_is_made() -> None:
    pytest.importorskip("stanza")

    def made() -> list[Sentence]:
        random.seed(3)
        return augment.for_news(SENTENCES * 20, ["Karsa"])

    first = made()
    assert first == made()
    assert len(first) > len(SENTENCES) * 20


def test_entities_in_plain_marks_keep_their_labels() -> None:
    tokens = [("Haddad", "S-Person"), ("’", "O"), ("s", "O"), ("“", "O"), ("port", "O"), ("”", "O")]
    sentence = [{"text": text, "ner": label} for text, label in tokens]
    random.seed(1)
    made = augment.entities_for_news([sentence] * 400)
    forms = {tuple(token["text"] for token in each) for each in made}
    assert {("Haddad", "’", "s", "“", "port", "”"), ("Haddad", "'s", '"', "port", '"')} <= forms
    assert ("HADDAD", "’", "S", "“", "PORT", "”") in forms
    assert {each[0]["ner"] for each in made} == {"S-Person"}


def weighed(comment: str, *changes: tuple[str, str]) -> int:
    """How often the parser sees the speech with a comment and with these words put for others."""
    lines = [comment, *SPEECH]
    for old, new in changes:
        lines = [line.replace(old, new) for line in lines]
    return len(augment.weighed([lines]))


SAYING = ("stand\tstand\tVERB", "say\tsay\tVERB")
CLAUSE = ("3\tconj", "3\tccomp")


@pytest.mark.parametrize(
    ("times", "comment", "changes"),
    [
        (1, "# sent_id = reviews-001-0001", []),
        (1, "# sent_id = GUM_academic_art-3", []),
        (2, "# sent_id = GUM_news_harbour-3", []),
        (2, "# sent_id = GUM_interview_harbour-3", []),
        (2, "# sent_id = newsgroup-groups.example-0001", []),
        (2, "# sent_id = reviews-001-0001", [SAYING, CLAUSE]),
        (3, "# sent_id = GUM_news_harbour-3", [SAYING, CLAUSE]),
        (1, "# sent_id = reviews-001-0001", [SAYING]),
        (1, "# sent_id = reviews-001-0001", [CLAUSE]),
        (2, "# sent_id = reviews-001-0001", [("work\twork", "say\tsay"), ("3\tconj", "3\tparataxis")]),
    ],
)
def test_parser_sees_news_and_reported_speech_more_often(
    times: int, comment: str, changes: list[tuple[str, str]]
) -> None:
    assert weighed(comment, *changes) == times
