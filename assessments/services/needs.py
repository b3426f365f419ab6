"""What the grouping solver is asked about a section: learners, standards, beliefs, prerequisites, results."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta

import numpy as np
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from assessments.grouping import Evidence as Known
from assessments.grouping import Result, adjusted_mastery, topic_values
from assessments.mastery import events, tree
from assessments.mastery.rounding import to_micro
from assessments.mastery.scale import Scale, level_from_micro
from assessments.mastery.tree_reading import read_pair
from assessments.models import Mastery, ModelState, SectionStandard
from assessments.models.evidence import Evidence
from assessments.services.page_policies import PagePolicies
from assessments.services.policies import Policies
from profiles.models import Learner, Section
from profiles.models.objection import objected
from standards.models import Association, Standard

MOST_STANDARDS = 8
NEW_DAYS = 7


@dataclass(frozen=True)
class Needs:
    """Rows are `learners`, columns are `standards`; the first `topics` columns are grouped by.

    p, value: as grouping.Problem wants them.    known: as grouping.explain wants it.
    levels: of how many the scale of each standard is, by its framework's policy.
    """

    learners: list[Learner]
    standards: list[Standard]
    topics: int
    p: np.ndarray
    value: np.ndarray
    known: Known
    levels: list[int]


def read_needs(
    section: Section, policies: Policies, *, on: date, chosen: Sequence[int] | None = None, named: Collection[int] = ()
) -> Needs | None:
    """The needs of a section now; None where nobody or nothing is there to group by.

    Each standard goes by the policy of its own framework. Of whoever objects to what a machine works out nothing is
    known here: they are placed as somebody without a result, and the teacher moves them.
    chosen: ids of standards to group by; without it those with the most to gain, at most MOST_STANDARDS, of the
    standards with at least half as many learners seen as the one with most, and of those that some are ready for.
    named: ids of standards of the class to group by in any case, beside the others.
    """
    rows = section.roster.enrollments.of_learners().on(on).select_related("learner", "roster__block")
    enrollments = {row.learner_id: row for row in rows}
    learners = sorted((row.learner for row in enrollments.values()), key=lambda learner: learner.pk)
    taught = Standard.objects.in_force().filter(
        pk__in=SectionStandard.objects.filter(section=section).values("standard_id")
    )
    # In a block everybody is new at first, and none of them is to the school.
    new = {
        pk
        for pk, row in enrollments.items()
        if (on - row.starts_on) < timedelta(days=NEW_DAYS) and not hasattr(row.roster, "block")
    }
    return needs_of(learners, taught, policies, on=on, chosen=chosen, named=named, new=new)


def needs_of(
    learners: list[Learner],
    worked_on: QuerySet[Standard],
    policies: Policies,
    *,
    on: date,
    chosen: Sequence[int] | None = None,
    named: Collection[int] = (),
    new: Collection[int] = (),
) -> Needs | None:
    """The same for any learners, and the standards that they work on. new: ids of those who have joined this week."""
    taught = list(
        worked_on.only(
            "pk", "code", "short_title", "statement", "domain_id", "subject_id", "framework_id", "position"
        ).order_by("framework_id", "position", "pk")
    )
    if not learners or not taught:
        return None
    before = _prerequisites([standard.pk for standard in taught])
    outside = list(
        Standard.objects.filter(pk__in={q for q, _ in before} - {standard.pk for standard in taught}).only(
            "pk", "code", "short_title", "statement", "domain_id", "subject_id", "framework_id", "position"
        )
    )
    columns = [*taught, *outside]
    of_page = PagePolicies(policies, {standard.framework_id for standard in columns}, on=on)
    secure_from = np.array([of_page.of(standard.framework_id).scale.mastery_level for standard in columns])
    level, overridden = _levels(learners, columns)
    p = adjusted_mastery(_beliefs(learners, columns, of_page), level, secure_from, overridden=overridden)
    place = {standard.pk: i for i, standard in enumerate(columns)}
    pairs = [(place[q], place[s]) for q, s in before if q in place and s in place]
    topics = _topics(p, level, pairs, taught, chosen, named, secure_from)
    if not topics:
        return None
    order = [*topics, *(i for i in range(len(columns)) if i not in set(topics))]
    at = {old: new for new, old in enumerate(order)}
    pairs = [(at[q], at[s]) for q, s in pairs]
    p, level, overridden = p[:, order], level[:, order], overridden[:, order]
    standards = [columns[i] for i in order]
    newcomers = [row for row, learner in enumerate(learners) if learner.pk in new]
    known = Known(
        level=level,
        mastery_level=secure_from[order],
        prerequisites=pairs,
        results=_results(learners, standards[: len(topics)], of_page),
        overridden=overridden,
        newcomers=newcomers,
    )
    needed = [(q, s) for q, s in pairs if s < len(topics)]
    value = topic_values(p, needed, topics=len(topics))
    levels = [of_page.of(standard.framework_id).scale.levels for standard in standards]
    return Needs(learners, standards, len(topics), p[:, : len(topics)], value, known, levels)


def _prerequisites(standard_ids: list[int]) -> list[tuple[int, int]]:
    """(before, after) pairs whose second is one of these standards."""
    return list(
        Association.objects.filter(
            kind=Association.PRECEDES, destination__in=standard_ids, origin__isnull=False, retired_at__isnull=True
        )
        .exclude(origin=None)
        .values_list("origin_id", "destination_id")
        .distinct()
    )


def _levels(learners: list[Learner], columns: list[Standard]) -> tuple[np.ndarray, np.ndarray]:
    level = np.zeros((len(learners), len(columns)), dtype=np.int64)
    overridden = np.zeros(level.shape, dtype=bool)
    row = {learner.pk: i for i, learner in enumerate(learners)}
    place = {standard.pk: i for i, standard in enumerate(columns)}
    for learner, standard, shown, override in Mastery.objects.filter(
        ~objected("learner_id"), learner__in=list(row), standard__in=list(place)
    ).values_list("learner_id", "standard_id", "shown_level", "override_id"):
        level[row[learner], place[standard]] = shown or 0
        overridden[row[learner], place[standard]] = override is not None
    return level, overridden


def _beliefs(learners: list[Learner], columns: list[Standard], of_page: PagePolicies) -> np.ndarray:
    """p_mastered by the evidence tree now; a learner without state has the prior."""
    now = float(events.days(np.datetime64(timezone.now().astimezone(UTC).replace(tzinfo=None), "us")))
    subjects = {standard.subject_id for standard in columns}
    stored = {
        (learner, subject): beliefs
        for learner, subject, beliefs in ModelState.objects.filter(
            ~objected("learner_id"), learner__in=[learner.pk for learner in learners], subject__in=subjects
        ).values_list("learner_id", "subject_id", "beliefs")
    }
    rules = [of_page.of(standard.framework_id) for standard in columns]
    offset = [
        policy.offsets(standard.subject_id).offsets(standard.pk).item()
        for policy, standard in zip(rules, columns, strict=True)
    ]
    scales = {
        school: [of_page.of(standard.framework_id, school).scale for standard in columns]
        for school in {learner.home_school_id for learner in learners}
    }
    p = np.empty((len(learners), len(columns)))
    for i, learner in enumerate(learners):
        states = {
            subject: tree.LearnerState.from_bytes(stored[learner.pk, subject])
            if stored.get((learner.pk, subject))
            else tree.new_state()
            for subject in subjects
        }
        for j, standard in enumerate(columns):
            domain = standard.domain_id or events.NONE
            reading = read_pair(
                states[standard.subject_id],
                standard=standard.pk,
                domain=domain,
                now=now,
                scale=scales[learner.home_school_id][j],
                offset=offset[j],
            )
            p[i, j] = reading.p_mastered
    return np.clip(p, 0.0, 1.0)


def _topics(
    p: np.ndarray,
    level: np.ndarray,
    pairs: list[tuple[int, int]],
    taught: list[Standard],
    chosen: Sequence[int] | None,
    named: Collection[int],
    secure_from: np.ndarray,
) -> list[int]:
    """Columns to group by, in the order of the framework."""
    named_too = {i for i, standard in enumerate(taught) if standard.pk in named}
    if chosen:
        wanted = set(chosen)
        return [i for i, standard in enumerate(taught) if standard.pk in wanted or i in named_too]
    # A standard that few have been asked about would gather everybody else as "no result here".
    seen_by = (level[:, : len(taught)] > 0).sum(axis=0)
    seen = (seen_by > 0) & (2 * seen_by >= seen_by.max(initial=0))
    ready = {s for _, s in pairs} - {s for q, s in pairs if not (level[:, q] >= secure_from[q]).any()}
    open_to = [i for i in range(len(taught)) if seen[i] or i in ready]
    if not open_to or not seen.any():
        return []
    value = topic_values(p, [(q, s) for q, s in pairs if s < len(taught)], topics=len(taught))
    gain = value.sum(axis=0)
    best = sorted(open_to, key=lambda i: (-gain[i], i))[:MOST_STANDARDS]
    return sorted({*best, *named_too})


def _results(learners: list[Learner], standards: list[Standard], of_page: PagePolicies) -> dict:
    """{(row, column): results in force, oldest first}, for the sentences."""
    row = {learner.pk: i for i, learner in enumerate(learners)}
    place = {standard.pk: i for i, standard in enumerate(standards)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.learner_id, e.standard_id, e.points::float8, e.possible::float8,"
            " (e.observed_at AT TIME ZONE %s)::date"
            "  FROM assessments_evidence e"
            " WHERE e.learner_id = ANY(%s) AND e.standard_id = ANY(%s) AND e.kind = %s"
            " AND NOT EXISTS (SELECT 1 FROM profiles_objection o"
            "                  WHERE o.learner_id = e.learner_id AND o.ended_at IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM assessments_evidence x"
            "                  WHERE x.school_year = e.school_year AND x.supersedes_id = e.id)"
            " ORDER BY e.observed_at, e.id",
            [timezone.get_current_timezone_name(), list(row), list(place), str(Evidence.Kind.RESULT)],
        )
        results = cursor.fetchall()
    found: dict[tuple[int, int], list[Result]] = {}
    schools = {learner.pk: learner.home_school_id for learner in learners}
    scales = {
        (standard.pk, school): of_page.of(standard.framework_id, school).scale
        for standard in standards
        for school in set(schools.values())
    }
    for scale in set(scales.values()):
        here = [result for result in results if scales[result[1], schools[result[0]]] == scale]
        points, possible = [result[2] for result in here], [result[3] for result in here]
        for (learner, standard, _, _, day), level in zip(here, _levels_of(points, possible, scale), strict=True):
            found.setdefault((row[learner], place[standard]), []).append(Result(level, day))
    return found


def _levels_of(points: list[float], possible: list[float | None], scale: Scale) -> list[int]:
    """The level of each result by itself. possible: None for marks on the scale."""
    n = len(points)
    history = events.history(
        learner=np.zeros(n, dtype=np.int64),
        standard=np.zeros(n, dtype=np.int64),
        ts=np.zeros(n),
        points=np.asarray(points, dtype=float),
        possible=np.array([np.nan if each is None else each for each in possible], dtype=float),
    )
    return level_from_micro(to_micro(history.scale_points(scale)), scale.levels).tolist()
