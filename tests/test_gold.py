"""Our own chain gold: its rows are sound, and what is found in its texts keeps above the floors in floors.json.

Rules are mended on gold/chains; gold/held_out was written before they were, and no rule is written for its texts.
`python tests/test_gold.py --report` prints the figures and every miss, of the texts held out the figures alone.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

import pytest
import scoring

FLOORS = Path(__file__).with_name("floors.json")
HELD_OUT = scoring.GOLD.parent / "held_out" / "chains.toml"
TEXTS = scoring.read_gold(scoring.gold_files())
HELD_OUT_TEXTS = scoring.read_gold([HELD_OUT])
MARKS = "“”‘’\"'"


def measured() -> tuple[scoring.Score, scoring.Score]:
    """The scores of both sets, all texts in one batch."""
    from quotes.analyzer import Analyzer
    from quotes.article import article_from_text

    texts = [*TEXTS, *HELD_OUT_TEXTS]
    articles = [article_from_text(text.text, publisher=text.publisher) for text in texts]
    found = [scoring.found_in(report) for report in Analyzer().analyze_all(articles)]
    for text, article in zip(texts, articles, strict=True):
        assert article.text == text.text, f"{text.name}: the offsets of gold and article differ"
    return scoring.score(TEXTS, found[: len(TEXTS)]), scoring.score(HELD_OUT_TEXTS, found[len(TEXTS) :])


def floors(name: str = "gold_chains") -> dict[str, float | str]:
    kept: dict[str, float | str] = json.loads(FLOORS.read_text("utf-8"))[name]
    return kept


def rows() -> list[tuple[scoring.GoldText, scoring.GoldClaim]]:
    return [(text, claim) for text in (*TEXTS, *HELD_OUT_TEXTS) for claim in text.claims]


def each(row: tuple[scoring.GoldText, scoring.GoldClaim]) -> str:
    return f"{row[0].name}: {row[1].content}"


def test_names_are_unique() -> None:
    names = Counter(text.name for text in (*TEXTS, *HELD_OUT_TEXTS))
    assert [name for name, count in names.items() if count > 1] == []


def test_there_is_enough_of_each() -> None:
    assert len(TEXTS) >= 160
    assert sum(text.deep for text in TEXTS) >= 85
    assert sum(text.negative for text in TEXTS) >= 45
    assert len(HELD_OUT_TEXTS) >= 60


def test_texts_are_short() -> None:
    lengths = {text.name: len(re.findall(r"[.!?][”’\"']*(?=\s|$)", text.text)) for text in TEXTS}
    assert {name: count for name, count in lengths.items() if not 2 <= count <= 8} == {}


def test_kinds_and_types_are_known() -> None:
    assert [each(row) for row in rows() if row[1].kind not in scoring.KINDS] == []
    assert [each(row) for row in rows() if {hop.type for hop in row[1].chain} - scoring.TYPES] == []


def test_every_claim_has_a_chain() -> None:
    assert [each(row) for row in rows() if not row[1].chain] == []


def test_contents_are_bare() -> None:
    """No "that" in front, no marks around, no comma or full stop behind."""
    bad = [
        part
        for _, claim in rows()
        for part in claim.content
        if part != part.strip(" ,.") or part.startswith("that ") or part[0] in MARKS or part[-1] in MARKS
    ]
    assert bad == []


def test_kinds_agree_with_the_marks() -> None:
    """A direct content stands between marks, an indirect one holds none that open a quotation."""
    wrong = []
    for text, claim in rows():
        before = [text.text[:start].count("“") > text.text[:start].count("”") for start, _ in claim.spans]
        if claim.kind == "direct" and "“" in text.text and not all(before):
            wrong.append(each((text, claim)))
        if claim.kind == "indirect" and (any(before) or "“" in "".join(claim.content)):
            wrong.append(each((text, claim)))
    assert wrong == []


def test_sources_stand_in_the_text() -> None:
    unnamed = {"unnamed"}
    missing = [
        (text.name, source)
        for text, claim in rows()
        for source in [*(name for hop in claim.chain for name in hop.sources), *claim.carried]
        if source not in unnamed and source.lower() not in text.text.lower()
    ]
    assert missing == []


def test_the_publisher_is_no_hop() -> None:
    assert [
        each((text, claim))
        for text, claim in rows()
        for hop in claim.chain
        if any(scoring.same(form, text.publisher) for form in hop.forms)
    ] == []


def test_the_gold_is_frozen() -> None:
    """The digest moves only with a deliberate correction of the gold, never along with a rule."""
    assert floors()["digest"] == scoring.gold_digest(scoring.gold_files())
    assert floors("gold_held_out")["digest"] == scoring.gold_digest([HELD_OUT])


def test_a_perfect_answer_scores_full_marks() -> None:
    found = [
        [
            scoring.Found(
                content=claim.content,
                chars=frozenset(claim.chars),
                chain=tuple(hop.sources for hop in claim.chain),
                carried=tuple((name,) for name in claim.carried),
            )
            for claim in text.claims
            if not claim.optional
        ]
        for text in TEXTS
    ]
    perfect = scoring.Score(claims_f1=100.0, exact=100.0, deep_exact=100.0, false_hops=0, misses=())
    assert scoring.score(TEXTS, found) == perfect


def test_a_wrong_answer_is_seen() -> None:
    text = next(text for text in TEXTS if text.name == "told-reporters")
    gold = text.claims[0]
    found = scoring.Found(
        content=gold.content,
        chars=frozenset(gold.chars),
        chain=(("reporters",), *(hop.sources for hop in gold.chain)),
        carried=(("Reuters",),),
    )
    result = scoring.score([text], [[found]])
    assert (result.claims_f1, result.false_hops) == (100.0, 2)
    assert "got   reporters <- Grace Achola  (carried: Reuters)" in result.misses[0]
    assert scoring.score([text], [[]]).claims_f1 == 0.0


@pytest.fixture(scope="module")
def results() -> dict[str, scoring.Score]:
    return dict(zip(("gold_chains", "gold_held_out"), measured(), strict=True))


@pytest.mark.models
@pytest.mark.parametrize("figure", ["claims_f1", "deep_exact"])
@pytest.mark.parametrize("name", ["gold_chains", "gold_held_out"])
def test_not_below_the_floor(results: dict[str, scoring.Score], name: str, figure: str) -> None:
    assert getattr(results[name], figure) >= float(floors(name)[figure])


@pytest.mark.models
@pytest.mark.parametrize("name", ["gold_chains", "gold_held_out"])
def test_no_more_false_hops_than_before(results: dict[str, scoring.Score], name: str) -> None:
    assert results[name].false_hops <= int(floors(name)["false_hops"])


def main() -> None:
    if sys.argv[1:] != ["--report"]:
        raise SystemExit("usage: python tests/test_gold.py --report")
    outcome, held_out = measured()
    print("\n".join(outcome.misses))
    for title, texts, score in (("own", TEXTS, outcome), ("held out", HELD_OUT_TEXTS, held_out)):
        deep, negative = sum(text.deep for text in texts), sum(text.negative for text in texts)
        print(f"\n{title}: {len(texts)} texts, {deep} with deep chains, {negative} without a relay")
        print(f"claims F1 {score.claims_f1}  deep exact {score.deep_exact}  false hops {score.false_hops}")
    print(f"\ndigests {scoring.gold_digest(scoring.gold_files())} {scoring.gold_digest([HELD_OUT])}")


if __name__ == "__main__":
    main()
