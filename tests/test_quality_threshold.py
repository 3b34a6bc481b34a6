"""How the threshold of uncertain claims is chosen, on counts made by hand."""

from __future__ import annotations

from collections import Counter

import quality_threshold as choosing


def counts(right: int, listed: int) -> Counter[str]:
    return Counter(claim_tp=right, claim_pred=listed, claim_gold=10, origin_ok=right - 1)


FOUND = {
    0.0: {"a": counts(8, 10), "b": counts(9, 12)},
    0.5: {"a": counts(7, 8), "b": counts(9, 10)},
    0.9: {"a": counts(2, 2), "b": counts(4, 4)},
}


def test_shares() -> None:
    assert choosing.shares(FOUND[0.5], ["a"]) == (87.5, 70.0, 75.0)
    assert choosing.shares({"a": Counter(claim_gold=10)}, ["a"]) == (100.0, 0.0, 100.0)


def test_the_least_threshold_that_is_precise_enough() -> None:
    assert choosing.least(FOUND, ["a", "b"], 85.0) == 0.5
    assert choosing.least(FOUND, ["a"], 90.0) == 0.9
    assert choosing.least({0.0: {"a": counts(8, 10)}, 0.5: {"a": counts(7, 8)}}, ["a"], 99.0) == 0.5


def test_a_publisher_stands_in_one_fold() -> None:
    publishers = {"a1": "A", "a2": "A", "a3": "A", "b1": "B", "c1": "C", "c2": "C"}
    folds = choosing.folds_of(publishers, 2)
    assert sorted(map(sorted, folds)) == [["a1", "a2", "a3"], ["b1", "c1", "c2"]]


def test_the_table_names_the_choice() -> None:
    lines = choosing.table(FOUND, [["a"], ["b"]], 85.0).splitlines()
    assert lines[2].split() == ["0.5", "88.9", "80.0", "77.8"]
    assert lines[-1] == "UNCERTAIN = 0.5 for 85 right of 100"
    assert lines[-4].split() == ["1", "1", "0.5", "87.5", "70.0"]
