"""Claims and their sources as graphs: Mermaid flowcharts, networkx, GraphML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from quotes.errors import MissingExtra
from quotes.export.common import content_text, one_line, shown_claims, visible
from quotes.records import Claim, Hop, Node, Report, Source

if TYPE_CHECKING:
    import networkx

LABEL = 160

# Everything but letters, digits, blanks and harmless signs; what Mermaid's own entity coding uses; and a full stop or
# hyphen that follows no letter, which Mermaid would take for a list.
_CODED = re.compile(r"[^\w ,!?'.\-\u00a1-\U0010ffff]|[_ﬂ°¶ß]|(?<![^\W\d_])[.\-]")


def mermaid(reports: Sequence[Report]) -> str:
    """One flowchart: a box per claim, its sources below it, origins last; dotted arrows are carried hops."""
    lines = ["flowchart TB"]
    for at, report in enumerate(reports):
        claims = {claim.id: claim for claim in report.claims}
        names = {source.id: source.name for source in report.sources}
        for number, tree in enumerate(report.trees):
            claim = claims[tree.claim]
            root = f"a{at}c{number}"
            lines.append(f'    {root}["{_label(content_text(claim.content))}<br/>{claim.kind}, {_standing(claim)}"]')
            lines += _branches(names, claim, tree.children, root, 0)
    if len(lines) == 1:
        lines.append('    empty["No attributed claims were found."]')
    return "\n".join(lines) + "\n"


def _standing(claim: Claim) -> str:
    return f"{claim.origin}, {claim.review} by a reader" if claim.review else claim.origin


def _branches(names: Mapping[str, str], claim: Claim, nodes: Sequence[Node], parent: str, depth: int) -> Iterator[str]:
    for number, node in enumerate(nodes):
        name = f"{parent}n{number}"
        hop = _hop_at(claim, depth, node.source)
        yield f'    {name}("{_label(_name(names, hop, node.source))}")'
        yield f"    {parent} {_arrow(hop)} {name}"
        yield from _branches(names, claim, node.children, name, depth + 1)


def _hop_at(claim: Claim, depth: int, source: str) -> Hop | None:
    """The hop behind a tree's node: the one of its depth if that names the source, else any that does."""
    hops = [*claim.chain[depth : depth + 1], *claim.chain]
    return next((hop for hop in hops if source == hop.source or any(source == b.source for b in hop.beside)), None)


def _name(names: Mapping[str, str], hop: Hop | None, source: str) -> str:
    here = {each.source: each.name for each in hop.beside} | {hop.source: hop.name} if hop else {}
    return here.get(source) or names.get(source, source)


def _arrow(hop: Hop | None) -> str:
    if hop is None:
        return "-->"
    words: str = hop.relation
    if hop.cue is not None and one_line(hop.cue.text) != hop.relation:
        words = f"{hop.relation}: {_label(hop.cue.text)}"
    return f'-.->|"carried, {words}"|' if hop.basis == "carried" else f'-->|"{words}"|'


def _label(text: str) -> str:
    """Text for a quoted Mermaid label: one line, cut at LABEL characters, signs as numbered entities."""
    line = one_line(text)
    short = line if len(line) <= LABEL else line[:LABEL].rsplit(" ", 1)[0] + " …"
    return _CODED.sub(lambda match: f"#{ord(match[0])};", short) or " "


def to_networkx(report: Report, *, include_belief: bool = False) -> networkx.MultiDiGraph:
    """A networkx.MultiDiGraph: claims and sources are nodes by their ids, each hop an edge, claim to origin.

    Nodes have `type` ("claim" or "source"), `label` and the record's plain fields; edges have `claim`, `step` (the
    hop's place in the chain, from 0), relation, basis, rule, confidence, and cue and mention with their offsets in
    code points. Raises MissingExtra without networkx.
    """
    try:
        import networkx
    except ImportError:
        raise MissingExtra("networkx", "graph") from None
    article = report.article
    about = {"article": article.id, "publisher": article.publisher, "title": article.title, "url": article.url}
    graph = networkx.MultiDiGraph(**_known(about))
    for source in report.sources:
        graph.add_node(source.id, **_source_values(report, source))
    for claim in shown_claims(report, include_belief=include_belief):
        graph.add_node(claim.id, **_claim_values(report, claim))
        _add_chain(graph, report, claim)
    return graph


def graphml(reports: Sequence[Report], *, include_belief: bool) -> str:
    """GraphML of all reports; nodes are named ARTICLE/ID, so that articles do not run into each other."""
    try:
        import networkx
    except ImportError:
        raise MissingExtra("networkx", "graph") from None
    whole = networkx.MultiDiGraph()
    for report in reports:
        graph = to_networkx(report, include_belief=include_belief)
        prefix = report.article.id
        whole.add_nodes_from((f"{prefix}/{visible(node)}", _shown(values)) for node, values in graph.nodes(data=True))
        whole.add_edges_from(
            (f"{prefix}/{visible(a)}", f"{prefix}/{visible(b)}", visible(key), _shown(values))
            for a, b, key, values in graph.edges(keys=True, data=True)
        )
    return "\n".join(networkx.generate_graphml(whole)) + "\n"


def _add_chain(graph: networkx.MultiDiGraph, report: Report, claim: Claim) -> None:
    levels: list[list[tuple[str, str]]] = [[(claim.id, "")]]
    levels += [[(hop.source, hop.name), *((each.source, each.name) for each in hop.beside)] for hop in claim.chain]
    for step, ((above, below), hop) in enumerate(zip(pairwise(levels), claim.chain, strict=True)):
        for source, name in below:
            if source not in graph:
                graph.add_node(source, type="source", label=name, article=report.article.id)
            for parent, _ in above:
                graph.add_edge(parent, source, key=f"{claim.id}:{step}", **_hop_values(claim, step, hop))


def _claim_values(report: Report, claim: Claim) -> dict[str, Any]:
    values = {
        "type": "claim",
        "label": content_text(claim.content),
        "article": report.article.id,
        "kind": claim.kind,
        "act": claim.act,
        "origin": claim.origin,
        "path": claim.path,
        "confidence": round(float(claim.confidence), 2),
        "review": claim.review,
    }
    return _known(values)


def _source_values(report: Report, source: Source) -> dict[str, Any]:
    values: dict[str, Any] = {"type": "source", "label": source.name, "article": report.article.id}
    values |= {"kind": source.kind, "canonical": source.canonical, "role": source.role, "country": source.country}
    return _known(values | {"ownership": source.ownership, "speaks_for": source.speaks_for})


def _hop_values(claim: Claim, step: int, hop: Hop) -> dict[str, Any]:
    values: dict[str, Any] = {"claim": claim.id, "step": step, "relation": hop.relation, "basis": hop.basis}
    values |= {"rule": hop.rule, "confidence": round(float(hop.confidence), 2), "resolved": hop.resolved}
    for name, span in (("cue", hop.cue), ("mention", hop.mention), ("anonymity", hop.anonymity)):
        if span is not None:
            values |= {name: span.text, f"{name}_start": span.start, f"{name}_end": span.end}
    return values


def _known(values: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}


def _shown(values: dict[str, Any]) -> dict[str, Any]:
    return {key: visible(value) if isinstance(value, str) else value for key, value in values.items()}
