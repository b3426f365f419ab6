"""What answers hold. One place for each noun, so that the schema and the answers cannot differ."""

from rest_framework import serializers

from assessments.grouping.closing import OUTCOMES
from assessments.models import Group, GroupTask


class FocusSerializer(serializers.Serializer):
    """The standard that a group works on."""

    id = serializers.IntegerField()
    code = serializers.CharField(help_text="Its title where it has no code.")
    title = serializers.CharField(help_text="In words.")


class TaskSerializer(serializers.Serializer):
    tier = serializers.ChoiceField(GroupTask.Tier.values, help_text="For all of the group, or which task it is.")
    text = serializers.CharField()
    url = serializers.CharField(allow_blank=True)


class MemberSerializer(serializers.Serializer):
    """A member who is in the class today.

    A token of a system reads names with rosters:read, and reasons, outcomes and levels with mastery:read; else null.
    """

    learner = serializers.IntegerField(help_text="Id of the learner.")
    name = serializers.CharField(allow_null=True, help_text="Null for a system without rosters:read.")
    reason = serializers.CharField(
        allow_null=True, allow_blank=True, help_text="Why in this group, in words; null once the group is over."
    )
    outcome = serializers.ChoiceField(
        OUTCOMES, allow_null=True, help_text="By newer results on the focus; null while the group runs."
    )
    level_at_start = serializers.IntegerField(
        allow_null=True, help_text="Shown level on the focus at acceptance; null for none, and while the group runs."
    )
    level_now = serializers.IntegerField(
        allow_null=True, help_text="Shown level on the focus; null for none, and while the group runs."
    )


class ChangeSerializer(serializers.Serializer):
    """Mean change in scores, in points of 100."""

    observed = serializers.IntegerField()
    expected = serializers.IntegerField(help_text="What was to be expected without the group.")
    learners = serializers.IntegerField(help_text="Of how many it is the mean.")


class ClosureSerializer(serializers.Serializer):
    """What became of a group."""

    ended_on = serializers.DateField()
    tried_again = serializers.IntegerField(help_text="Members with a newer result.")
    moved_up = serializers.IntegerField()
    first_result = serializers.IntegerField()
    stayed = serializers.IntegerField()
    lower = serializers.IntegerField()
    no_newer = serializers.IntegerField(help_text="Not re-assessed.")
    change = ChangeSerializer(allow_null=True, help_text="Null where scores of too few members can be compared.")


class GroupSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    section = serializers.IntegerField()
    letter = serializers.CharField()
    purpose = serializers.ChoiceField(Group.Purpose.values)
    focus = FocusSerializer()
    is_led = serializers.BooleanField(help_text="Whether an adult leads it.")
    adult = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    time = serializers.CharField(allow_blank=True, help_text="When it meets, in the teacher's words.")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(help_text="The last day as planned.")
    closed_at = serializers.DateTimeField(allow_null=True)
    version = serializers.IntegerField(help_text="Counts changes since acceptance.")
    tasks = TaskSerializer(many=True, help_text="Empty for a system without rosters:read: they may name somebody.")
    members = MemberSerializer(many=True)
    closure = ClosureSerializer(
        allow_null=True, help_text="Null before the last day, and for a system without mastery:read."
    )


class PlacedSerializer(serializers.Serializer):
    """A learner on the board."""

    learner = serializers.IntegerField(help_text="Id of the learner.")
    name = serializers.CharField()
    reason = serializers.CharField(allow_blank=True, help_text="Why here, in words.")
    level = serializers.IntegerField(allow_null=True, help_text="Shown level on the standard concerned; null for none.")
    came_from = serializers.CharField(
        allow_null=True, help_text="Letter of the group before, or “own”; null for who stays."
    )
    is_pinned = serializers.BooleanField()


class SuggestedGroupSerializer(serializers.Serializer):
    letter = serializers.CharField()
    purpose = serializers.ChoiceField(Group.Purpose.values, allow_null=True, help_text="Null while nobody is in it.")
    focus = FocusSerializer()
    reason = serializers.CharField(allow_blank=True, help_text="Why this group, in words.")
    adult = serializers.CharField(allow_blank=True)
    place = serializers.CharField(allow_blank=True)
    time = serializers.CharField(allow_blank=True, help_text="When it would meet, in the teacher's words.")
    starts_on = serializers.DateField(help_text="The first day, where the board is accepted today.")
    ends_on = serializers.DateField()
    members = PlacedSerializer(many=True)


class AwaySerializer(serializers.Serializer):
    learner = serializers.IntegerField(help_text="Id of the learner.")
    name = serializers.CharField()


class SuggestionSerializer(serializers.Serializer):
    """The board of a section as it stands. Nothing of it is in force until it is accepted."""

    section = serializers.IntegerField()
    state = serializers.ChoiceField(
        ["none", "waiting", "conflict"],
        help_text="none: nothing is suggested now. conflict: the wishes in `conflict` cannot all hold.",
    )
    is_updating = serializers.BooleanField(help_text="Newer results are being worked in; ask again in a moment.")
    version = serializers.IntegerField(allow_null=True, help_text="What accepting has to name; null with none.")
    groups = SuggestedGroupSerializer(many=True)
    own_path = PlacedSerializer(many=True)
    unplaced = PlacedSerializer(many=True)
    away = AwaySerializer(many=True)
    conflict = serializers.ListField(child=serializers.CharField(), help_text="Wishes in words.")


class AcceptSerializer(serializers.Serializer):
    version = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, help_text="Of the suggestion as it was read."
    )


class AcceptedSerializer(serializers.Serializer):
    groups = GroupSerializer(many=True)


class GroupQuerySerializer(serializers.Serializer):
    state = serializers.ChoiceField(
        ["running", "ended"],
        default="running",
        help_text="A group on its last day is in both: it still runs, and can be closed.",
    )
