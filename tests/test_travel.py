"""How claims travel: origins, circles, what is lost on the way, and quotations that change."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotes import lexicon
from quotes.link import Member, Teller, Travel, link_members, travel, words
from quotes.link.names import Names
from quotes.records import Origin, SourceKind

WHOLE = "The harbour at Vellamo will stay closed until the last of the 14 barges has been inspected"
LEXICON = lexicon.load()


def member(
    publisher: str,
    *chain: str | Teller,
    day: int | None = 1,
    text: str = WHOLE,
    origin: Origin = "named",
    kind: str = "direct",
) -> Member:
    hops = tuple(Teller(name=each) if isinstance(each, str) else each for each in chain)
    return Member(
        article=f"{publisher} {day}", claim=f"{publisher} {day} {text[:20]}", text=text, origin=origin, hops=hops,
        kind=kind, publisher=publisher, published=f"2024-05-{day:02d}" if day else None, path=f"{publisher}.txt",
    )  # fmt: skip


def traced(*members: Member) -> Travel:
    (cluster,) = link_members(members)
    assert len(cluster.members) == len(members)
    return travel(cluster)


def origins(way: Travel) -> list[tuple[str, str]]:
    return [(each.kind, each.name) for each in way.origins]


def test_every_chain_ends_in_one_origin_whatever_way_it_took() -> None:
    way = traced(
        member("Post", "Reuters", "Ana Duarte", day=2),
        member("Courier", "Duarte"),
        member("Herald", "Courier", day=3),
        member("Reuters", Teller(name="Ana Duarte", kind="person", role="Harbour Master")),
    )
    assert origins(way) == [("named", "Ana Duarte")]
    assert way.single_origin
    assert set(way.origins[0].carriers) == {"Post", "Courier", "Herald", "Reuters"}
    assert [each.publisher for each in way.carries] == ["Courier", "Reuters", "Post", "Herald"]
    assert {(step.near, step.far) for step in way.steps} >= {("Herald", "Courier"), ("Courier", "Ana Duarte")}


def test_two_people_are_two_origins_and_their_namesake_is_neither() -> None:
    tomas, jonas = Teller(name="Tomas Brandt", kind="person"), Teller(name="Jonas Brandt", kind="person")
    assert origins(traced(member("A", tomas), member("B", jonas), member("C", tomas))) == [
        ("named", "Tomas Brandt"),
        ("named", "Jonas Brandt"),
    ]


def test_a_name_that_two_people_share_is_no_third_origin() -> None:
    tomas, jonas = Teller(name="Tomas Brandt", kind="person"), Teller(name="Jonas Brandt", kind="person")
    way = traced(member("A", tomas), member("B", jonas), member("C", Teller(name="Brandt", kind="person")))
    assert ("unclear", "Brandt") in origins(way)
    assert len(way.independent) == 2
    minister = Teller(name="Brandt", kind="person", role="Transport Minister")
    told = attrs.evolve(tomas, role="Transport Minister"), attrs.evolve(jonas, role="Inspector")
    assert origins(traced(member("A", told[0]), member("B", told[1]), member("C", minister))) == [
        ("named", "Tomas Brandt"),
        ("named", "Jonas Brandt"),
    ]


def test_outlets_that_cite_each_other_rest_on_nobody() -> None:
    way = traced(member("Post", "Courier", day=1), member("Courier", "Post", day=2), member("Herald", "Post", day=3))
    assert way.circles == (("Courier", "Post"),)
    assert origins(way) == [("circle", "Courier and Post")]
    assert not way.single_origin


def test_a_claim_that_returns_to_its_outlet_through_others_is_a_circle() -> None:
    way = traced(member("Post", "Courier", "Herald", "Post"), member("Herald", "Post", "Ana Duarte"))
    assert way.circles == (("Courier", "Herald", "Post"),)
    assert origins(way) == [("named", "Ana Duarte")]
    assert way.single_origin


def test_carried_relays_make_no_circle() -> None:
    carried = Teller(name="Courier", basis="carried")
    assert traced(member("Post", carried, "Ana Duarte"), member("Courier", "Post", "Ana Duarte")).circles == ()


def test_sources_that_only_speak_of_each_other_are_no_circle() -> None:
    way = traced(member("A", "the ministry", "Ana Duarte"), member("B", "Ana Duarte", "the ministry"))
    assert way.circles == ()


def test_one_unnamed_origin_whoever_passes_it_on() -> None:
    officials = Teller(name="officials", kind="anonymous")
    way = traced(
        member("Reuters", officials, origin="unnamed"),
        member("Post", "Reuters", officials, origin="unnamed", day=2),
        member("Herald", "Post", Teller(name="an official", kind="anonymous"), origin="unnamed", day=3),
    )
    assert origins(way) == [("unnamed", "unnamed (Reuters)")]
    assert way.single_origin


def test_reportedly_is_no_second_origin_but_is_told() -> None:
    nobody = Teller(name="unnamed", kind="anonymous")
    way = traced(member("Post", "Ana Duarte"), member("Herald", nobody, origin="unsourced"))
    assert origins(way) == [("named", "Ana Duarte"), ("unsourced", "Herald")]
    assert way.single_origin
    alone = traced(member("Post", nobody, origin="unsourced"), member("Herald", nobody, origin="unsourced"))
    assert [each.kind for each in alone.independent] == ["unsourced"]


def test_sources_side_by_side_are_two_origins() -> None:
    both = Teller(name="Ana Duarte", kind="person", beside=("Ilmari Koski",))
    assert origins(traced(member("A", both), member("B", "Reuters", both))) == [
        ("named", "Ana Duarte"),
        ("named", "Ilmari Koski"),
    ]


@pytest.mark.parametrize(
    ("later", "earlier", "lost"),
    [
        (["Courier"], ["Ana Duarte"], ("Ana Duarte",)),
        (["Courier", "Ana Duarte"], ["Reuters", "Ana Duarte"], ("Reuters",)),
        (["Courier"], ["Reuters", "Ana Duarte"], ("Reuters", "Ana Duarte")),
        (["Courier", "Reuters", "Ana Duarte"], ["Reuters", "Duarte"], None),
        (["Courier", "Ilmari Koski"], ["Ana Duarte"], None),
    ],
)
def test_what_an_article_leaves_out_of_the_one_that_it_cites(
    later: list[str], earlier: list[str], lost: tuple[str, ...] | None
) -> None:
    way = traced(member("Courier", *earlier, day=1), member("Post", *later, day=2))
    assert [(loss.lost, loss.certain, loss.of.publisher) for loss in way.losses] == (
        [(lost, True, "Courier")] if lost else []
    )


def test_reportedly_is_lost_where_an_article_cites_one_that_had_no_source() -> None:
    nobody = Teller(name="unnamed", kind="anonymous")
    way = traced(member("Courier", nobody, origin="unsourced", day=1), member("Post", "Courier", day=2))
    assert [(loss.lost, loss.member.publisher) for loss in way.losses] == [(("reportedly",), "Post")]


def test_nothing_is_lost_to_an_article_that_came_later() -> None:
    assert traced(member("Post", "Courier", day=1), member("Courier", "Ana Duarte", day=2)).losses == ()


def test_a_relay_that_nobody_did_without_before_is_probably_lost() -> None:
    way = traced(member("Courier", "TASS", "Ana Duarte", day=1), member("Post", "Ana Duarte", day=2))
    assert [(loss.lost, loss.certain) for loss in way.losses] == [(("TASS",), False)]
    heard = member("Herald", "Ana Duarte", day=1)
    assert (
        traced(member("Courier", "TASS", "Ana Duarte", day=1), heard, member("Post", "Ana Duarte", day=2)).losses == ()
    )
    assert traced(member("Courier", "TASS", "Ana Duarte", day=1), member("TASS", "Ana Duarte", day=2)).losses == ()
    assert traced(member("Courier", "TASS", "Ana Duarte", day=None), member("Post", "Ana Duarte", day=2)).losses == ()


def changed(before: str, after: str) -> list[tuple[str, str]]:
    way = traced(
        member("Courier", "Ana Duarte", text=before), member("Post", "Courier", "Ana Duarte", day=2, text=after)
    )
    return [piece for change in way.changes for piece in change.pieces]


@pytest.mark.parametrize(
    ("after", "pieces"),
    [
        (
            WHOLE.replace("inspected", "searched"),
            [("kept", WHOLE.removesuffix(" inspected")), ("gone", "inspected"), ("new", "searched")],
        ),
        (
            WHOLE.replace("the last of the", "all"),
            [
                ("kept", "The harbour at Vellamo will stay closed until"),
                ("gone", "the last of the"),
                ("new", "all"),
                ("kept", "14 barges has been inspected"),
            ],
        ),
        (WHOLE.replace("14", "fourteen").lower() + "!", []),
        ("will stay closed until the last of the 14 barges has been inspected", []),
        (WHOLE.replace("the last of the 14 barges", "… the 14 barges"), []),
    ],
)
def test_changed_words_are_shown_and_cuts_are_no_change(after: str, pieces: list[tuple[str, str]]) -> None:
    assert changed(WHOLE, after) == pieces


def test_paraphrases_without_quotation_marks_are_no_changed_quotations() -> None:
    after = WHOLE.replace("inspected", "searched")
    assert traced(member("A", "Ana Duarte"), member("B", "Ana Duarte", text=after, kind="indirect")).changes == ()


# ------------------------------------------------------------------ names and words


def teller(name: str, kind: SourceKind | None = "person", role: str | None = None) -> Teller:
    return Teller(name=name, kind=kind, role=role)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (teller("Li Shangfu"), teller("Shangfu"), True),
        (teller("Li Shangfu"), teller("Chinese Defense Minister Li"), True),
        (teller("Li Shangfu", role="Chinese Defense Minister"), teller("Li", role="Defense Minister"), True),
        (teller("Li Keqiang", role="Premier"), teller("Li", role="Defense Minister"), False),
        (teller("Li Keqiang"), teller("Li Shangfu"), False),
        (teller("Ana Duarte"), teller("Mayor Ana Duarte"), True),
        (teller("Pilar Duarte"), teller("Ana Duarte"), False),
        (teller("the Defense Ministry", "organization"), teller("Ministry of Defense", "organization"), True),
        (teller("Transport Ministry", "organization"), teller("Tarsian Transport Ministry", "organization"), True),
        (teller("the ministry", "organization"), teller("Transport Ministry", "organization"), False),
        (teller("WHO", "organization"), teller("World Health Organization", "organization"), True),
        (teller("Reuters", "outlet"), teller("reuters", "outlet"), True),
        (teller("The Post", "outlet"), teller("Inland Post", "outlet"), False),
        (teller("…"), teller("…"), True),
        (teller("…"), teller("—"), False),
    ],
)
def test_names_of_one_source_across_articles(one: Teller, other: Teller, same: bool) -> None:
    names = Names(LEXICON)
    assert names.same(one, other) is same
    assert names.same(other, one) is same


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Forty-two barges, not 1,200!", "42 barges not 1200"),
        ("two hundred and six men and one woman", "206 men and one woman"),
        ("1.2 million people; twenty one of them", "1200000 people 21 of them"),
        ("40% or 40 per cent", "40 percent or 40 percent"),
        ("Duarte’s co-operation in São Vito", "duarte cooperation in sao vito"),
        ("hundreds and thousand and ten", "hundreds and 1010"),
        ("3.4.5 million", "3.4.5 1000000"),
        ("", ""),
    ],
)
def test_words_as_they_are_compared(text: str, found: str) -> None:
    assert " ".join(words(text, LEXICON)) == found


chains = st.lists(st.sampled_from(["A", "B", "C", "D", "Ana Duarte", "Koski", "officials"]), min_size=1, max_size=4)
carried = st.tuples(
    st.sampled_from("ABCDE"), chains, st.integers(1, 3), st.sampled_from(["named", "unnamed", "unsourced"])
)


@settings(max_examples=150, deadline=None)
@given(st.lists(carried, min_size=2, max_size=7, unique_by=lambda each: (each[0], each[2])))
def test_any_tangle_of_chains_is_traced(tangle: list[tuple[str, list[str], int, Origin]]) -> None:
    """Each carrier rests on an origin, no origin rests on another, and the order of articles does not matter."""
    members = [
        member(publisher, *chain[:-1], chain[-1] if origin == "named" else "officials", day=day, origin=origin)
        for publisher, chain, day, origin in tangle
    ]
    clusters = link_members(members)
    assert clusters == link_members(members[::-1])
    for cluster in clusters:
        way = travel(cluster)
        assert way == travel(cluster)
        assert set(way.outlets) == {carrier for origin in way.origins for carrier in origin.carriers}
        names = [name for origin in way.origins for name in origin.names]
        assert len(names) == len(set(names))
        leads = {step.near for step in way.steps}
        assert all(len(origin.names) > 1 or origin.names[0] not in leads for origin in way.origins)
        assert way.independent
        for loss in way.losses:
            assert loss.lost
            assert loss.member.carrier not in loss.lost
