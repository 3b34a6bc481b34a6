"""Runs every row of tests/tables/*.toml through the analyzer and compares what it finds, exactly.

tests/tables/README.md says what a row holds. Rows that still fail stand in tests/tables/gaps.toml with
their cause; their number may only fall (tests/floors.json, "table_gaps").

    python tests/test_tables.py --report [FILE[/NAME] ...]   prints failing rows, expected and got
    python tests/test_tables.py --write-gaps                 rewrites gaps.toml, keeps the causes written there
"""

from __future__ import annotations

import argparse
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from quotes.certainty import is_uncertain

TABLES = Path(__file__).parent / "tables"
GAPS = TABLES / "gaps.toml"
FLOORS = Path(__file__).parent / "floors.json"
ROW_KEYS = {"name", "text", "publisher", "claims", "passages", "credit"}
CLAIM_KEYS = {
    "content",
    "content_or",
    "kind",
    "cue",
    "source",
    "chain",
    "carried",
    "speaks_for",
    "origin",
    "path",
    "uncertain",
}
EDGES = " \t\r\n\u00a0\u200b“”\"‘’'«»„‟‚‹›`.,;:!?…—–-"
ARTICLE = re.compile(r"^(?:the|an?|some)\s+")

Row = Mapping[str, Any]


def read_rows() -> dict[str, Row]:
    """All rows by their key, "file/name"."""
    rows: dict[str, Row] = {}
    for path in sorted(TABLES.glob("*.toml")):
        if path == GAPS:
            continue
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["row"]:
            key = f"{path.stem}/{row['name']}"
            assert key not in rows, f"{key} stands twice"
            rows[key] = row
    return rows


def read_gaps() -> dict[str, str]:
    return tomllib.loads(GAPS.read_text(encoding="utf-8")) if GAPS.exists() else {}


def read_floors() -> dict[str, Any]:
    return json.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}


ROWS = read_rows()
KNOWN_GAPS = read_gaps()


# What is compared


def bare(text: str) -> str:
    """A content span without the marks, spaces and punctuation around it."""
    return text.strip(EDGES)


def plain(name: str) -> str:
    """A name or mention without its article, in lower case, with straight apostrophes."""
    return ARTICLE.sub("", name.replace("’", "'").strip().casefold())


def any_of(expected: str) -> set[str]:
    return {plain(each) for each in expected.split("|")}


def contents(claim: Row) -> list[tuple[str, ...]]:
    """The ways in which the content of an expected claim may be cut."""
    return [tuple(bare(part) for part in way) for way in [claim["content"], *claim.get("content_or", [])]]


def hop_agrees(expected: str | Sequence[str], got: Sequence[str]) -> bool:
    """Sources side by side may stand in any order; an expected "A|B" takes either."""
    wanted = [any_of(each) for each in ([expected] if isinstance(expected, str) else expected)]
    rest = [plain(each) for each in got]
    for names in wanted:
        found = next((name for name in rest if name in names), None)
        if found is None:
            return False
        rest.remove(found)
    return not rest


def got_chain(claim: Any, basis: str = "stated") -> list[list[str]]:
    return [[hop.name, *(each.name for each in hop.beside)] for hop in claim.chain if hop.basis == basis]


def speaks_for(report: Any, claim: Any) -> str:
    body = report.source(claim.chain[-1].source).speaks_for if claim.chain else None
    return report.source(body).name if body else ""


def claim_faults(expected: Row, claim: Any, report: Any) -> Iterator[str]:
    """What is wrong with a claim whose content is right."""
    if "chain" in expected:
        chain = got_chain(claim)
        hops = zip(expected["chain"], chain, strict=False)
        if len(chain) != len(expected["chain"]) or not all(hop_agrees(want, have) for want, have in hops):
            yield f"wrong chain: expected {expected['chain']}, got {chain}"
    if "carried" in expected:
        carried = [name for hop in got_chain(claim, "carried") for name in hop]
        if not hop_agrees(expected["carried"], carried):
            yield f"wrong carried relays: expected {expected['carried']}, got {carried}"
    for key in ("kind", "origin", "path"):
        if key in expected and getattr(claim, key) != expected[key]:
            yield f"wrong {key}: expected {expected[key]}, got {getattr(claim, key)}"
    if "uncertain" in expected and is_uncertain(claim) != expected["uncertain"]:
        yield f"wrong certainty: confidence {claim.confidence}"
    for key in ("cue", "source"):
        span = getattr(claim, key)
        have = span.text if span else ""
        if key in expected and plain(have) not in any_of(expected[key]):
            yield f"wrong {key}: expected {expected[key]!r}, got {have!r}"
    if "speaks_for" in expected and plain(speaks_for(report, claim)) not in any_of(expected["speaks_for"]):
        yield f"wrong body: expected {expected['speaks_for']!r}, got {speaks_for(report, claim)!r}"


def row_faults(row: Row, report: Any) -> list[str]:
    """All that differs between a row and what was found; empty where they agree."""
    faults = list(offset_faults(row, report))
    if "claims" in row:
        rest = [claim for claim in report.claims if claim.act == "speech"]
        for expected in row["claims"]:
            ways = contents(expected)
            claim = next((c for c in rest if tuple(bare(span.text) for span in c.content) in ways), None)
            if claim is None:
                faults.append(f"missing claim: {ways[0]}")
            else:
                rest.remove(claim)
                faults += claim_faults(expected, claim, report)
        faults += [f"claim too many: {[s.text for s in c.content]} by {got_chain(c)}" for c in rest]
    if "passages" in row:
        faults += passage_faults(row["passages"], report.passages)
    if "credit" in row:
        credit = [each.name for each in report.article.credit]
        if not hop_agrees(row["credit"], credit):
            faults.append(f"wrong credit: expected {row['credit']}, got {credit}")
    return faults


