"""One row a source: the sources of several articles, those merged that linking takes for one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence

import attrs

from quotes import lexicon as lexicons
from quotes.certainty import is_uncertain
from quotes.lexicon import Lexicon
from quotes.link import Teller
from quotes.link.names import Names
from quotes.records import Claim, Report, Source, SourceKind

NAMED: tuple[SourceKind, ...] = ("person", "organization", "outlet", "document")
MOST_COMPARED = 500  # names that share a word with one; of common first names there are many


@attrs.frozen(kw_only=True)
class Heard:
    """A source as one article hears it.

    named: whether the article names it; claims, relayed: how many likely claims it is the origin of, and on the way
    of; uncertain: how many others it has a part in.
    """

    article: str
    name: str
    kind: SourceKind
    role: str | None = None
    named: bool
    claims: int
    relayed: int
    uncertain: int


@attrs.frozen(kw_only=True)
class Merged:
    """A source over all articles. name: its fullest form; kind: that of most of its claims; forms: every name that it
    goes by, the most used first; articles: those that hear it, in their order.
    """

    name: str
    kind: SourceKind
    named: bool
    claims: int
    relayed: int
    uncertain: int
    forms: tuple[str, ...]
    articles: tuple[str, ...]


def merged(found: Iterable[Heard], lexicon: Lexicon | None = None) -> list[Merged]:
    """The sources, those with most claims first; one that no article names stays apart, article by article."""
    names = Names(lexicon or lexicons.load())
    together: dict[Teller, list[Heard]] = defaultdict(list)
    rows = []
    for each in found:
        if each.named:
            together[Teller(name=each.name, kind=each.kind, role=each.role)].append(each)
        else:
            rows.append(_merged([each], names))
    for group in _groups(together, names):
        rows.append(_merged([each for teller in group for each in together[teller]], names))
    return sorted(rows, key=lambda row: (-row.claims, -row.relayed, row.name, row.kind, row.articles))


def _groups(tellers: Iterable[Teller], names: Names) -> list[list[Teller]]:
    """The tellers that can be one, fullest first; one that can be several others is none of them."""
    ordered = sorted(tellers, key=lambda each: (-len(names.core(each)), not each.role, each.name, each.kind or ""))
    groups: list[list[Teller]] = []
    near: dict[str, list[int]] = defaultdict(list)  # a word of a name -> the groups with a name that has it
    for teller in ordered:
        keys = names.keys(teller)
        close = _rarest(near, keys)
        fitting = [at for at in close if names.same(groups[at][0], teller)]
        exact = [at for at in fitting if groups[at][0].name.casefold() == teller.name.casefold()]
        chosen = exact or fitting
        if len(chosen) == 1:
            groups[chosen[0]].append(teller)
        else:
            for key in keys:
                near[key].append(len(groups))
            groups.append([teller])
    return groups


def _rarest(near: dict[str, list[int]], keys: Iterable[str]) -> list[int]:
    """The groups that share a key, those of rare keys first, as many as may be compared."""
    found: dict[int, None] = {}
    for key in sorted(keys, key=lambda each: (len(near.get(each, ())), each)):
        if len(found) >= MOST_COMPARED:
            break
        found |= dict.fromkeys(near.get(key, ()))
    return list(found)


def _merged(group: Sequence[Heard], names: Names) -> Merged:
    kinds: Counter[SourceKind] = Counter()
    forms: Counter[str] = Counter()
    for each in group:
        weight = each.claims + each.relayed + each.uncertain
        kinds[each.kind] += weight
        forms[each.name] += weight
    ordered = sorted(forms, key=lambda form: (-forms[form], form))
    kind = max(sorted(kinds), key=lambda each: kinds[each])
    fullest = max(len(names.core(Teller(name=form, kind=kind))) for form in forms)
    return Merged(
        name=next(form for form in ordered if len(names.core(Teller(name=form, kind=kind))) == fullest),
        kind=kind,
        named=group[0].named,
        claims=sum(each.claims for each in group),
        relayed=sum(each.relayed for each in group),
        uncertain=sum(each.uncertain for each in group),
        forms=tuple(ordered),
        articles=tuple(dict.fromkeys(each.article for each in group)),
    )


def heard_in(reports: Iterable[Report]) -> Iterator[Heard]:
    """The sources of each report that stand in a chain of a claim of speech."""
    for report in reports:
        claims = [claim for claim in report.claims if claim.act == "speech" and claim.chain]
        for source in report.sources:
            own = [claim for claim in claims if any(hop.source == source.id for hop in claim.chain)]
            if own:
                yield _heard(report.article.id, source, own)


def _is_named(source: Source) -> bool:
    return source.kind in NAMED and any(mention.form == "name" for mention in source.mentions)


def name_of(source: Source) -> str:
    """The name by which a source is compared: an outlet's by the lexicon."""
    return source.canonical or source.name


def _heard(article: str, source: Source, claims: Sequence[Claim]) -> Heard:
    likely = [claim for claim in claims if not is_uncertain(claim)]
    ends = sum(claim.chain[-1].source == source.id for claim in likely)
    return Heard(
        article=article,
        name=name_of(source),
        kind=source.kind,
        role=source.role,
        named=source.canonical is not None or _is_named(source),
        claims=ends,
        relayed=len(likely) - ends,
        uncertain=len(claims) - len(likely),
    )
