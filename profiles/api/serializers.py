"""What answers about schools, classes and people hold."""

from rest_framework import serializers

from lrm.api.fields import DayField, IdField
from profiles.models import AcademicSession, Enrollment


class SchoolSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    key = serializers.CharField(help_text="Its id in the student information system.")
    name = serializers.CharField()


class SessionSerializer(serializers.Serializer):
    """A school year, or a term inside one."""

    id = serializers.IntegerField()
    key = serializers.CharField(help_text="Its id in the student information system.")
    title = serializers.CharField()
    kind = serializers.ChoiceField(AcademicSession.Kind.values)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    school_year = serializers.IntegerField(help_text="The year in which it ends: 2027 for 2026-27.")


class RosterSerializer(serializers.Serializer):
    """A class list. A homeroom's is shared by the sections of its subjects."""

    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    key = serializers.CharField(allow_null=True, help_text="Its id in the student information system.")
    title = serializers.CharField()
    school = serializers.IntegerField(source="school_id", help_text="Id of the school.")
    session = SessionSerializer()
    is_homeroom = serializers.BooleanField()
    grade = serializers.CharField(allow_blank=True)


class SectionSerializer(serializers.Serializer):
    """A course as it is taught to a class list in a term."""

    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    key = serializers.CharField(allow_null=True, help_text="Its id in the student information system.")
    title = serializers.CharField()
    subject = serializers.CharField(source="course.subject", allow_blank=True, help_text="Of its course.")
    course = serializers.CharField(source="course.title", help_text="Title of its course.")
    school = serializers.IntegerField(source="roster.school_id", help_text="Id of the school.")
    roster = serializers.CharField(source="roster.title", help_text="Title of the class list that it is taught on.")
    roster_id = serializers.IntegerField(help_text="Id of that class list.")
    session = SessionSerializer()
    is_archived = serializers.SerializerMethodField(help_text="Put away: it is over.")

    def get_is_archived(self, section) -> bool:
        return section.archived_at is not None


class LearnerSerializer(serializers.Serializer):
    id = serializers.IntegerField()
    uuid = serializers.UUIDField()
    key = serializers.CharField(allow_null=True, help_text="The id in the student information system.")
    given_name = serializers.CharField()
    family_name = serializers.CharField(allow_blank=True)
    preferred_name = serializers.CharField(allow_blank=True)
    grade = serializers.CharField(allow_blank=True)
    home_school = serializers.IntegerField(source="home_school_id", help_text="Id of the school.")
    left_on = serializers.DateField(allow_null=True, help_text="The last day in the district; null while here.")


class EnrollmentSerializer(serializers.Serializer):
    """A person's dated role on a class list."""

    id = serializers.IntegerField()
    key = serializers.CharField(allow_null=True, help_text="Its id in the student information system.")
    roster = serializers.IntegerField(source="roster_id", help_text="Id of the class list.")
    section = serializers.IntegerField(
        source="section_id", allow_null=True, help_text="Staff of one section only; null covers all of the class list."
    )
    role = serializers.ChoiceField(Enrollment.Role.values)
    learner = serializers.IntegerField(source="learner_id", allow_null=True, help_text="Id; null for staff.")
    account = serializers.IntegerField(
        source="account_id", allow_null=True, help_text="Id of staff; null for learners."
    )
    name = serializers.SerializerMethodField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="The last day; null is open.")

    def get_name(self, enrollment) -> str:
        return (enrollment.learner or enrollment.account).name


class RosterQuerySerializer(serializers.Serializer):
    school = IdField(required=False)
    key = serializers.CharField(required=False, max_length=255, help_text="Id in the student information system.")


class SectionQuerySerializer(RosterQuerySerializer):
    roster = IdField(required=False)
    is_archived = serializers.BooleanField(default=False)


class EnrollmentQuerySerializer(serializers.Serializer):
    roster = IdField(required=False)
    learner = IdField(required=False)
    role = serializers.ChoiceField(Enrollment.Role.values, required=False)
    on = DayField(required=False, help_text="Those in force on that day; without it all that there were and will be.")


class LearnerQuerySerializer(serializers.Serializer):
    school = IdField(required=False, help_text="The home school.")
    roster = IdField(required=False, help_text="Those on this class list today.")
    section = IdField(required=False, help_text="Those on the class list of this section today.")
    grade = serializers.CharField(required=False, max_length=16)
    key = serializers.CharField(required=False, max_length=255, help_text="The id in the student information system.")
    search = serializers.CharField(required=False, max_length=100, help_text="Words that names begin with.")
    has_left = serializers.BooleanField(default=False, help_text="Those who have left the district, instead of others.")


class SchoolQuerySerializer(serializers.Serializer):
    key = serializers.CharField(required=False, max_length=255, help_text="Id in the student information system.")
