"""Claims that have travelled, made by hand: every view is tried on them."""

from __future__ import annotations

from collections.abc import Sequence

from quotes.link import Member, Teller, Travel, link_members, travel
from quotes.records import Kind, Origin
from quotes.views import Overview, shared_claim

WHOLE = "The cranes will stand still until the last of the 14 inspectors has signed"
SHIP = "A grey ship without a name had passed the lighthouse on the night of the storm"


def carry(
    publisher: str | None,
    day: int | None,
    *chain: str | Teller,
    text: str = WHOLE,
    origin: Origin = "named",
    kind: Kind = "direct",
) -> Member:
    hops = tuple(Teller(name=each, kind="person") if isinstance(each, str) else each for each in chain)
    name = (publisher or "nobody").lower().replace(" ", "-")
    return Member(
        article=f"{name}-{day}", claim=f"{name}-{day}-{text[:9]}", text=text, origin=origin, hops=hops, kind=kind,
        publisher=publisher, published=f"2024-05-{day:02d}" if day else None, path=f"news/{name}.txt",
    )  # fmt: skip


def outlet(name: str, *, carried: bool = False) -> Teller:
    return Teller(name=name, kind="outlet", basis="carried" if carried else "stated")


def demo_travels() -> list[Travel]:
    """A claim with one origin, two relays lost, a changed quotation and an article without a source; and a circle."""
    nobody = Teller(name="unnamed", kind="anonymous")
    changed = WHOLE.replace("the last of the 14 inspectors has", "all 14 inspectors have")
    members = [
        carry("Radio Meridian", 6, Teller(name="Ana Duarte", kind="person", role="Harbour Master")),
        carry("Coast Courier", 6, outlet("Radio Meridian"), "Duarte"),
        carry("Inland Post", 7, outlet("Coast Courier"), "Ana Duarte", text=WHOLE.lower() + "."),
        carry("Lantern Online", 8, outlet("Inland Post"), "Ana Duarte", text=changed),
        carry("Velna News", 9, outlet("Lantern Online"), text=changed, kind="indirect"),
        carry("Brell Gazette", 9, nobody, origin="unsourced", kind="indirect"),
        carry(
            "The Quarry Voice",
            None,
            outlet("TASS", carried=True),
            "Ana Duarte",
            text="The cranes will stand still until the last of the 14",
        ),
        carry("Inland Post", 7, outlet("Lantern Online"), text=SHIP, kind="indirect"),
        carry("Lantern Online", 8, outlet("Inland Post"), text=SHIP, kind="indirect"),
        carry("Velna News", 9, outlet("Lantern Online"), text=SHIP, kind="indirect"),
    ]
    return [travel(cluster) for cluster in link_members(members)]


def overview_of(ways: Sequence[Travel], *names: str) -> Overview:
    """An overview of a corpus that holds these claims and nothing else; names: of its sources."""
    shared = [shared_claim(way) for way in ways]
    rows = [
        {"name": name, "kind": "outlet", "claims": 9 - at, "relayed": at + 1, "articles": 3}
        for at, name in enumerate(names)
    ]
    return Overview(
        state={
            "finished": False,
            "shards": 1,
            "articles": 9,
            "analyzed": 8,
            "duplicates": 0,
            "failed": 1,
            "claims": 10,
        },
        span=(ways[0].carries[0].published, "2024-05-09"),
        publishers=6,
        linked=10,
        sources=rows,
        relays=rows[::-1],
        ways=[((way.carries[0].publisher, *names[:2]), 3) for way in ways] + [((None, *names[1:]), 4)],
        unnamed=[{"publisher": name, "claims": 7, "unnamed_percent": 14.3} for name in names],
        shared=2,
        single=[claim for claim, way in zip(shared, ways, strict=True) if way.single_origin],
        circles=[claim for claim in shared if claim.circles],
        laundered=2,
        changed=1,
        failed=[{"kind": "unreadable", "file": names[0], "message": names[-1]}],
    )


def demo_overview() -> Overview:
    return overview_of(demo_travels(), "Ana Duarte", "Radio Meridian", "Lantern Online", "Inland Post")
