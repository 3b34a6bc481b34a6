"""The word lists: what they hold, what they mean, how a directory is laid over them, and what is refused."""

from __future__ import annotations

import pickle
import re
from pathlib import Path
from typing import get_args

import pytest

from quotes import lexicon
from quotes.errors import LexiconError
from quotes.records import Act, Relation

LEXICON = lexicon.load()
OUTLETS = list({outlet.name: outlet for outlet in LEXICON.outlets.values()}.values())
CUES = [*LEXICON.verbs.values(), *LEXICON.nouns.values(), *LEXICON.phrases.values()]
VERB = '[[verb]]\nstance = "neutral"\nact = "speech"\ntakes = ["clause"]\nlemmas = ["blether"]\n'
OUTLET = 'name = "Harbour Courier", country = "FR", kind = "paper", ownership = "private"'


def laid_over(directory: Path, **files: str) -> lexicon.Lexicon:
    for name, text in files.items():
        (directory / f"{name}.toml").write_text(text, encoding="utf-8")
    return lexicon.load(directory)


def outlets(*tables: str) -> str:
    return "outlet = [\n" + ",\n".join(f"  {{ {table} }}" for table in tables) + "\n]\n"


# ------------------------------------------------------------------ what it holds


def test_it_is_large_enough() -> None:
    counts = lexicon.describe(LEXICON)
    assert counts["verbs"] >= 330
    assert counts["verbs: speech"] >= 300
    assert counts["verbs: belief"] >= 40
    assert counts["nouns"] >= 80
    assert counts["outlets"] >= 400
    assert counts["roles"] >= 200
    assert counts["given_names"] >= 500


def test_every_class_is_there() -> None:
    counts = lexicon.describe(LEXICON)
    assert all(counts[f"verbs: {stance}"] for stance in get_args(lexicon.Stance))
    assert {cue.relation for cue in CUES} == set(get_args(Relation))
    assert {cue.act for cue in CUES} == set(get_args(Act))


def test_no_list_is_empty() -> None:
    optional = {f"{pos}: {stance}" for pos in ("nouns", "phrases") for stance in get_args(lexicon.Stance)}
    counts = lexicon.describe(LEXICON)
    assert not [name for name, count in counts.items() if count == 0 and name not in optional]


def test_words_are_in_lower_case_and_trimmed() -> None:
    listed = [word for names in lexicon.WORD_LISTS.values() for name in names for word in getattr(LEXICON, name)]
    listed += [cue.lemma for cue in CUES]
    assert not [word for word in listed if word != word.strip() or (word != word.lower() and "\\" not in word)]


def test_british_and_american_spellings_have_the_same_class() -> None:
    pairs = [lemma for lemma in LEXICON.verbs if lemma.endswith("ize") and lemma[:-3] + "ise" in LEXICON.verbs]
    assert len(pairs) >= 12
    for american in pairs:
        british = american[:-3] + "ise"
        one, other = LEXICON.verbs[american], LEXICON.verbs[british]
        assert (one.stance, one.act, one.relation, one.takes) == (other.stance, other.act, other.relation, other.takes)
        assert one.prepositions == other.prepositions


@pytest.mark.parametrize("group", ["spokespersons", "roles", "groups"])
def test_nouns_for_people_are_no_nouns_for_documents(group: str) -> None:
    assert not getattr(LEXICON, group) & LEXICON.documents


def test_given_names_tell_both_genders() -> None:
    genders = list(LEXICON.given_names.values())
    assert genders.count("m") >= 200
    assert genders.count("f") >= 200
    assert LEXICON.given_names["robin"] == ""


# ------------------------------------------------------------------ what it means


def test_tell_has_a_hearer_and_say_has_none() -> None:
    assert LEXICON.verbs["tell"].hearer
    assert LEXICON.verbs["tell"].relation == "told"
    assert not LEXICON.verbs["say"].hearer


def test_the_object_of_deny_is_its_content_and_the_object_of_condemn_is_not() -> None:
    assert "object" in LEXICON.verbs["deny"].takes
    assert "object" not in LEXICON.verbs["condemn"].takes


