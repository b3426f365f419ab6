"""What answers about goals and paths hold, and what is sent of goals."""

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from lrm.api.fields import DayField, IdField
from paths.forms.goals import STEP_LENGTH, STEPS_AT_MOST
from paths.models import Goal, Reflection, Step
from paths.sequencing import PartKind, State

GOAL_STATES = Goal.State.values


class GoalStepSerializer(serializers.Serializer):
    """A small step towards the goal."""

    id = serializers.IntegerField()
    text = serializers.CharField()
    done_at = serializers.DateTimeField(allow_null=True)


class CriterionSerializer(serializers.Serializer):
    """A line of "I am done when"."""

    text = serializers.CharField()
    is_met = serializers.BooleanField(help_text="Ticked by the learner.")


class ReplySerializer(serializers.Serializer):
    reply = serializers.CharField(allow_blank=True, help_text="A teacher's answer; empty for none.")
    replied_at = serializers.DateTimeField(allow_null=True)


class CheckInSerializer(ReplySerializer):
    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    at = serializers.DateTimeField()
    confidence = serializers.IntegerField(help_text="1 (not yet) to 5 (very).")
    progress = serializers.IntegerField(allow_null=True, help_text="1 (just started) to 5 (all done).")
    text = serializers.CharField(allow_blank=True)


class ReflectionSerializer(ReplySerializer):
    at = serializers.DateTimeField()
    helped = serializers.ListField(child=serializers.ChoiceField(Reflection.Helped.values))
    text = serializers.CharField(allow_blank=True)


class FeedbackSerializer(serializers.Serializer):
    """A teacher's line on the goal itself."""

    at = serializers.DateTimeField()
    text = serializers.CharField()


class GoalSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    learner = serializers.IntegerField(source="learner_id", help_text="Id.")
    state = serializers.ChoiceField(GOAL_STATES)
    what = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)
    criteria = CriterionSerializer(many=True)
    due_on = serializers.DateField(allow_null=True)
    standards = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of what it counts towards.")
    steps = GoalStepSerializer(many=True)
    agreed_at = serializers.DateTimeField(
        allow_null=True, help_text="Asked for only where it counts towards standards."
    )
    achieved_at = serializers.DateTimeField(allow_null=True)
    confirmed_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()
    version = serializers.IntegerField(
        help_text="Counts changes of its words; a revision names the one it was made on."
    )


class GoalInFullSerializer(GoalSerializer):
    """A goal with what was said along the way, the newest first."""

    check_ins = CheckInSerializer(many=True)
    reflections = ReflectionSerializer(many=True)
    feedback = FeedbackSerializer(many=True)


class GoalQuerySerializer(serializers.Serializer):
    learner = IdField(required=False)
    section = IdField(required=False, help_text="Of learners on the class list of this section today.")
    state = serializers.ChoiceField(GOAL_STATES, required=False)


class StepWordsSerializer(serializers.Serializer):
    id = IdField(required=False, help_text="Of a step that stays, with its tick; without it the step is new.")
    text = serializers.CharField(max_length=STEP_LENGTH)


class GoalWordsSerializer(serializers.Serializer):
    what = serializers.CharField(max_length=280, help_text="One sentence, in the learner's words.")
    why = serializers.CharField(max_length=500, allow_blank=True, default="")
    done_when = serializers.ListField(
        child=serializers.CharField(max_length=300), max_length=20, default=list, help_text="One criterion each."
    )
    due_on = DayField(allow_null=True, default=None, help_text="Today or later, where it is new.")
    standards = serializers.ListField(
        child=IdField(), max_length=20, default=list, help_text="Ids of standards in force."
    )
    steps = serializers.ListField(child=StepWordsSerializer(), max_length=STEPS_AT_MOST, default=list)

    def validate_due_on(self, day):
        stands = self.context.get("due_on")
        if day and day != stands and day < timezone.localdate():
            raise serializers.ValidationError(_("That day is over."), code="over")
        return day

    def validate_done_when(self, lines):
        if sum(len(line) + 1 for line in lines) > 1000:
            raise serializers.ValidationError(_("Together these are at most 1000 characters."), code="max_length")
        return lines


