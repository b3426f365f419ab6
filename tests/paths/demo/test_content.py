"""The demo school's words, names and frameworks, as a reader meets them."""

import re
from itertools import chain

import numpy as np
import pytest

from paths.demo.framework import FILES, case_package, taught_in
from paths.demo.names import DISTRICT, HOMEROOMS, SCHOOLS, Namer
from paths.demo.words import along, assessments, goals, path_steps, profile, rubrics

BANNED = re.compile(
    r"\b(predict\w*|expected|likely|fail\w*|low|weak|at risk|behind|below|deficient|remedial|gaps?|struggling|missing"
    r"|late|rank\w*|top|best|smart|gifted|lazy|oops|please note|invalid|must|submit\w*|click here|AI|magic\w*"
    r"|congratulations)\b|!",
    re.IGNORECASE,
)
GRADES = range(3, 9)
SUBJECTS = tuple(FILES)


def strings(value):
    """Every string below a module, dict, tuple or list."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return list(chain.from_iterable(strings(part) for part in value.values()))
    if isinstance(value, tuple | list):
        return list(chain.from_iterable(strings(part) for part in value))
    return []


def spoken(module):
    """All that the demo's people say in a module."""
    return [text for name, value in vars(module).items() if not name.startswith("__") for text in strings(value)]


def items(package, kind):
    return [item for item in package["CFItems"] if item["CFItemType"] == kind]


def links(package, kind):
    return [
        (link["originNodeURI"]["identifier"], link["destinationNodeURI"]["identifier"])
        for link in package["CFAssociations"]
        if link["associationType"] == kind
    ]


def test_frameworks_together_hold_122_standards():
    assert {subject: len(items(case_package(subject), "Standard")) for subject in SUBJECTS} == {
        "Mathematics": 62,
        "English": 60,
    }


@pytest.mark.parametrize("subject", SUBJECTS)
def test_framework_teaches_ten_to_twelve_standards_in_each_grade(subject):
    counts = [len(taught_in(subject, grade)) for grade in GRADES]
    assert counts == ([10, 10, 12, 10, 10, 10] if subject == "Mathematics" else [10] * 6)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_framework_identifiers_and_codes_are_unique(subject):
    package = case_package(subject)
    codes = [item["humanCodingScheme"] for item in package["CFItems"]]
    identifiers = [row["identifier"] for row in package["CFItems"] + package["CFAssociations"]]
    assert len(set(codes)) == len(codes)
    assert len(set(identifiers)) == len(identifiers)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_framework_is_one_tree_below_its_document(subject):
    package = case_package(subject)
    parents = dict(links(package, "isChildOf"))
    document = package["CFDocument"]["identifier"]
    assert set(parents) == {item["identifier"] for item in package["CFItems"]}
    depth = {"Grade": 1, "Domain": 2, "Standard": 3}
    for item in package["CFItems"]:
        node, steps = item["identifier"], 0
        while node != document:
            node, steps = parents[node], steps + 1
        assert steps == depth[item["CFItemType"]], item["humanCodingScheme"]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_prerequisites_come_earlier_and_never_in_a_circle(subject):
    package = case_package(subject)
    place = {item["identifier"]: n for n, item in enumerate(package["CFItems"])}
    order = {item["identifier"]: (item["educationLevel"], place[item["identifier"]]) for item in package["CFItems"]}
    pairs = links(package, "precedes")
    later = [pair for pair in pairs if order[pair[0]] >= order[pair[1]]]
    assert later == []
    waiting = {item["identifier"]: {a for a, b in pairs if b == item["identifier"]} for item in package["CFItems"]}
    while ready := [key for key, before in waiting.items() if not before]:
        for key in ready:
            del waiting[key]
        for before in waiting.values():
            before.difference_update(ready)
    assert waiting == {}
    grades = {item["identifier"]: item["educationLevel"] for item in package["CFItems"]}
    across = [pair for pair in pairs if grades[pair[0]] != grades[pair[1]]]
    assert 0 < len(across) < len(pairs)


def wrapped(title, width=11):
    lines = [""]
    for word in title.split():
        joined = f"{lines[-1]} {word}".strip()
        lines[-1:] = [joined] if len(joined) <= width or not lines[-1] else [lines[-1], word]
    return lines