def test_believe_is_belief_and_vow_is_speech() -> None:
    assert LEXICON.verbs["believe"].act == "belief"
    assert LEXICON.verbs["vow"].act == "speech"
    assert LEXICON.nouns["belief"].act == "belief"
    assert LEXICON.phrases["in the view of"].act == "belief"


def test_a_laugh_reports_only_what_stands_in_quotation_marks() -> None:
    assert LEXICON.verbs["laugh"].takes == {"quote"}


@pytest.mark.parametrize(
    ("lemma", "stance"),
    [
        ("say", "neutral"),
        ("insist", "assertive"),
        ("claim", "doubtful"),
        ("reveal", "factive"),
        ("ask", "question"),
        ("demand", "directive"),
        ("point out", "factive"),
    ],
)
def test_stance(lemma: str, stance: str) -> None:
    assert LEXICON.verbs[lemma].stance == stance


@pytest.mark.parametrize(
    ("lemma", "relation"),
    [("tweet", "wrote"), ("report", "reported"), ("quote", "quoted"), ("cite", "cited"), ("credit", "credited")],
)
def test_relation(lemma: str, relation: str) -> None:
    assert LEXICON.verbs[lemma].relation == relation


def test_prepositions_that_introduce_content() -> None:
    assert "for" in LEXICON.verbs["call"].prepositions
    assert "of" in LEXICON.verbs["warn"].prepositions
    assert "as" in LEXICON.verbs["describe"].prepositions
    assert "of" in LEXICON.nouns["allegation"].prepositions


def test_relations_of_phrases() -> None:
    assert LEXICON.phrases["according to"].relation == "said"
    assert LEXICON.phrases["h/t"].relation == "credited"
    assert LEXICON.phrases["as first reported by"].relation == "reported"


def test_titles_tell_gender_with_and_without_their_stop() -> None:
    assert LEXICON.titles["mr."] == LEXICON.titles["mr"] == "m"
    assert LEXICON.titles["mrs"] == "f"
    assert LEXICON.titles["president"] == ""
    assert LEXICON.role_gender["spokeswoman"] == "f"


def test_the_straight_and_the_curly_marks_are_paired() -> None:
    pairs = {(pair.open, pair.close) for pair in LEXICON.mark_pairs}
    assert {("“", "”"), ('"', '"'), ("‘", "’"), ("'", "'"), ("«", "»"), ("„", "“"), ("``", "''")} <= pairs


def test_decades_are_apostrophe_patterns() -> None:
    assert any(re.match(pattern, "90s") for pattern in LEXICON.apostrophe_patterns)
    assert not any(re.match(pattern, "said") for pattern in LEXICON.apostrophe_patterns)


# ------------------------------------------------------------------ outlets


def test_every_alias_leads_to_its_outlet() -> None:
    for outlet in OUTLETS:
        for name in (outlet.name, *outlet.aliases):
            assert LEXICON.outlets[name.lower()] is outlet


def test_outlets_are_well_formed() -> None:
    for outlet in OUTLETS:
        assert outlet.kind in get_args(lexicon.OutletKind)
        assert outlet.ownership in get_args(lexicon.Ownership)
        assert re.fullmatch("[A-Z]{2}", outlet.country)
        assert all(lexicon.tables.HOST.fullmatch(host) and not host.startswith("www.") for host in outlet.domains)


def test_every_kind_and_ownership_occurs() -> None:
    assert {outlet.kind for outlet in OUTLETS} == set(get_args(lexicon.OutletKind))
    assert {outlet.ownership for outlet in OUTLETS} == set(get_args(lexicon.Ownership))


@pytest.mark.parametrize(
    ("alias", "name", "country", "ownership"),
    [
        ("AP", "Associated Press", "US", "cooperative"),
        ("afp", "Agence France-Presse", "FR", "public"),
        ("Fars News", "Fars News Agency", "IR", "state"),
        ("Rudaw", "Rudaw", "IQ", "party"),
        ("new york times", "The New York Times", "US", "private"),
    ],
)
def test_known_outlets(alias: str, name: str, country: str, ownership: str) -> None:
    outlet = LEXICON.outlets[alias.lower()]
    assert (outlet.name, outlet.country, outlet.ownership) == (name, country, ownership)


