"""Which rows each right answers for each person: written by hand, as the routes are.

A right that stands behind another one would never be missed by a walk of the routes; here each is asked by itself.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.apps import apps
from django.db.models import QuerySet

from lrm.scope import district_scope
from tests.lrm.matrix_expectations.people import (
    ANYONE,
    BLOCK_STAFF,
    CHECK_IN_READERS,
    CLASSMATES,
    CONFERENCE_READERS,
    DISTRICT_RULES,
    DRAWING_READERS,
    HOME_DISTRICT,
    IMPORT_READERS,
    LEARNER_AND_FAMILY,
    LEARNER_CIRCLE,
    LEARNER_SELF,
    LEARNER_STAFF,
    LOOK_READERS,
    NEWS_ENDERS,
    NOTE_AUTHOR,
    NOTE_STAFF,
    OPENING_READERS,
    PLACE_READERS,
    POINT_READERS,
    POLL_ASKED,
    POLL_READERS,
    RECORD_DECIDERS,
    RECORD_READERS,
    ROSTER_EDITORS,
    ROSTER_READERS,
    SCHOOL_ADMINISTRATORS,
    SCHOOL_ADMINS_THERE,
    SCHOOL_STAFF,
    SECTION_LEADERS,
    SECTION_STAFF,
    SECTION_TEACHERS,
    TALK_AND_AUTHOR,
    TALK_CIRCLE,
    TEMPLATE_AUTHORS,
    UNMASKING_AGREERS,
)
from tests.lrm.matrix_places import PLACES
from tests.lrm.matrix_scene import SENDERS, Scene

_SELF_AND_STAFF = {
    **LEARNER_STAFF,
    "own": {*LEARNER_STAFF["own"], "learner"},
    "far": {*LEARNER_STAFF["far"], "far_learner"},
}
# The two of a pair, the family of each, staff who stay and administrators.
_PAIR_READERS = {place: {*who, *({"guardian"} if place == "own" else ())} for place, who in NEWS_ENDERS.items()}
_NEWS_READERS = {**NEWS_ENDERS, "beside": {*NEWS_ENDERS["beside"], "learner"}}
_SENDER = {place: {sender} for place, sender in SENDERS.items()}
_DISTRICT = {**dict.fromkeys(HOME_DISTRICT, ANYONE - {"abroad_admin", "stranger"}), "abroad": {"abroad_admin"}}

# {right: (noun of the scene, {place: personas who get it})}; "(…)" sets a second line for the same right apart.
RIGHTS: dict[str, tuple[str, Mapping[str, Iterable[str]]]] = {
    "AccountQuerySet.administered_by": ("staff_account", SCHOOL_ADMINISTRATORS),
    "AccountQuerySet.adults_of": ("staff_account", IMPORT_READERS),
    "AccountQuerySet.changed_by": ("staff_account", SCHOOL_ADMINISTRATORS),
    "LearnerQuerySet.visible_to": ("learner", LEARNER_CIRCLE),
    "LearnerQuerySet.served_by": ("learner", LEARNER_STAFF),
    "LearnerQuerySet.administered_by": ("learner", SCHOOL_ADMINISTRATORS),
    "LearnerQuerySet.noted_by": ("learner", NOTE_STAFF),
    "DataCheckInQuerySet.visible_to": ("data_check_in", NOTE_AUTHOR),
    "DataCheckInQuerySet.visible_to (shared)": ("shared_check_in", CHECK_IN_READERS),
    "DataCheckInQuerySet.owned_by": ("data_check_in", NOTE_AUTHOR),
    "DataCheckInQuerySet.handed_on_by": ("data_check_in", NOTE_AUTHOR),
    "DataCheckInQuerySet.handed_on_by (left behind)": ("left_check_in", SCHOOL_ADMINISTRATORS),
    "DataDecisionQuerySet.visible_to": ("data_decision", CHECK_IN_READERS),
    "DataDecisionQuerySet.editable_by": ("data_decision", NOTE_AUTHOR),
    "ImpactQuestionQuerySet.visible_to": ("impact_question", SCHOOL_ADMINISTRATORS),
    "ImpactQuestionQuerySet.withdrawable_by": ("impact_question", SCHOOL_ADMINISTRATORS),
    "JobQuerySet.visible_to": ("job", DISTRICT_RULES),
    "MasteryPolicyQuerySet.readable_by": ("school_policy", SCHOOL_ADMINISTRATORS),
    "GuardianshipQuerySet.administered_by": ("guardianship", SCHOOL_ADMINISTRATORS),
    "LearnerCopyQuerySet.administered_by": ("copy", SCHOOL_ADMINISTRATORS),
    "AuditEntryQuerySet.visible_to": ("audit_entry", SCHOOL_ADMINISTRATORS),
    "AdultCopyQuerySet.visible_to": ("adult_copy", IMPORT_READERS),
    "ErasureQuerySet.visible_to": ("erasure", IMPORT_READERS),
    "LearnerCopyQuerySet.fetched_by": ("copy", LOOK_READERS),
    "PolicyRuleQuerySet.visible_to": ("policy_rule", SCHOOL_ADMINISTRATORS),
    "PolicyRuleQuerySet.editable_by": ("policy_rule", SCHOOL_ADMINISTRATORS),
    "SubgroupQuerySet.visible_to": ("subgroup", DISTRICT_RULES),
    "SchoolQuerySet.visible_to": ("school", SCHOOL_STAFF),
    "RosterQuerySet.visible_to": ("roster", ROSTER_READERS),
    "RosterQuerySet.editable_by": ("roster", ROSTER_EDITORS),
    "RosterActQuerySet.visible_to": ("roster_act", ROSTER_EDITORS),
    "LearnerMergeQuerySet.visible_to": ("learner_merge", SCHOOL_ADMINISTRATORS),
    "ToldApartQuerySet.visible_to": ("told_apart", SCHOOL_ADMINISTRATORS),
    "RollOverQuerySet.visible_to": ("roll_over", SCHOOL_ADMINISTRATORS),
    "SectionQuerySet.visible_to": ("section", SECTION_STAFF),
    "SectionQuerySet.taught_by": ("section", SECTION_TEACHERS),
    "SectionQuerySet.grouped_for": ("section", SECTION_TEACHERS),
    "SectionQuerySet.drawable_by": ("section", SECTION_LEADERS),
    "BadgeQuerySet.editable_by": ("badge", ROSTER_EDITORS),
    "DeviceQuerySet.administered_by": ("device", _DISTRICT),
    "BlockQuerySet.visible_to": ("block", BLOCK_STAFF),
    "BlockQuerySet.editable_by": ("block", BLOCK_STAFF),
    "ProfileEntryQuerySet.visible_to": ("entry", LEARNER_CIRCLE),
    "IntegrationQuerySet.visible_to": ("integration", DISTRICT_RULES),
    "WebhookQuerySet.visible_to": ("webhook", DISTRICT_RULES),
    "ApiTokenQuerySet.visible_to": ("token", _SENDER),
    "SignedInQuerySet.visible_to": ("signed_in", _SENDER),
    "UploadQuerySet.visible_to": ("upload", _SENDER),
    "RosterImportQuerySet.visible_to": ("roster_import", IMPORT_READERS),
    "AssessmentQuerySet.visible_to": ("assessment", SECTION_STAFF),
    "MasteryQuerySet.visible_to": ("mastery", LEARNER_CIRCLE),
    "GoalQuerySet.visible_to": ("goal", LEARNER_CIRCLE),
    "GoalQuerySet.visible_to (a draft)": ("draft", LEARNER_SELF),
    "GoalQuerySet.editable_by": ("goal", _SELF_AND_STAFF),
    "GoalQuerySet.served_by": ("goal", LEARNER_STAFF),
    "GoalQuerySet.editable_by (a draft)": ("draft", LEARNER_SELF),
    "GoalTemplateQuerySet.visible_to": ("goal_template", NOTE_AUTHOR),
    "GoalTemplateQuerySet.editable_by": ("goal_template", NOTE_AUTHOR),
    "ShownAtHomeQuerySet.visible_to": ("shown_at_home", LEARNER_AND_FAMILY),
    "SupportQuerySet.visible_to": ("support", LEARNER_CIRCLE),
    "SupportQuerySet.editable_by": ("support", NOTE_STAFF),
    "SuggestionMarkQuerySet.visible_to": ("suggestion_mark", LEARNER_CIRCLE),
    "SuggestionMarkQuerySet.editable_by": ("suggestion_mark", LEARNER_STAFF),
    "TryPlaceQuerySet.visible_to": ("try_place", SECTION_STAFF),
    "TryPlaceQuerySet.taught_by": ("try_place", SECTION_TEACHERS),
    "TryRequestQuerySet.visible_to": ("try_request", LEARNER_CIRCLE),
    "TryRequestQuerySet.of": ("try_request", LEARNER_SELF),
    "TryRequestQuerySet.taught_by": ("try_request", SECTION_TEACHERS),
    "PathQuerySet.visible_to": ("path", LEARNER_CIRCLE),
    "PathQuerySet.editable_by": ("path", LEARNER_STAFF),
    "StepQuerySet.visible_to": ("step", LEARNER_CIRCLE),
    "StepQuerySet.tickable_by": ("step", _SELF_AND_STAFF),
    "StepProposalQuerySet.visible_to": ("proposal", LEARNER_CIRCLE),
    "StepProposalQuerySet.answerable_by": ("proposal", LEARNER_STAFF),
    "PlaceQuerySet.visible_to": ("work_place", PLACE_READERS),
    "PlaceQuerySet.editable_by": ("work_place", SCHOOL_STAFF),
    "OpeningQuerySet.visible_to": ("opening", OPENING_READERS),
    "OpeningQuerySet.editable_by": ("opening", SECTION_STAFF),
    "PathTemplateQuerySet.visible_to": ("template", TEMPLATE_AUTHORS),
    "PathTemplateQuerySet.visible_to (shared)": ("shared_template", SCHOOL_STAFF),
    "PathTemplateQuerySet.editable_by": ("template", TEMPLATE_AUTHORS),
    "PathTemplateQuerySet.editable_by (shared)": ("shared_template", SCHOOL_ADMINS_THERE),
    "ProjectQuerySet.visible_to": ("project", LEARNER_CIRCLE),
    "ProjectQuerySet.visible_to (a draft)": ("project_draft", LEARNER_SELF),
    "ProjectQuerySet.owned_by": ("project", LEARNER_SELF),
    "ProjectQuerySet.decided_by": ("project", LEARNER_STAFF),
    "WeekItemQuerySet.editable_by": ("week_item", LEARNER_SELF),
    "ArtifactQuerySet.visible_to": ("artifact", LEARNER_CIRCLE),
    "ArtifactQuerySet.visible_to (a draft)": ("work_draft", LEARNER_SELF),
    "ArtifactQuerySet.editable_by": ("artifact", LEARNER_SELF),
    "TalkQuerySet.visible_to": ("talk", TALK_CIRCLE),
    "TalkQuerySet.visible_to (with a record)": ("reported_talk", RECORD_READERS),
    "TalkQuerySet.open_to": ("talk", TALK_CIRCLE),
    "TalkQuerySet.open_to (with a record)": ("reported_talk", TALK_CIRCLE),
    "MessageQuerySet.visible_to": ("message", TALK_CIRCLE),
    "MessageQuerySet.hideable_by": ("message", TALK_AND_AUTHOR),
    "MessageReportQuerySet.visible_to": ("report", RECORD_DECIDERS),
    "ConferenceQuerySet.visible_to": ("conference", CONFERENCE_READERS),
    "ConferenceQuerySet.led_by": ("conference", NOTE_AUTHOR),
    "ConferenceStaffNotesQuerySet.visible_to": ("conference_notes", NOTE_STAFF),
    "TalkPointQuerySet.visible_to": ("talk_point", POINT_READERS),
    "PollQuerySet.visible_to": ("poll", POLL_READERS),
    "PollQuerySet.asking": ("poll", POLL_ASKED),
    "PollQuerySet.run_by": ("poll", RECORD_DECIDERS),
    "PollFileQuerySet.visible_to": ("poll_file", DRAWING_READERS),
    "UnmaskingQuerySet.agreeable_by": ("unmasking", UNMASKING_AGREERS),
    "UnmaskingQuerySet.told_to": ("unmasked", LEARNER_SELF),
    "PeerNoteQuerySet.visible_to": ("peer_note", _PAIR_READERS),
    "PeerNoteQuerySet.of": ("peer_note", LEARNER_SELF),
    "PeerMatchQuerySet.visible_to": ("pair", _PAIR_READERS),
    "PeerMatchQuerySet.of": ("pair", LEARNER_SELF),
    "PeerMatchQuerySet.led_by": ("pair", RECORD_DECIDERS),
    "PeerReportQuerySet.visible_to": ("peer_report", RECORD_DECIDERS),
    "SharedMomentQuerySet.visible_to": ("shared_moment", _NEWS_READERS),
    "SharedMomentQuerySet.of": ("shared_moment", LEARNER_SELF),
    "SharedMomentQuerySet.cheered_by": ("shared_moment", CLASSMATES),
    "SharedMomentQuerySet.led_by": ("shared_moment", RECORD_DECIDERS),
    "StaffNoteQuerySet.visible_to": ("staff_note", NOTE_STAFF),
    "StaffNoteQuerySet.editable_by": ("staff_note", NOTE_AUTHOR),
    "FrameworkQuerySet.visible_to": ("framework", _DISTRICT),
    "StandardQuerySet.visible_to": ("standard", _DISTRICT),
    "CarryOverQuerySet.visible_to": ("carry_over", _DISTRICT),
    "PackageUploadQuerySet.visible_to": ("package", _SENDER),
}


def rights() -> list[tuple[type, str]]:
    """Every queryset method that answers "which rows for this account?", `visible_to` before all."""
    querysets = {getattr(model._default_manager, "_queryset_class", QuerySet) for model in apps.get_models()}
    return [
        (queryset, name)
        for queryset in sorted(querysets, key=lambda each: each.__name__)
        for name, method in vars(queryset).items()
        if inspect.isfunction(method) and "account" in inspect.signature(method).parameters
    ]


@contextmanager
def heard_rights(hear: Callable[[str], None]) -> Iterator[None]:
    """Whoever asks for a right meanwhile is heard, by its name "LearnerQuerySet.visible_to"."""

    def loud(right: str, method: Callable) -> Callable:
        def ask(*given, **named):
            hear(right)
            return method(*given, **named)

        return ask

    quiet = {(queryset, name): vars(queryset)[name] for queryset, name in rights()}
    for (queryset, name), method in quiet.items():
        setattr(queryset, name, loud(f"{queryset.__name__}.{name}", method))
    try:
        yield
    finally:
        for (queryset, name), method in quiet.items():
            setattr(queryset, name, method)


def right_of(key: str) -> str:
    return key.partition(" ")[0]


def faults_of_right(key: str, scene: Scene) -> list[str]:
    """Where the right answers another row than the table says, or leaves one out."""
    noun, table = RIGHTS[key]
    name = right_of(key).partition(".")[2]
    (model,) = {type(scene.objects[place][noun]) for place in PLACES}
    rows = {place: scene.objects[place][noun].pk for place in PLACES}
    found: list[str] = []
    for persona, account in scene.people.items():
        if account is None:
            continue
        account = type(account).objects.get(pk=account.pk)  # rights are read anew, as in a request
        with district_scope(account.district_id):
            right = getattr(model.objects, name)(account)
            seen = set(right.filter(pk__in=list(rows.values())).values_list("pk", flat=True))
            found += [
                f"{key}: {persona} {'sees' if pk in seen else 'does not see'} the {noun} of {place}"
                for place, pk in rows.items()
                if (pk in seen) != (persona in table.get(place, ()))
            ]
    return found
