"""W3C PROV: who said it and through whom, as entities, agents and the relations between them (door to prov)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from quotes.errors import MissingExtra
from quotes.export.common import NAMESPACE, content_text, qualified_name, shown_claims, visible
from quotes.records import Article, Claim, Cue, Hop, Report, Span

if TYPE_CHECKING:
    from prov.model import ProvBundle, ProvDocument

Values = dict[str, Any]

_TYPES = {"person": "prov:Person", "organization": "prov:Organization", "outlet": "prov:Organization"}
_WRITING: dict[str, Values] = {
    "json": {"ensure_ascii": False, "indent": 2},
    "provn": {},
    "jsonld": {"ensure_ascii": False, "indent": 2, "context": "embed"},
}


def prov_text(
    reports: Sequence[Report], format: Literal["json", "provn", "jsonld"], *, include_belief: bool = False
) -> str:
    written: str = to_prov(reports, include_belief=include_belief).serialize(format=format, **_WRITING[format])
    return written.rstrip("\n") + "\n"


def to_prov(reports: Sequence[Report], *, include_belief: bool = False) -> ProvDocument:
    """A prov.model.ProvDocument with a bundle per article, each attributed to this software.

    In a bundle: the article and its claims (members of the article); a statement per hop. Claim and statements are
    linked outermost first, by wasQuotedFrom where the claim is direct, else by wasDerivedFrom; each statement
    wasAttributedTo its source's agent (and those beside it), a spokesperson actedOnBehalfOf the body, and a claim
    hadPrimarySource the last statement where its origin is named. Our own attributes are in NAMESPACE, offsets in
    code points. Raises MissingExtra without prov.
    """
    try:
        from prov.model import ProvDocument
    except ImportError:
        raise MissingExtra("prov", "prov") from None
    document = ProvDocument()
    document.add_namespace("quotes", NAMESPACE)
    used: set[str] = set()
    for report in reports:
        name = _unused(f"quotes:report-{report.article.id}", used)
        _add_software(document, name, report)
        _add_article(document.bundle(name), report, include_belief)
    return document


def _unused(name: str, used: set[str]) -> str:
    found, number = name, 1
    while found in used:
        number += 1
        found = f"{name}-{number}"
    used.add(found)
    return found


def _add_software(document: ProvDocument, bundle: str, report: Report) -> None:
    version = report.versions.get("quotes")
    agent = qualified_name("software", version or "unknown")
    if not document.get_record(agent):
        label = f"quotes {version}" if version else "quotes"
        document.agent(agent, _values({"prov:type": _qname(document, "prov:SoftwareAgent"), "prov:label": label}))
    document.entity(bundle, {"prov:type": _qname(document, "prov:Bundle")})
    document.attribution(bundle, agent)


def _add_article(bundle: ProvBundle, report: Report, include_belief: bool) -> None:
    article = report.article
    entity = qualified_name("article", article.id)
    values = {"prov:type": _qname(bundle, "prov:Collection"), "prov:label": article.title, "quotes:url": article.url}
    values |= {"quotes:published": article.published, "quotes:language": article.language}
    bundle.entity(entity, _values(values | {"quotes:characters": len(article.text)}))
    publisher = None
    if article.publisher:
        publisher = qualified_name("publisher", article.id)
        label = visible(article.publisher)
        bundle.agent(publisher, {"prov:type": _qname(bundle, "prov:Organization"), "prov:label": label})
        bundle.attribution(entity, publisher)
    _add_agents(bundle, report)
    for claim in shown_claims(report, include_belief=include_belief):
        _add_claim(bundle, article, claim, publisher)


def _add_agents(bundle: ProvBundle, report: Report) -> None:
    article = report.article
    for source in report.sources:
        values: Values = {"prov:label": source.name, "quotes:kind": source.kind, "quotes:canonical": source.canonical}
        values |= {"quotes:role": source.role, "quotes:country": source.country, "quotes:ownership": source.ownership}
        if source.kind in _TYPES:
            values["prov:type"] = _qname(bundle, _TYPES[source.kind])
        bundle.agent(_agent(article, source.id), _values(values))
    for source in report.sources:
        if source.speaks_for is not None:
            bundle.delegation(_agent(article, source.id), _declared(bundle, article, source.speaks_for, None))


def _add_claim(bundle: ProvBundle, article: Article, claim: Claim, publisher: str | None) -> None:
    entity = qualified_name("claim", article.id, claim.id)
    bundle.entity(entity, _values(_claim_values(claim)))
    bundle.membership(qualified_name("article", article.id), entity)
    if publisher is not None:
        bundle.attribution(entity, publisher)
    above = entity
    for step, hop in enumerate(claim.chain):
        statement = qualified_name("statement", article.id, claim.id, str(step))
        bundle.entity(statement, _values(_hop_values(hop)))
        link = bundle.quotation if claim.kind == "direct" else bundle.derivation
        link(above, statement)
        for source, name in [(hop.source, hop.name), *((each.source, each.name) for each in hop.beside)]:
            bundle.attribution(statement, _declared(bundle, article, source, name))
        above = statement
    if claim.origin == "named" and claim.chain:
        bundle.primary_source(entity, above)


def _claim_values(claim: Claim) -> Values:
    values: Values = {"prov:value": content_text(claim.content), "quotes:kind": claim.kind, "quotes:act": claim.act}
    values |= {"quotes:origin": claim.origin, "quotes:path": claim.path, "quotes:confidence": _confidence(claim)}
    values["quotes:review"] = claim.review
    values["quotes:content"] = " ".join(f"{span.start}-{span.end}" for span in claim.content)
    return values | _place("cue", claim.cue) | _place("mention", claim.source)


def _hop_values(hop: Hop) -> Values:
    values: Values = {"quotes:name": hop.name, "quotes:relation": hop.relation, "quotes:basis": hop.basis}
    values |= {"quotes:rule": hop.rule, "quotes:confidence": _confidence(hop), "quotes:resolved": hop.resolved}
    return values | _place("cue", hop.cue) | _place("mention", hop.mention) | _place("anonymity", hop.anonymity)


def _confidence(record: Claim | Hop) -> float:
    return round(float(record.confidence), 2)


def _place(name: str, span: Span | Cue | None) -> Values:
    if span is None:
        return {}
    return {f"quotes:{name}": span.text, f"quotes:{name}Start": span.start, f"quotes:{name}End": span.end}


def _declared(bundle: ProvBundle, article: Article, source: str, name: str | None) -> str:
    """The agent of a source id, declared here where the report's sources do not list it."""
    agent = _agent(article, source)
    if not bundle.get_record(agent):
        bundle.agent(agent, _values({"prov:label": name}))
    return agent


def _agent(article: Article, source: str) -> str:
    return qualified_name("source", article.id, source)


def _qname(bundle: ProvBundle, name: str) -> Any:
    return bundle.valid_qualified_name(name)


def _values(values: Values) -> Values:
    known = {key: value for key, value in values.items() if value is not None}
    return {key: visible(value) if isinstance(value, str) else value for key, value in known.items()}
