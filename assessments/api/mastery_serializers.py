"""What answers about levels hold."""

from rest_framework import serializers

from assessments.mastery.counted import LEFT_OUT_REASONS
from assessments.mastery.receipt import IN_OVERRIDE
from assessments.mastery.sureness import CHECK_AGAIN, REASONS, SURE
from lrm.api.fields import DayField, IdField, MomentField

LEFT_OUT = [*LEFT_OUT_REASONS.values(), IN_OVERRIDE]
TERMS = ["usual", "other_work", "override", "practice"]


class LevelSerializer(serializers.Serializer):
    """The level that is shown of one learner on one standard."""

    learner = serializers.IntegerField(source="learner_id", help_text="Id.")
    standard = serializers.IntegerField(source="standard_id", help_text="Id.")
    level = serializers.IntegerField(
        source="shown_level", allow_null=True, help_text="What every page shows; null for none."
    )
    is_set = serializers.SerializerMethodField(help_text="By a teacher, who has the last word; null for a past day.")
    results = serializers.IntegerField(source="n", help_text="How many count.")
    trend = serializers.SerializerMethodField(
        help_text="Against 30 days earlier: 1 up, -1 down, 0 steady; null for a past day."
    )
    as_of = serializers.DateField(
        source="day", default=None, allow_null=True, help_text="The day from which on it stood so; null for now."
    )
    last_observed_at = serializers.DateTimeField(default=None, allow_null=True, help_text="Null for a past day.")
    computed_at = serializers.DateTimeField(default=None, allow_null=True, help_text="Null for a past day.")

    def get_is_set(self, row) -> bool | None:
        return row.override_id is not None if hasattr(row, "override_id") else None

    def get_trend(self, row) -> int | None:
        return getattr(row, "trend", None)


class LevelQuerySerializer(serializers.Serializer):
    learner = IdField(required=False)
    section = IdField(required=False, help_text="Learners on the class list of this section today.")
    standard = IdField(required=False)
    framework = IdField(required=False, help_text="Standards of this framework.")
    as_of = DayField(required=False, help_text="As it stood at the end of an earlier day.")
    computed_since = MomentField(required=False, help_text="What has changed then or later; not together with as_of.")


class ReceiptQuerySerializer(serializers.Serializer):
    as_of = DayField(required=False, help_text="As it stood at the end of an earlier day.")


class LineSerializer(serializers.Serializer):
    """A result that counts."""

    assessment = serializers.CharField(source="title", allow_blank=True, help_text="Title of its assessment.")
    observed_at = serializers.DateTimeField(source="at")
    mark = serializers.FloatField(allow_null=True, help_text="As it was given.")
    possible = serializers.FloatField(allow_null=True, help_text="Null where the mark is a level.")
    points = serializers.FloatField(allow_null=True, help_text="The mark on the scale of levels.")
    share = serializers.FloatField(allow_null=True, help_text="share x points = part; null where the method has none.")
    part = serializers.IntegerField(allow_null=True, help_text="In 1/unit levels; null where the method has no parts.")
    comment = serializers.CharField(source="note", allow_blank=True)
    matched = serializers.IntegerField(
        source="matched.pk",
        default=None,
        allow_null=True,
        help_text="Id of the standard that it was given on, an exact match.",
    )


class TermSerializer(serializers.Serializer):
    """A part of the value that is no result on this standard."""

    kind = serializers.ChoiceField(TERMS)
    part = serializers.IntegerField(help_text="In 1/unit levels.")


class LeftOutSerializer(serializers.Serializer):
    """A record that does not count."""

    assessment = serializers.CharField(source="title", allow_blank=True)
    observed_at = serializers.DateTimeField(source="at")
    mark = serializers.FloatField(allow_null=True)
    possible = serializers.FloatField(allow_null=True)
    reason = serializers.ChoiceField(LEFT_OUT)


class OverrideSerializer(serializers.Serializer):
    """A level that a teacher has set."""

    level = serializers.IntegerField()
    by = serializers.CharField(source="by.name", default="", allow_blank=True)
    at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)


class SurenessSerializer(serializers.Serializer):
    """How sure the evidence is; for staff, and it moves no level."""

    verdict = serializers.ChoiceField([SURE, CHECK_AGAIN])
    reason = serializers.ChoiceField(REASONS)
    estimate = serializers.FloatField(help_text="The score to be expected next, 0 to 1.")
    low = serializers.FloatField(help_text="Where the 80 % range begins.")
    high = serializers.FloatField(help_text="Where it ends.")


class MethodSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="A key that stays.")
    said = serializers.CharField(help_text="In words, in the language of the request.")
    policy = serializers.IntegerField(allow_null=True, help_text="Id of the policy in force; null for the defaults.")
    school = serializers.IntegerField(allow_null=True, help_text="Id of the school whose own policy it is; else null.")


class ReceiptSerializer(serializers.Serializer):
    """The account of a level: lines and terms add up to the value, and the method makes the level of it.

    Whoever teaches or administers the learner gets every digit (unit 1000000) and `sureness`; the learner and the
    family get as many as their page shows.
    """

    learner = serializers.IntegerField(help_text="Id.")
    standard = serializers.IntegerField(help_text="Id.")
    as_of = serializers.DateField(allow_null=True, help_text="A past day, at its end; null for now.")
    level = serializers.IntegerField(allow_null=True, help_text="What every page shows; null for none.")
    word = serializers.CharField(allow_blank=True, help_text="Its name; empty for none.")
    levels = serializers.ListField(child=serializers.CharField(), help_text="Names of all levels, from 1 up.")
    level_of_results = serializers.IntegerField(allow_null=True, help_text="What the results say, before any teacher.")
    unit = serializers.IntegerField(help_text="value and parts are whole numbers of 1/unit levels.")
    value = serializers.IntegerField(allow_null=True, help_text="The sum of all parts; null without any result.")
    is_current = serializers.BooleanField(help_text="false: newer results are being worked in; ask again in a moment.")
    computed_at = serializers.DateTimeField(allow_null=True)
    method = MethodSerializer()
    lines = LineSerializer(many=True)
    terms = TermSerializer(many=True)
    left_out = LeftOutSerializer(many=True)
    override = OverrideSerializer(allow_null=True)
    outlook = serializers.CharField(allow_blank=True, help_text="What it would take, in words; empty for a past day.")
    sureness = SurenessSerializer(
        allow_null=True, help_text="For staff; null for others, for a past day, and while the family objects."
    )