def test_hosts_and_their_subdomains() -> None:
    cnn = LEXICON.by_domain("edition.cnn.com")
    assert cnn is not None
    assert cnn.name == "CNN"
    assert LEXICON.by_domain("WWW.TASS.RU.") is LEXICON.outlets["tass"]
    assert LEXICON.by_domain("notcnn.com") is None
    assert LEXICON.by_domain("com") is None
    assert LEXICON.by_domain("") is None


def test_names_that_are_words() -> None:
    assert LEXICON.outlets["time"].word
    assert LEXICON.is_word("Dawn")
    assert LEXICON.is_word("AP")
    assert not LEXICON.is_word("Associated Press")
    assert not LEXICON.is_word("Reuters")
    assert not LEXICON.is_word("no outlet at all")


# ------------------------------------------------------------------ laying a directory over it


def test_the_default_is_read_once_and_can_be_pickled() -> None:
    assert lexicon.load() is LEXICON
    assert pickle.loads(pickle.dumps(LEXICON)) == LEXICON


def test_a_directory_adds_a_verb(tmp_path: Path) -> None:
    found = laid_over(tmp_path, cues=VERB)
    assert found.verbs["blether"].relation == "said"
    assert len(found.verbs) == len(LEXICON.verbs) + 1


def test_a_directory_overrides_a_verb(tmp_path: Path) -> None:
    found = laid_over(tmp_path, cues=VERB.replace("blether", "claim"))
    assert found.verbs["claim"].stance == "neutral"
    assert found.verbs["claim"].takes == {"clause"}


def test_a_directory_gives_prepositions_to_a_verb_of_ours(tmp_path: Path) -> None:
    found = laid_over(tmp_path, cues='[verb_prepositions]\nsay = ["about"]\n')
    assert found.verbs["say"].prepositions == {"about"}
    assert found.verbs["say"].stance == "neutral"


def test_a_directory_adds_and_overrides_outlets(tmp_path: Path) -> None:
    table = 'name = "tass", aliases = ["Old Wire"], country = "RU", kind = "agency", ownership = "public"'
    found = laid_over(tmp_path, outlets=outlets(OUTLET, table))
    assert found.outlets["harbour courier"].kind == "paper"
    assert found.outlets["tass"].ownership == "public"
    assert found.outlets["old wire"] is found.outlets["tass"]
    assert "itar-tass" not in found.outlets


def test_a_directory_adds_words_and_overrides_genders(tmp_path: Path) -> None:
    titles = 'roles = ["Ferrymaster"]\n[given_names]\nf = ["Robin"]\n'
    found = laid_over(tmp_path, titles=titles)
    assert found.roles == LEXICON.roles | {"ferrymaster"}
    assert found.given_names["robin"] == "f"


def test_the_digest_follows_the_bytes(tmp_path: Path) -> None:
    assert re.fullmatch("[0-9a-f]{12}", LEXICON.digest)
    first = laid_over(tmp_path, cues=VERB).digest
    assert first == lexicon.load(tmp_path).digest
    assert len({LEXICON.digest, first, laid_over(tmp_path, cues=VERB + "\n").digest}) == 3


# ------------------------------------------------------------------ what is refused

