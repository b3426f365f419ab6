"""What answers about assessments and results hold, and what is sent of them."""

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from assessments.models import Assessment, Evidence
from assessments.models.evidence import NO_ITEM
from lrm.api.fields import DayField, IdField, MomentField, NumberField

SHOWN = [Evidence.Kind.RESULT.value, Evidence.Kind.EXCUSED.value, Evidence.Kind.NOT_SEEN.value]
KINDS = Assessment.Kind.values
CLEARED = Evidence.Kind.CLEARED.value


class AssessmentSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    section = serializers.IntegerField(source="section_id", help_text="Id of the section that it was given to.")
    title = serializers.CharField()
    kind = serializers.ChoiceField(KINDS)
    given_on = serializers.DateField()
    scale = serializers.ChoiceField(Assessment.Scale.values, help_text="levels: 1 to 4. points: 0 to points_possible.")
    points_possible = serializers.FloatField(allow_null=True, help_text="Null on the scale of levels.")
    weight = serializers.FloatField(help_text="1 is usual; 0 is practice that does not count.")
    counts_earlier = serializers.BooleanField(help_text="A new try leaves the earlier ones counting.")
    standards = serializers.SerializerMethodField(help_text="Ids of its standards, in the order of its columns.")
    is_archived = serializers.SerializerMethodField(help_text="Put away; its results keep counting.")

    def get_standards(self, assessment) -> list[int]:
        return [column.standard_id for column in assessment.columns.all()]

    def get_is_archived(self, assessment) -> bool:
        return assessment.archived_at is not None


class AssessmentQuerySerializer(serializers.Serializer):
    section = IdField(required=False)
    kind = serializers.ChoiceField(KINDS, required=False)
    standard = IdField(required=False, help_text="Those with this standard among theirs.")
    given_since = DayField(required=False)
    given_until = DayField(required=False)
    is_archived = serializers.BooleanField(default=False)


class NewAssessmentSerializer(serializers.Serializer):
    uuid = serializers.UUIDField(
        required=False, help_text="Chosen by you; sent again for the same section, the assessment is made once."
    )
    title = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(KINDS, default=Assessment.Kind.FORMATIVE.value)
    given_on = DayField(required=False, help_text="Today unless said; no day to come.")
    standards = serializers.ListField(
        child=IdField(), min_length=1, max_length=100, help_text="Ids of standards in force, in the order of columns."
    )
    points_possible = NumberField(
        max_digits=6,
        decimal_places=2,
        min_value=1,
        max_value=9999,
        allow_null=True,
        default=None,
        help_text="Null for the scale of levels, 1 to 4.",
    )
    weight = NumberField(max_digits=3, decimal_places=2, min_value=0, max_value=4, default=1)
    counts_earlier = serializers.BooleanField(default=False)

    def validate_given_on(self, day):
        if day > timezone.localdate():
            raise serializers.ValidationError(_("This day is still to come."), code="in_future")
        return day


class ResultSerializer(serializers.Serializer):
    """A record of the ledger that is in force. A correction is a new record that replaces one."""

    id = serializers.IntegerField()
    assessment = serializers.IntegerField(source="assessment_id", help_text="Id.")
    learner = serializers.IntegerField(source="learner_id", help_text="Id.")
    standard = serializers.IntegerField(source="standard_id", help_text="Id.")
    item = serializers.SerializerMethodField(help_text="Identifier of a question; null for the whole assessment.")
    attempt = serializers.IntegerField(help_text="1 is the first try.")
    kind = serializers.ChoiceField([*SHOWN, CLEARED])
    points = serializers.FloatField(allow_null=True, help_text="Null unless the kind is result.")
    possible = serializers.FloatField(allow_null=True, help_text="Null where points are a level.")
    observed_at = serializers.DateTimeField(help_text="What puts results in order.")
    recorded_at = serializers.DateTimeField()
    recorded_by = serializers.IntegerField(source="recorded_by_id", allow_null=True, help_text="Id of an account.")
    source = serializers.ChoiceField(Evidence.Source.values)
    replaces = serializers.IntegerField(
        source="supersedes_id", allow_null=True, help_text="Id of the record in whose place this one stands."
    )

    def get_item(self, evidence) -> str | None:
        return None if evidence.item == NO_ITEM else str(evidence.item)


class ResultQuerySerializer(serializers.Serializer):
    section = IdField(required=False)
    assessment = IdField(required=False)
    learner = IdField(required=False)
    standard = IdField(required=False)
    recorded_since = MomentField(
        required=False, help_text="Those recorded then or later; also what was cleared, so that you can follow."
    )
