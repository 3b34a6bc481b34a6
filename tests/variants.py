"""Measures whether answers stay right where a text is said in another way: variants of our own texts.

    python tests/variants.py [--show CONSTRUCTION ...] [--per-row N]
    python tests/variants.py --sample N
    python tests/variants.py --update

Every row of tests/tables and every text of the chain gold that passes as it stands is run with other names, a time
behind the cue, more about the source, another order of clauses and so on: variants that must not change its answer.
Printed: the share that keeps the right answer, by construction (the table or gold file) and by kind of variant.
--show prints the failures of a construction or kind (of texts held out, no text is shown). --sample prints N variants
to be read and measures nothing. --update measures the few rows that tests/test_variants.py runs and keeps its floors.
"""

from __future__ import annotations

import argparse
import json
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import attrs
import variants_names as names
import variants_syntax as syntax
from variants_cases import Case, Row, article_of, faults, read_cases

from quotes.analyzer import Analyzer

FLOORS = Path(__file__).with_name("floors.json")
Generator = Callable[[Case, Random], Row | None]
KINDS: dict[str, Generator] = {
    "names": names.renamed,
    "names, the": partial(names.renamed, the=True),
    "time": syntax.timed,
    "apposition": syntax.apposition,
    "title": syntax.title,
    "relative": syntax.relative,
    "order": syntax.order,
    "that": syntax.that,
    "hearsay": syntax.hearsay,
    "straight": syntax.straight,
    "curly": syntax.curly,
    "passive": syntax.passive,
}
PER_ROW = 2  # variants of a kind and row: all of them take some four minutes on two threads
ONE_IN = 16  # of the rows, what the test runs, a variant of each kind
FEW = 5  # fewer variants of a construction say nothing about it


@attrs.frozen(kw_only=True)
class Variant:
    """A row made from a case's, by a kind of variant."""

    case: Case
    kind: str
    row: Row


@attrs.frozen(kw_only=True)
class Outcome:
    """A variant and what is wrong with what was found in it."""

    variant: Variant
    faults: Sequence[str]


def variants(cases: Iterable[Case], per_row: int = PER_ROW) -> list[Variant]:
    """At most so many variants of each kind of each case, always the same ones."""
    return [
        Variant(case=case, kind=kind, row=row)
        for case in cases
        for kind, generate in KINDS.items()
        for row in _different(case, kind, generate, per_row)
    ]


def _different(case: Case, kind: str, generate: Generator, count: int) -> list[Row]:
    drawn = [generate(case, Random(f"{case.key}, {kind}, {at}")) for at in range(count)]
    by_text = {row["text"]: row for row in drawn if row is not None and row["text"] != case.text}
    return list(by_text.values())


def in_sample(key: str) -> bool:
    """Whether the test runs a row: the same few, whatever becomes of the others."""
    return zlib.crc32(key.encode()) % ONE_IN == 0


def measure(analyzer: Analyzer, found: Sequence[Variant]) -> list[Outcome]:
    reports = analyzer.analyze_all(article_of(each.row) for each in found)
    return [
        Outcome(variant=each, faults=faults(each.row, report, gold=each.case.gold))
        for each, report in zip(found, reports, strict=True)
    ]


def sampled(analyzer: Analyzer) -> list[Outcome]:
    """The outcomes of what the test runs."""
    return measure(analyzer, variants(read_cases(analyzer, in_sample), 1))


# Figures


def share(outcomes: Sequence[Outcome]) -> float:
    """The percentage that keeps the right answer."""
    return round(100 * sum(not each.faults for each in outcomes) / max(1, len(outcomes)), 1)


def grouped(outcomes: Iterable[Outcome], key: Callable[[Variant], str]) -> dict[str, list[Outcome]]:
    found: defaultdict[str, list[Outcome]] = defaultdict(list)
    for each in outcomes:
        found[key(each.variant)].append(each)
    return dict(sorted(found.items()))


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The share of all, and the least share of a construction that has more than a few variants."""
    families = grouped(outcomes, lambda each: each.case.family).values()
    return {"share": share(outcomes), "least": min(share(each) for each in families if len(each) >= FEW)}


def table(outcomes: Sequence[Outcome]) -> str:
    """Shares by construction and kind, in percent; the number of variants behind each construction and kind."""
    kinds = [*KINDS]
    lines = [f"{'':<20}" + "".join(f"{kind:>11}" for kind in kinds) + f"{'all':>8}{'of':>6}"]
    for family, each in grouped(outcomes, lambda variant: variant.case.family).items():
        lines.append(_line(family, each, kinds) + f"{len(each):>6}")
    by_kind = grouped(outcomes, lambda variant: variant.kind)
    lines.append(_line("all", outcomes, kinds) + f"{len(outcomes):>6}")
    lines.append(f"{'of':<20}" + "".join(f"{len(by_kind.get(kind, ())):>11}" for kind in kinds))
    return "\n".join(lines)


def _line(name: str, outcomes: Sequence[Outcome], kinds: Sequence[str]) -> str:
    by_kind = grouped(outcomes, lambda variant: variant.kind)
    cells = [f"{share(by_kind[kind]):.1f}" if kind in by_kind else "" for kind in kinds]
    return f"{name:<20}" + "".join(f"{cell:>11}" for cell in cells) + f"{share(outcomes):>8.1f}"


def shown(outcomes: Iterable[Outcome], wanted: Sequence[str]) -> str:
    """The failures of these constructions and kinds; no text of those held out."""
    failed = [
        each
        for each in outcomes
        if each.faults
        and each.variant.case.family != "held_out"
        and {each.variant.case.family, each.variant.kind} & {*wanted}
    ]
    return "\n".join(
        f"{each.variant.case.key}  {each.variant.kind}\n    {each.variant.row['text'].strip()!r}"
        + "".join(f"\n    - {fault}" for fault in each.faults)
        for each in failed
    )


def sample(found: Sequence[Variant], count: int) -> str:
    """Some variants and what is expected of them, to be read."""
    readable = [each for each in found if each.case.family != "held_out"]
    drawn = Random(count).sample(readable, min(count, len(readable)))
    return "\n".join(
        f"{each.case.key}  {each.kind}\n    {each.row['text'].strip()}"
        + "".join(f"\n    → {claim['content']} {claim.get('chain')}" for claim in each.row.get("claims", []))
        for each in drawn
    )


def read_floors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FLOORS.read_text("utf-8"))
    return found


def keep(now: Mapping[str, float]) -> None:
    FLOORS.write_text(json.dumps(read_floors() | {"variants": now}, indent=2, ensure_ascii=False) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", nargs="+", default=[], metavar="CONSTRUCTION", help="print failures of these")
    parser.add_argument("--sample", type=int, metavar="N", help="print N variants to be read")
    parser.add_argument("--per-row", type=int, default=PER_ROW, metavar="N", help="variants of a kind and row")
    parser.add_argument("--update", action="store_true", help="measure what the test runs and keep its floors")
    options = parser.parse_args()
    analyzer = Analyzer()
    if options.update:
        keep(figures(sampled(analyzer)))
        return
    found = variants(read_cases(analyzer), options.per_row)
    if options.sample:
        print(sample(found, options.sample))
        return
    outcomes = measure(analyzer, found)
    print("\n".join(filter(None, [table(outcomes), shown(outcomes, options.show)])))


if __name__ == "__main__":
    main()
