"""The same claim across articles: which claims repeat one another, and on whom they rest.

members.py      a claim as one article carries it
wordings.py     what of its words is compared
people.py       what of a person's name is compared
names.py        whether two names stand for one source
candidates.py   which wordings are worth comparing
compare.py      whether two wordings are the same claim, and why
clusters.py     those that are, without drift
described.py    what an article calls a source that it does not name
consensus.py    whom other articles name for the same words
changes.py      quotations that changed on the way
travel.py       how a claim came to the articles that carry it: origins, circles, what was lost on the way
verdicts.py     what is concluded from that way, and what each conclusion rests on
agreement.py    how often outlets that carry the same words give them the same origin
"""

from __future__ import annotations

from collections.abc import Iterable

from quotes import lexicon as lexicons
from quotes.lexicon import Lexicon
from quotes.link.agreement import Agreement, Pair, agreement, share
from quotes.link.changes import Change
from quotes.link.clusters import Cluster, Link, clusters_of
from quotes.link.compare import REASONS, Comparer
from quotes.link.consensus import Conflict, Consensus, consensus
from quotes.link.members import Elsewhere, Evidence, Member, Reason, Teller, members, outlet_name, teller
from quotes.link.names import Names
from quotes.link.travel import Loss, Origin, Step, Travel, travel
from quotes.link.verdicts import Ground, Verdict, verdicts
from quotes.link.wordings import wordings, words
from quotes.records import Report

__all__ = [
    "REASONS",
    "Agreement",
    "Change",
    "Cluster",
    "Conflict",
    "Consensus",
    "Elsewhere",
    "Evidence",
    "Ground",
    "Link",
    "Loss",
    "Member",
    "Origin",
    "Pair",
    "Reason",
    "Step",
    "Teller",
    "Travel",
    "Verdict",
    "agreement",
    "consensus",
    "link_claims",
    "link_members",
    "members",
    "outlet_name",
    "share",
    "teller",
    "travel",
    "verdicts",
    "words",
]


def link_claims(reports: Iterable[Report], *, lexicon: Lexicon | None = None) -> tuple[Cluster, ...]:
    """The claims that at least two articles carry, those with most members first.

    The reports' order does not matter. Belief and intent are left out. Word lists are taken from the lexicon, the
    package's where none is given. Raises MissingExtra without what the extra `corpus` brings.
    """
    known = lexicon or lexicons.load()
    return link_members((member for report in reports for member in members(report, known)), lexicon=known)


def link_members(found: Iterable[Member], *, lexicon: Lexicon | None = None) -> tuple[Cluster, ...]:
    """The same for claims that were taken from their reports before."""
    known = lexicon or lexicons.load()
    comparer = Comparer(known, Names(known))
    clusters = clusters_of(wordings(found, known), comparer)
    shared = [cluster for cluster in clusters if len({_place(member) for member in cluster.members}) > 1]
    return tuple(sorted(shared, key=lambda cluster: (-len(cluster.links), cluster.id)))


def _place(member: Member) -> tuple[str, str | None, str | None]:
    return member.article, member.publisher, member.path