class NewGoalSerializer(GoalWordsSerializer):
    uuid = serializers.UUIDField(
        required=False, help_text="Chosen by you; sent again for the same learner, the goal is made once."
    )


class RevisedGoalSerializer(serializers.Serializer):
    """What is left out stays as it is."""

    version = serializers.IntegerField(min_value=1, max_value=2_000_000_000, help_text="Of the goal as it was read.")
    what = serializers.CharField(max_length=280, required=False)
    why = serializers.CharField(max_length=500, allow_blank=True, required=False)
    done_when = serializers.ListField(child=serializers.CharField(max_length=300), max_length=20, required=False)
    due_on = DayField(allow_null=True, required=False)
    standards = serializers.ListField(child=IdField(), max_length=20, required=False)
    steps = serializers.ListField(child=StepWordsSerializer(), max_length=STEPS_AT_MOST, required=False)

    validate_due_on = GoalWordsSerializer.validate_due_on
    validate_done_when = GoalWordsSerializer.validate_done_when


class NewCheckInSerializer(serializers.Serializer):
    uuid = serializers.UUIDField(required=False, help_text="Chosen by you; sent again it is the same check-in.")
    confidence = serializers.IntegerField(min_value=1, max_value=5)
    progress = serializers.IntegerField(min_value=1, max_value=5, allow_null=True, default=None)
    text = serializers.CharField(max_length=280, allow_blank=True, default="")


class StepSerializer(serializers.Serializer):
    """One place in a path."""

    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    position = serializers.IntegerField(help_text="1, 2, 3 ... without gaps.")
    part = serializers.IntegerField(help_text="Its place among the parts, from 0.")
    title = serializers.CharField()
    kind = serializers.ChoiceField(Step.Kind.values)
    tier = serializers.ChoiceField(Step.Tier.values)
    standard = serializers.IntegerField(source="standard_id", allow_null=True, help_text="Id.")
    link = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    minutes_expected = serializers.IntegerField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    waits_for = serializers.ListField(child=serializers.UUIDField(), help_text="Uuids of steps that come first.")
    state = serializers.ChoiceField(
        [state.value for state in State],
        help_text="now: what comes next. open, waiting: can be done, not yet. choice: to be chosen on a board; left: of"
        " a board whose choice is made.",
    )
    done_at = serializers.DateTimeField(allow_null=True)


class PartSerializer(serializers.Serializer):
    kind = serializers.ChoiceField([kind.value for kind in PartKind])
    title = serializers.CharField(allow_blank=True)
    pick = serializers.IntegerField(help_text="How many steps of a choice board are done; 0 for the other kinds.")


class PathSerializer(serializers.Serializer):
    """A learner's own plan of steps."""

    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    learner = serializers.IntegerField(source="learner_id", help_text="Id.")
    section = serializers.IntegerField(source="section_id", allow_null=True, help_text="Id.")
    goal = serializers.IntegerField(source="goal_id", allow_null=True, help_text="Id.")
    title = serializers.CharField()
    parts = PartSerializer(many=True)
    steps = StepSerializer(many=True)
    done = serializers.IntegerField(help_text="Steps that are done.")
    total = serializers.IntegerField(help_text="Steps of any way through.")
    starts_on = serializers.DateField(allow_null=True)
    created_at = serializers.DateTimeField()
    archived_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Counts changes of its order.")


class PathQuerySerializer(serializers.Serializer):
    learner = IdField(required=False)
    section = IdField(required=False, help_text="Given in this section.")
    is_archived = serializers.BooleanField(default=False, help_text="Those that were put away, instead of others.")


class DoneSerializer(serializers.Serializer):
    is_done = serializers.BooleanField(help_text="true ticks the step, false takes the tick back.")