@pytest.mark.parametrize("subject", SUBJECTS)
def test_short_titles_fit_a_heading_of_the_wall(subject):
    titles = [item["abbreviatedStatement"] for item in items(case_package(subject), "Standard")]
    too_long = [t for t in titles if len(t.split()) > 3 or len(wrapped(t)) > 2 or max(map(len, wrapped(t))) > 11]
    assert too_long == []
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_standard_says_i_can_in_a_short_sentence(subject):
    wordings = [item["alternativeLabel"] for item in items(case_package(subject), "Standard")]
    assert [w for w in wordings if not w.startswith("I can ") or len(w.split()) > 16] == []


def test_levels_are_described_for_every_standard():
    described = [
        rubrics.sentences(s.code) for subject in SUBJECTS for grade in GRADES for s in taught_in(subject, grade)
    ]
    assert {len(sentences) for sentences in described} == {4}
    fifth = [rubrics.sentences(s.code) for subject in SUBJECTS for s in taught_in(subject, 5)]
    assert len(set(fifth)) == 22


def test_words_keep_the_voice():
    texts = list(chain.from_iterable(spoken(m) for m in (along, assessments, goals, path_steps, profile, rubrics)))
    texts += [t for s in SUBJECTS for t in strings([i["fullStatement"] for i in case_package(s)["CFItems"]])]
    texts += [t for s in SUBJECTS for g in GRADES for t in strings([(x.title, x.i_can) for x in taught_in(s, g)])]
    assert [text for text in texts if BANNED.search(text)] == []
    assert len(texts) > 1000


def test_voice_rule_finds_what_it_forbids():
    assert [bool(BANNED.search(text)) for text in ("A low mark", "Well done!", "Follow slowly", "the AI says")] == [
        True,
        True,
        False,
        True,
    ]


def test_words_repeat_seldom():
    young, older = profile.YOUNG, profile.OLDER
    assert set(young) == set(older)
    assert {kind: len(set(young[kind] + older[kind])) >= 40 for kind in young} == dict.fromkeys(young, True)
    for lines in (strings(goals.WHYS), [text for _, text, _ in along.REFLECTIONS], [r for *_, r in along.REFLECTIONS]):
        assert len(set(lines)) == len(lines) >= 40
    for subject in ("M", "E"):
        said = along.CHECK_INS["any"] + along.CHECK_INS[subject]
        assert len({line for line, _ in said}) == len({answer for _, answer in said}) == len(said) >= 40
        feedback = strings(assessments.FEEDBACK[subject])
        assert len(set(feedback)) == len(feedback) >= 36
    titles = strings(path_steps.STEPS)
    assert len(set(titles)) == len(titles) >= 140


def test_every_domain_has_steps_and_goals():
    domains = {s.domain for subject in SUBJECTS for grade in GRADES for s in taught_in(subject, grade)}
    assert domains == set(path_steps.STEPS) == set(goals.OWN_GOALS) == set(goals.WHYS) - {"any", "M", "E"}
    assert {frozenset(kinds) for kinds in path_steps.STEPS.values()} == {frozenset(path_steps.MINUTES)}
    assert set(path_steps.PLACES) == {*path_steps.MINUTES, "practise"}


def test_what_learners_read_is_short():
    read = spoken(along) + spoken(goals) + spoken(path_steps) + spoken(assessments) + spoken(rubrics)
    sentences = [s for text in read for s in re.split(r"(?<=[.?])\s+", text)]
    assert [s for s in sentences if len(s.split()) > 20] == []
    assert [text for text in read if len(text) > 200] == []


def test_names_of_a_whole_district_never_repeat():
    namer = Namer(np.random.default_rng(11))
    children = [namer.child() for _ in range(500)]
    adults = [namer.woman() for _ in range(30)]
    adults += [guardian.person for child in children for guardian in namer.guardians(child)]
    names = [person.full for person in children + adults]
    assert len(set(names)) == len(names) > 1200
    assert len({child.community for child in children}) >= 12


def test_names_follow_the_seed():
    first, again, other = (Namer(np.random.default_rng(seed)) for seed in (3, 3, 4))
    drawn = [[namer.child().full for _ in range(20)] for namer in (first, again, other)]
    assert drawn[0] == drawn[1]
    assert drawn[0] != drawn[2]


def test_siblings_share_a_family_name():
    namer = Namer(np.random.default_rng(5))
    older = namer.child()
    assert {namer.child(family_of=older).family for _ in range(3)} == {older.family}


def test_schools_and_homerooms_have_names_of_their_own():
    rooms = list(chain.from_iterable(HOMEROOMS))
    assert len(set(rooms)) == len(rooms) == 20
    assert len({DISTRICT, *SCHOOLS}) == 3