def offset_faults(row: Row, report: Any) -> Iterator[str]:
    text = row["text"]
    if report.article.text != text:
        yield "wrong text: the article is not the text as it was read"
    for claim in report.claims:
        hops = [span for hop in claim.chain for span in (hop.cue, hop.mention)]
        for span in filter(None, [*claim.content, claim.cue, claim.source, *hops]):
            if text[span.start : span.end] != span.text:
                yield f"wrong offsets: {span}"


def passage_faults(expected: Sequence[Row], passages: Sequence[Any]) -> list[str]:
    want = [(bare(each["text"]), each["use"].split("|")) for each in expected]
    have = [(bare(each.text), each.use) for each in sorted(passages, key=lambda p: (p.start, -p.end))]
    if [text for text, _ in want] != [text for text, _ in have]:
        return [f"wrong passages: expected {[text for text, _ in want]}, got {[text for text, _ in have]}"]
    pairs = zip(want, have, strict=True)
    return [f"wrong use of {text!r}: expected {uses}, got {use}" for (text, uses), (_, use) in pairs if use not in uses]


def analyze_rows(rows: Mapping[str, Row]) -> dict[str, list[str]]:
    """The faults of each row, all rows analyzed in one batch."""
    from quotes.analyzer import Analyzer
    from quotes.article import article_from_text

    articles = [article_from_text(row["text"], publisher=row.get("publisher")) for row in rows.values()]
    reports = Analyzer(models="bundled").analyze_all(articles)
    return {key: row_faults(row, report) for (key, row), report in zip(rows.items(), reports, strict=True)}


# Tests


@pytest.fixture(scope="session")
def faults() -> dict[str, list[str]]:
    return analyze_rows(ROWS)


@pytest.mark.models
@pytest.mark.parametrize("key", list(ROWS))
def test_row(key: str, faults: Mapping[str, list[str]]) -> None:
    if key in KNOWN_GAPS:
        assert faults[key], f"{key} passes now: take it off gaps.toml (--write-gaps)"
    else:
        assert not faults[key], "\n".join([ROWS[key]["text"], *faults[key]])


def test_gaps_only_fall() -> None:
    unknown = sorted(set(KNOWN_GAPS) - set(ROWS))
    assert not unknown, f"gaps.toml names rows that are not there: {unknown}"
    assert all(cause.strip() for cause in KNOWN_GAPS.values()), "every gap has its cause"
    floor = read_floors().get("table_gaps", 0)
    assert len(KNOWN_GAPS) <= floor, f"{len(KNOWN_GAPS)} known gaps, but no more than {floor} are allowed"


@pytest.mark.parametrize("key", list(ROWS))
def test_row_is_sound(key: str) -> None:
    """What a row expects stands in its text, and it has no key that nobody reads."""
    row = ROWS[key]
    text = row["text"]
    assert not set(row) - ROW_KEYS
    assert {"claims", "passages", "credit"} & set(row)
    for claim in row.get("claims", []):
        assert not set(claim) - CLAIM_KEYS
        for way in [claim["content"], *claim.get("content_or", [])]:
            assert in_order(text, way), way
        named = [claim.get("cue", ""), claim.get("source", ""), *names(claim.get("chain", []))]
        for name in filter(None, named):
            assert any(each == "unnamed" or each.casefold() in text.casefold() for each in name.split("|")), name
    for passage in row.get("passages", []):
        assert passage["text"] in text


def names(chain: Sequence[str | Sequence[str]]) -> Iterator[str]:
    for hop in chain:
        yield from [hop] if isinstance(hop, str) else hop


def in_order(text: str, parts: Sequence[str]) -> bool:
    at = 0
    for part in parts:
        at = text.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return True


def test_enough_rows() -> None:
    assert len(ROWS) >= 220
    assert sum(row.get("claims") == [] for row in ROWS.values()) >= 40


# By hand


def print_report(found: Mapping[str, list[str]]) -> None:
    failing = {key: each for key, each in found.items() if each}
    for key, each in failing.items():
        known = f"   (known: {KNOWN_GAPS[key]})" if key in KNOWN_GAPS else ""
        print(f"{key}{known}\n    {ROWS[key]['text'].strip()!r}")
        for fault in each:
            print(f"    - {fault}")
    print(f"{len(found) - len(failing)} of {len(found)} rows pass, {len(failing)} fail")


def write_gaps(found: Mapping[str, list[str]]) -> None:
    failing = {key: each[0].split(":")[0] for key, each in found.items() if each}
    lines = ["# Rows that still fail, each with its cause. Rewritten by: python tests/test_tables.py --write-gaps"]
    lines += [
        f"{json.dumps(key)} = {json.dumps(KNOWN_GAPS.get(key, cause), ensure_ascii=False)}"
        for key, cause in failing.items()
    ]
    GAPS.write_text("\n".join(lines) + "\n", encoding="utf-8")
    floors = read_floors()
    floors["table_gaps"] = min(len(failing), floors.get("table_gaps", len(failing)))
    FLOORS.write_text(json.dumps(floors, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(failing)} gaps written, floor {floors['table_gaps']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--report", nargs="*", metavar="FILE[/NAME]", help="print failing rows, of all or some tables")
    action.add_argument("--write-gaps", action="store_true", help="rewrite gaps.toml and lower the floor")
    options = parser.parse_args()
    if options.write_gaps:
        write_gaps(analyze_rows(ROWS))
        return
    wanted = options.report or [""]
    chosen = {
        key: row for key, row in ROWS.items() if any(key == w or key.startswith(f"{w}/") or not w for w in wanted)
    }
    print_report(analyze_rows(chosen))


if __name__ == "__main__":
    main()
