"""Results as they are sent."""

from rest_framework import serializers

from assessments.models import Assessment
from assessments.services.results import LEVELS
from lrm.api.fields import DayField, IdField, MomentField, NumberField

MOST = 5000
"""Results in one request."""


class SentResultSerializer(serializers.Serializer):
    """One result: a level, or points, or excused. A missing result is no row at all; a zero is a result."""

    learner = serializers.CharField(
        max_length=255, help_text="The uuid of a learner of the class, the key of the roster, or the e-mail address."
    )
    standard = serializers.CharField(
        max_length=255, help_text="The uuid of a standard in force, or its code where only one here has it."
    )
    level = serializers.IntegerField(min_value=1, max_value=LEVELS, required=False, help_text="On the scale of levels.")
    points = NumberField(
        max_digits=9, decimal_places=4, min_value=0, max_value=9999, required=False, help_text="On the scale of points."
    )
    is_excused = serializers.BooleanField(default=False, help_text="Neither level nor points then.")
    item = serializers.CharField(
        max_length=200, default="", allow_blank=True, help_text="A question of the assessment, by any name of yours."
    )
    attempt = serializers.IntegerField(min_value=1, max_value=999, default=1, help_text="1 is the first try.")
    comment = serializers.CharField(
        max_length=280, default="", allow_blank=True, help_text="One line that the learner sees on the result."
    )
    replaces = IdField(
        required=False,
        help_text="Id of the result that this one corrects, as GET /results/ says it. Without it a cell that holds"
        " another result already is refused.",
    )


class SentToAssessmentSerializer(SentResultSerializer):
    observed_at = MomentField(required=False, help_text="The day of the assessment unless said; not to come.")


class SentToSectionSerializer(SentResultSerializer):
    """A result with its assessment, which is made where the section has none of that title and day."""

    assessment = serializers.CharField(max_length=200, help_text="Title of the assessment.")
    given_on = DayField(help_text="The day of the assessment.")
    kind = serializers.ChoiceField(
        Assessment.Kind.values, default=Assessment.Kind.FORMATIVE.value, help_text="Of an assessment that is made."
    )
    possible = NumberField(
        max_digits=6, decimal_places=2, min_value=1, max_value=9999, required=False, help_text="Needed beside points."
    )


class BatchToAssessmentSerializer(serializers.Serializer):
    results = serializers.ListField(child=SentToAssessmentSerializer(), min_length=1, max_length=MOST)


class BatchToSectionSerializer(serializers.Serializer):
    results = serializers.ListField(child=SentToSectionSerializer(), min_length=1, max_length=MOST)


class StoredSerializer(serializers.Serializer):
    """What became of the results that were sent: all of them are stored now."""

    stored = serializers.IntegerField(help_text="Results that were new, or corrected one.")
    unchanged = serializers.IntegerField(help_text="Results that stood already as they were sent.")
    assessments = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of the assessments concerned.")
