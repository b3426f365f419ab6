"""What answers about frameworks and standards hold."""

from rest_framework import serializers

from lrm.api.fields import IdField, MomentField


class FrameworkSerializer(serializers.Serializer):
    """A published document of standards."""

    id = serializers.IntegerField()
    uuid = serializers.UUIDField(help_text="Its CASE identifier.")
    uri = serializers.CharField(allow_blank=True)
    title = serializers.CharField()
    creator = serializers.CharField(allow_blank=True)
    case_version = serializers.CharField(allow_blank=True)
    status = serializers.CharField(allow_blank=True, help_text="The publisher's word: Draft, Adopted, Deprecated ...")
    language = serializers.CharField(allow_blank=True)
    standards = serializers.IntegerField(source="count", help_text="How many of its standards are in force.")
    imported_at = serializers.DateTimeField(allow_null=True)
    retired_at = serializers.DateTimeField(allow_null=True)


class StandardSerializer(serializers.Serializer):
    """One statement of a framework. Codes repeat and go missing; `id` and `uuid` do not."""

    id = serializers.IntegerField()
    uuid = serializers.UUIDField(help_text="Its CASE identifier, once in its framework.")
    uri = serializers.CharField(allow_blank=True)
    framework = serializers.IntegerField(source="framework_id", help_text="Id of its framework.")
    subject = serializers.CharField(source="subject.title")
    code = serializers.CharField(allow_blank=True)
    title = serializers.CharField(source="heading", help_text="The short title, or the beginning of the statement.")
    statement = serializers.CharField(help_text="As published: may hold HTML, Markdown or LaTeX.")
    kind = serializers.CharField(allow_blank=True, help_text="The publisher's word: Domain, Standard ...")
    grades = serializers.ListField(child=serializers.CharField())
    parent = serializers.IntegerField(source="parent_id", allow_null=True, help_text="Id; null at the top.")
    position = serializers.IntegerField(help_text="Its place in a walk of the whole tree.")
    is_leaf = serializers.BooleanField(help_text="Nothing stands below it: what evidence is usually given on.")
    retired_at = serializers.DateTimeField(allow_null=True)


class TieSerializer(serializers.Serializer):
    """An association of the standard. Either end may lie outside this district; its URI stays."""

    uuid = serializers.UUIDField()
    kind = serializers.CharField(help_text="As in CASE: precedes, exactMatchOf, isChildOf ...")
    origin = serializers.IntegerField(source="origin_id", allow_null=True, help_text="Id of a standard.")
    origin_uri = serializers.CharField(allow_blank=True)
    destination = serializers.IntegerField(source="destination_id", allow_null=True, help_text="Id of a standard.")
    destination_uri = serializers.CharField(allow_blank=True)


class StandardInFullSerializer(StandardSerializer):
    """A standard with its associations."""

    associations = TieSerializer(many=True)


class FrameworkQuerySerializer(serializers.Serializer):
    changed_since = MomentField(required=False, help_text="Those that were imported or retired then or later.")


class StandardQuerySerializer(serializers.Serializer):
    framework = IdField(required=False)
    parent = IdField(required=False, help_text="Those right below this standard.")
    code = serializers.CharField(required=False, max_length=255, help_text="The whole code; case does not matter.")
    uuid = serializers.UUIDField(required=False)
    search = serializers.CharField(
        required=False, max_length=200, help_text="The beginning of a code, or words: as on the page Standards."
    )
    is_leaf = serializers.BooleanField(required=False, allow_null=True, default=None)
    is_retired = serializers.BooleanField(
        required=False, allow_null=True, default=False, help_text="false unless said; true: retired ones instead."
    )
    changed_since = MomentField(
        required=False,
        help_text="Those that were retired then or later, and those in force whose framework was imported then or"
        " later: all that can have changed. Retired ones are among them.",
    )