REFUSALS = [
    pytest.param("cues", "verb = 3\n", "not a list of tables", id="not-tables"),
    pytest.param("cues", "[[adverb]]\n", "adverb is not a table", id="unknown-table"),
    pytest.param("cues", VERB + 'colour = "red"\n', "blether has the unknown key 'colour'", id="unknown-key"),
    pytest.param("cues", VERB.replace('act = "speech"\n', ""), "blether lacks the key 'act'", id="missing-key"),
    pytest.param("cues", VERB.replace("neutral", "loud"), "stance = 'loud'", id="bad-stance"),
    pytest.param("cues", VERB.replace("clause", "noise"), "takes = 'noise'", id="bad-complement"),
    pytest.param("cues", VERB + "hearer = 1\n", "hearer = 1", id="bad-flag"),
    pytest.param("cues", VERB.replace('["blether"]', "[]"), "empty list under 'lemmas'", id="empty-lemmas"),
    pytest.param("cues", VERB.replace('["clause"]', "[]"), "empty list under 'takes'", id="empty-takes"),
    pytest.param("cues", VERB.replace('["clause"]', '[["x"]]'), "no list of words under 'takes'", id="nested-list"),
    pytest.param("cues", VERB.replace('"neutral"', "[1]"), "stance = [1]", id="list-for-a-word"),
    pytest.param("cues", VERB * 2, "verb blether is listed twice", id="twice"),
    pytest.param(
        "cues", VERB + VERB.replace("neutral", "factive"), "contradict each other in stance", id="contradiction"
    ),
    pytest.param("cues", '[verb_prepositions]\nzzz = ["of"]\n', "names no verb", id="stranger-prepositions"),
    pytest.param("cues", "verb_prepositions = 1\n", "not a table", id="prepositions-no-table"),
    pytest.param("cues", "verb = [\n", "not valid TOML", id="no-toml"),
    pytest.param("outlets", "outlet = []\n", "outlet is empty", id="empty-outlets"),
    pytest.param("outlets", outlets('country = "FR"'), "has no name", id="nameless"),
    pytest.param("outlets", outlets(OUTLET, OUTLET), "is listed twice", id="outlet-twice"),
    pytest.param("outlets", outlets(OUTLET + ', aliases = ["TASS"]'), "which TASS has already", id="alias-taken"),
    pytest.param(
        "outlets", outlets(OUTLET + ', aliases = ["Courier", "courier"]'), "has already", id="own-alias-twice"
    ),
    pytest.param("outlets", outlets(OUTLET + ', domains = ["tass.ru"]'), "which TASS has already", id="domain-taken"),
    pytest.param("outlets", outlets(OUTLET + ', domains = ["https://x.org/"]'), "domains = 'https", id="no-host"),
    pytest.param("outlets", outlets(OUTLET + ', words = ["Port"]'), "no such name: 'port'", id="strange-word"),
    pytest.param("outlets", outlets(OUTLET + ', since = "lately"'), "since = 'lately'", id="bad-date"),
    pytest.param("outlets", outlets(OUTLET.replace('"FR"', '"France"')), "country = 'France'", id="bad-country"),
    pytest.param("outlets", outlets(OUTLET.replace('"paper"', '"zine"')), "kind = 'zine'", id="bad-kind"),
    pytest.param("outlets", outlets(OUTLET.replace('"private"', '"secret"')), "ownership = 'secret'", id="bad-owner"),
    pytest.param("titles", "roles = []\n", "empty list under 'roles'", id="empty-roles"),
    pytest.param("titles", 'roles = [" "]\n', "no list of words under 'roles'", id="blank-word"),
    pytest.param("titles", "given_names = 1\n", "not a table", id="names-no-table"),
    pytest.param("titles", '[given_names]\nx = ["Ada"]\n', "unknown key 'x'", id="unknown-gender"),
    pytest.param("titles", '[given_names]\nm = ["Ada"]\nf = ["ada"]\n', "ada is listed twice", id="two-genders"),
    pytest.param("marks", 'apostrophe_patterns = ["["]\n', "no regular expression", id="bad-pattern"),
    pytest.param("marks", '[[mark_pairs]]\nopen = "<"\n', "lacks the key 'close'", id="unclosed-pair"),
    pytest.param("marks", '[[mark_pairs]]\nopen = "<"\nclose = ""\n', "no list of words", id="empty-mark"),
    pytest.param("marks", '[[mark_pairs]]\nopen = "<"\nclose = ">"\nlevel = "top"\n', "level = 'top'", id="bad-level"),
    pytest.param("hedges", "hedges = []\n", "not a table of this file", id="unknown-list"),
]


@pytest.mark.parametrize(("file", "text", "message"), REFUSALS)
def test_what_is_wrong_is_refused(tmp_path: Path, file: str, text: str, message: str) -> None:
    with pytest.raises(LexiconError, match=re.escape(message)) as raised:
        laid_over(tmp_path, **{file: text})
    assert f"{file}.toml" in str(raised.value)
    assert raised.value.hint


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cues.toml").write_bytes(b'[[verb]]\nlemmas = ["caf\xe9"]\n')
    with pytest.raises(LexiconError, match="UTF-8"):
        lexicon.load(tmp_path)


def test_a_directory_without_lists_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="has no word lists"):
        lexicon.load(tmp_path / "absent")
