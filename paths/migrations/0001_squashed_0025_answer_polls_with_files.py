"""The tables of goals, paths and talks as 0001 to 0025 left them, for a database that has none of them yet.

A demo district and a real one cannot be in one database: the demo is removed by emptying it.
"""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField
from django.db import migrations, models
from django.utils import timezone

from lrm.migration_operations import CreateModels

DEMO_GUARD = """\
CREATE FUNCTION demo_stays_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two districts that are made at the same moment would not see each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('demo_stays_apart', 0));
    IF EXISTS (SELECT 1 FROM profiles_district WHERE is_demo <> NEW.is_demo AND id <> NEW.id) THEN
        RAISE EXCEPTION 'A demo district never shares a database with real data.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'demo_stays_apart';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER demo_stays_apart BEFORE INSERT OR UPDATE OF is_demo ON profiles_district
    FOR EACH ROW EXECUTE FUNCTION demo_stays_apart();
"""

WITHOUT_DEMO_GUARD = """\
DROP TRIGGER demo_stays_apart ON profiles_district;
DROP FUNCTION demo_stays_apart();
"""


class Migration(migrations.Migration):
    replaces = [
        ("paths", "0001_initial"),
        ("paths", "0002_goal_feedback"),
        ("paths", "0003_demo_stays_apart"),
        ("paths", "0004_put_lines_off_until_tomorrow"),
        ("paths", "0005_talks"),
        ("paths", "0006_evidence_files"),
        ("paths", "0007_review_in_acts"),
        ("paths", "0008_make_paths_of_parts"),
        ("paths", "0009_goals_in_full"),
        ("paths", "0010_path_templates"),
        ("paths", "0011_pace_of_paths"),
        ("paths", "0012_projects"),
        ("paths", "0013_put_steps_aside"),
        ("paths", "0014_conferences"),
        ("paths", "0015_offer_steps_to_skip"),
        ("paths", "0016_ready_to_try_again"),
        ("paths", "0017_polls"),
        ("paths", "0018_places"),
        ("paths", "0019_marks_and_the_why"),
        ("paths", "0020_weeks"),
        ("paths", "0021_widen_talks"),
        ("paths", "0022_peers_and_cheers"),
        ("paths", "0023_news_told"),
        ("paths", "0024_shown_at_home"),
        ("paths", "0025_answer_polls_with_files"),
    ]

    initial = True

    dependencies = [
        ("assessments", "0017_own_paths"),
        ("profiles", "0008_supports_and_aspirations"),
        ("standards", "0002_keep_package_uploads"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Goal",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="goals", to="profiles.learner")),
                        ("state", models.CharField(choices=[("draft", "draft"), ("live", "live"), ("achieved", "reached"), ("missed", "not reached yet"), ("archived", "kept for later")], default="draft", max_length=10)),
                        ("what", models.CharField(max_length=280)),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("done_when", models.TextField(blank=True, max_length=1000)),
                        ("met", models.JSONField(blank=True, default=list)),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("author", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("template", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="goals", to="paths.goaltemplate")),
                        ("offered_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("offered_at", models.DateTimeField(blank=True, null=True)),
                        ("asked_at", models.DateTimeField(blank=True, null=True)),
                        ("agreed_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("agreed_at", models.DateTimeField(blank=True, null=True)),
                        ("achieved_at", models.DateTimeField(blank=True, null=True)),
                        ("confirmed_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("missed_because", models.CharField(blank=True, max_length=500)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("updated_at", models.DateTimeField(default=timezone.now)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("standards", models.ManyToManyField(blank=True, related_name="+", to="standards.standard")),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [models.Index(fields=["learner", "state"], name="goal_learner")],
                    },
                ),
                migrations.CreateModel(
                    name="CheckIn",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("goal", models.ForeignKey(on_delete=models.CASCADE, related_name="check_ins", to="paths.goal")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("confidence", models.PositiveSmallIntegerField()),
                        ("progress", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("text", models.CharField(blank=True, max_length=280)),
                        ("reply", models.CharField(blank=True, max_length=500)),
                        ("reply_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("replied_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("confidence__gte", 1), ("confidence__lte", 5)), name="check_in_confidence"),
                            models.CheckConstraint(condition=models.Q(("progress__isnull", True), models.Q(("progress__gte", 1), ("progress__lte", 5)), _connector="OR"), name="check_in_progress"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GoalRevision",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("goal", models.ForeignKey(on_delete=models.CASCADE, related_name="revisions", to="paths.goal")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("what_changed", models.CharField(max_length=32)),
                        ("before", models.JSONField(default=dict)),
                        ("act", models.UUIDField(editable=False, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [models.Index(condition=models.Q(("act__isnull", False)), fields=["act"], name="goal_revision_act")],
                    },
                ),
                migrations.CreateModel(
                    name="GoalStep",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("goal", models.ForeignKey(on_delete=models.CASCADE, related_name="steps", to="paths.goal")),
                        ("position", models.PositiveSmallIntegerField()),
                        ("text", models.CharField(max_length=200)),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Path",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("parts", models.JSONField(blank=True, db_default=[], default=list)),
                        ("covers_all", models.BooleanField(db_default=True, default=True)),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="paths", to="profiles.learner")),
                        ("goal", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="paths", to="paths.goal")),
                        ("section", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="profiles.section")),
                        ("title", models.CharField(max_length=200)),
                        ("assigned_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("template", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="paths", to="paths.pathtemplate")),
                        ("template_version", models.PositiveIntegerField(blank=True, null=True)),
                        ("act", models.UUIDField(blank=True, null=True)),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("now_since", models.DateField(blank=True, null=True)),
                        ("planned_days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("look_on", models.DateField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("targets", models.ManyToManyField(blank=True, related_name="+", to="standards.standard")),
                    ],
                    options={
                        "indexes": [models.Index(fields=["learner"], name="path_learner"), models.Index(condition=models.Q(("act__isnull", False)), fields=["act"], name="path_act")],
                    },
                ),
                migrations.CreateModel(
                    name="Reflection",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("goal", models.ForeignKey(on_delete=models.CASCADE, related_name="reflections", to="paths.goal")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("is_draft", models.BooleanField(default=False)),
                        ("helped", models.JSONField(blank=True, default=list)),
                        ("text", models.TextField(max_length=2000)),
                        ("reply", models.CharField(blank=True, max_length=500)),
                        ("reply_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("replied_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Step",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("part", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ("title", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("read", "Read"), ("watch", "Watch"), ("listen", "Listen"), ("make", "Make"), ("talk", "Talk"), ("field", "Go and see"), ("project", "Project"), ("practise", "Practice")],
                                default="practise",
                                max_length=10,
                            ),
                        ),
                        ("tier", models.CharField(choices=[("core", "Core"), ("help", "More help"), ("further", "Further")], db_default="core", default="core", max_length=8)),
                        ("standard", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="standards.standard")),
                        ("link", models.URLField(blank=True, max_length=500)),
                        ("place", models.CharField(blank=True, max_length=100)),
                        ("minutes_expected", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("waits_for", ArrayField(base_field=models.UUIDField(), blank=True, db_default=[], default=list, size=None)),
                        ("is_fixed", models.BooleanField(db_default=False, default=False)),
                        ("path", models.ForeignKey(on_delete=models.CASCADE, related_name="steps", to="paths.path")),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("chosen_at", models.DateTimeField(blank=True, null=True)),
                        ("offered_at", models.DateTimeField(blank=True, null=True)),
                        ("offered_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("placement", models.CharField(blank=True, choices=[("skipped", "skipped, shown before"), ("kept", "done anyway")], db_default="", default="", max_length=8)),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        ("done_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [models.UniqueConstraint(deferrable=models.Deferrable["DEFERRED"], fields=("path", "position"), name="step_position_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Feedback",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("goal", models.ForeignKey(on_delete=models.CASCADE, related_name="feedback", to="paths.goal")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("text", models.CharField(max_length=500)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TodaySnooze",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("key", models.CharField(max_length=100)),
                        ("until", models.DateField()),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("account", "key"), name="today_snooze_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Talk",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="talks", to="profiles.learner")),
                        ("section", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="profiles.section")),
                        ("teachers", models.CharField(choices=[("class", "the teachers of the class"), ("all", "all teachers")], default="class", max_length=8)),
                        ("with_family", models.BooleanField(default=False)),
                        ("title", models.CharField(max_length=120)),
                        ("goal", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="talks", to="paths.goal")),
                        ("step", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="talks", to="paths.step")),
                        ("standard", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="standards.standard")),
                        ("group", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="assessments.group")),
                        ("artifact", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="talks", to="paths.artifact")),
                        ("created_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("last_at", models.DateTimeField(default=timezone.now)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("has_record", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["-last_at", "-pk"],
                        "indexes": [models.Index(fields=["learner", "-last_at"], name="talk_learner")],
                    },
                ),
                migrations.CreateModel(
                    name="Message",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("talk", models.ForeignKey(on_delete=models.CASCADE, related_name="messages", to="paths.talk")),
                        ("author", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("text", models.TextField(max_length=2000)),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("hidden_at", models.DateTimeField(blank=True, null=True)),
                        ("hidden_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("hidden_because", models.CharField(blank=True, max_length=280)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["talk", "id"], name="message_talk")],
                    },
                ),
                migrations.CreateModel(
                    name="TalkDraft",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("key", models.CharField(max_length=40)),
                        ("text", models.TextField(max_length=4000)),
                        ("updated_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("account", "learner", "key"), name="talk_draft_once")],
                    },
                ),
                migrations.CreateModel(
                    name="TalkPolicy",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.district")),
                        ("starts_on", models.DateField()),
                        ("family_below", models.CharField(blank=True, max_length=4)),
                        ("created_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["-starts_on"],
                        "constraints": [models.UniqueConstraint(fields=("district", "starts_on"), name="talk_policy_once_a_day")],
                    },
                ),
                migrations.CreateModel(
                    name="TalkSeen",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("talk", models.ForeignKey(on_delete=models.CASCADE, related_name="seen", to="paths.talk")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("last_message", models.BigIntegerField()),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("talk", "account"), name="talk_seen_once")],
                    },
                ),
                migrations.CreateModel(
                    name="DigestChoice",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.OneToOneField(on_delete=models.CASCADE, related_name="digest_choice", to=settings.AUTH_USER_MODEL)),
                        ("every", models.CharField(choices=[("never", "Never"), ("week", "Once a week"), ("day", "Once a day")], max_length=8)),
                        ("weekday", models.PositiveSmallIntegerField(default=0)),
                        ("looked_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [models.CheckConstraint(condition=models.Q(("weekday__lte", 6)), name="digest_weekday")],
                    },
                ),
                migrations.CreateModel(
                    name="MessageReport",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("message", models.ForeignKey(on_delete=models.CASCADE, related_name="reports", to="paths.message")),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("decided_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("outcome", models.CharField(blank=True, choices=[("hidden", "the message is hidden"), ("kept", "the message stays")], max_length=8)),
                        ("answer", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("message", "by"), name="message_report_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Artifact",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="artifacts", to="profiles.learner")),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("kind", models.CharField(choices=[("text", "Words"), ("link", "Link"), ("image", "Picture"), ("audio", "Sound"), ("video", "Video"), ("pdf", "PDF")], max_length=8)),
                        ("title", models.CharField(blank=True, max_length=120)),
                        ("text", models.TextField(blank=True, max_length=4000)),
                        ("link", models.URLField(blank=True, max_length=500)),
                        ("stored", models.UUIDField(blank=True, null=True, unique=True)),
                        ("name", models.CharField(blank=True, max_length=120)),
                        ("media_type", models.CharField(blank=True, max_length=64)),
                        ("size", models.PositiveIntegerField(default=0)),
                        ("sha256", models.CharField(blank=True, max_length=64)),
                        ("has_preview", models.BooleanField(default=False)),
                        ("goal", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="artifacts", to="paths.goal")),
                        ("step", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="artifacts", to="paths.step")),
                        ("project", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="artifacts", to="paths.project")),
                        ("reflection", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="artifacts", to="paths.reflection")),
                        ("is_draft", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("updated_at", models.DateTimeField(default=timezone.now)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("standards", models.ManyToManyField(blank=True, related_name="+", to="standards.standard")),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [models.Index(fields=["learner", "-created_at"], name="artifact_learner")],
                    },
                ),
                migrations.CreateModel(
                    name="ArtifactReply",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("artifact", models.ForeignKey(on_delete=models.CASCADE, related_name="replies", to="paths.artifact")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("text", models.CharField(max_length=500)),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ArtifactRevision",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("artifact", models.ForeignKey(on_delete=models.CASCADE, related_name="revisions", to="paths.artifact")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("before", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="MediaRule",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("school", models.OneToOneField(on_delete=models.CASCADE, related_name="media_rule", to="profiles.school")),
                        ("allows_audio", models.BooleanField(default=False)),
                        ("allows_video", models.BooleanField(default=False)),
                        ("changed_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("changed_at", models.DateTimeField(default=timezone.now)),
                    ],
                ),
                migrations.CreateModel(
                    name="ReviewLater",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("goal", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="paths.goal")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("act", models.UUIDField(default=uuid4)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("account", "goal"), name="review_later_once")],
                    },
                ),
                migrations.CreateModel(
                    name="GoalEdit",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("goal", models.ForeignKey(on_delete=models.CASCADE, related_name="edits", to="paths.goal")),
                        ("author", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("typed", models.JSONField(default=dict)),
                        ("version", models.PositiveIntegerField()),
                        ("at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("goal", "author"), name="goal_edit_once")],
                    },
                ),
                migrations.CreateModel(
                    name="GoalTemplate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("author", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("what", models.CharField(max_length=280)),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("done_when", models.TextField(blank=True, max_length=1000)),
                        ("steps", models.JSONField(blank=True, default=list)),
                        ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("is_shared", models.BooleanField(default=False)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("updated_at", models.DateTimeField(default=timezone.now)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("standards", models.ManyToManyField(blank=True, related_name="+", to="standards.standard")),
                    ],
                    options={
                        "ordering": ["-updated_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="StarterSet",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.district")),
                        ("band", models.CharField(choices=[("k2", "Kindergarten to Grade 2"), ("g35", "Grades 3 to 5"), ("g68", "Grades 6 to 8"), ("g912", "Grades 9 to 12")], max_length=4)),
                        ("part", models.CharField(choices=[("what", "My goal"), ("why", "Why it matters to me"), ("done_when", "I am done when"), ("reflect", "What helped me")], max_length=9)),
                        ("lines", models.TextField(max_length=2000)),
                        ("changed_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("changed_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("district", "band", "part"), name="starter_set_once")],
                    },
                ),
                migrations.CreateModel(
                    name="StepProposal",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="step_proposals", to="profiles.learner")),
                        ("path", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="proposals", to="paths.path")),
                        ("state", models.CharField(choices=[("open", "waits for an answer"), ("agreed", "agreed"), ("declined", "not now"), ("taken_back", "taken back")], default="open", max_length=10)),
                        ("title", models.CharField(max_length=200)),
                        ("why", models.CharField(blank=True, max_length=300)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("read", "Read"), ("watch", "Watch"), ("listen", "Listen"), ("make", "Make"), ("talk", "Talk"), ("field", "Go and see"), ("project", "Project"), ("practise", "Practice")],
                                default="practise",
                                max_length=10,
                            ),
                        ),
                        ("link", models.URLField(blank=True, max_length=500)),
                        ("minutes_expected", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("answer", models.CharField(blank=True, max_length=300)),
                        ("answered_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("step", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="paths.step")),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [models.Index(condition=models.Q(("state", "open")), fields=["learner"], name="proposal_waiting")],
                    },
                ),
                migrations.CreateModel(
                    name="TemplateStep",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("position", models.PositiveSmallIntegerField()),
                        ("part", models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ("title", models.CharField(max_length=200)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("read", "Read"), ("watch", "Watch"), ("listen", "Listen"), ("make", "Make"), ("talk", "Talk"), ("field", "Go and see"), ("project", "Project"), ("practise", "Practice")],
                                default="practise",
                                max_length=10,
                            ),
                        ),
                        ("tier", models.CharField(choices=[("core", "Core"), ("help", "More help"), ("further", "Further")], db_default="core", default="core", max_length=8)),
                        ("standard", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="standards.standard")),
                        ("link", models.URLField(blank=True, max_length=500)),
                        ("place", models.CharField(blank=True, max_length=100)),
                        ("minutes_expected", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("waits_for", ArrayField(base_field=models.UUIDField(), blank=True, db_default=[], default=list, size=None)),
                        ("is_fixed", models.BooleanField(db_default=False, default=False)),
                        ("template", models.ForeignKey(on_delete=models.CASCADE, related_name="steps", to="paths.pathtemplate")),
                        ("days_after", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position"],
                        "constraints": [models.UniqueConstraint(fields=("template", "position"), name="template_step_position_once")],
                    },
                ),
                migrations.CreateModel(
                    name="PathTemplate",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("parts", models.JSONField(blank=True, db_default=[], default=list)),
                        ("covers_all", models.BooleanField(db_default=True, default=True)),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("school", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="profiles.school")),
                        ("author", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("title", models.CharField(max_length=200)),
                        ("is_shared", models.BooleanField(default=False)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("targets", models.ManyToManyField(blank=True, related_name="+", to="standards.standard")),
                    ],
                    options={
                        "ordering": ["title", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="Project",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="projects", to="profiles.learner")),
                        ("kind", models.CharField(choices=[("project", "Project"), ("study", "Independent study"), ("internship", "Internship")], default="project", max_length=10)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("draft", "not sent yet"),
                                    ("proposed", "waits for a teacher"),
                                    ("asked", "a teacher has a question"),
                                    ("later", "kept for later"),
                                    ("running", "going on"),
                                    ("closing", "waits for a joint decision"),
                                    ("done", "decided together"),
                                ],
                                default="draft",
                                max_length=10,
                            ),
                        ),
                        ("title", models.CharField(blank=True, max_length=120)),
                        ("what", models.TextField(blank=True, max_length=2000)),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("place", models.CharField(blank=True, max_length=120)),
                        ("mentor", models.CharField(blank=True, max_length=120)),
                        ("starts_on", models.DateField(blank=True, null=True)),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("author", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("decided_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("updated_at", models.DateTimeField(default=timezone.now)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                        ("version", models.PositiveIntegerField(default=1)),
                        ("standards", models.ManyToManyField(blank=True, related_name="+", to="standards.standard")),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [models.Index(fields=["learner", "state"], name="project_learner")],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectClosing",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("project", models.ForeignKey(on_delete=models.CASCADE, related_name="closings", to="paths.project")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("reflection", models.TextField(max_length=2000)),
                        ("levels", models.JSONField(default=dict)),
                        ("answer", models.CharField(blank=True, choices=[("agreed", "agreed"), ("talk", "let’s talk")], max_length=8)),
                        ("answer_text", models.CharField(blank=True, max_length=500)),
                        ("answered_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectEvent",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("project", models.ForeignKey(on_delete=models.CASCADE, related_name="events", to="paths.project")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        (
                            "what",
                            models.CharField(
                                choices=[
                                    ("proposed", "proposed"),
                                    ("changed", "words changed"),
                                    ("asked", "a question"),
                                    ("answered", "an answer"),
                                    ("agreed", "agreed"),
                                    ("later", "kept for later"),
                                    ("taken_back", "taken back"),
                                    ("put_away", "put away"),
                                    ("brought_back", "brought back"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("text", models.CharField(blank=True, max_length=500)),
                        ("before", models.JSONField(default=dict)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectStep",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("project", models.ForeignKey(on_delete=models.CASCADE, related_name="steps", to="paths.project")),
                        ("position", models.PositiveSmallIntegerField()),
                        ("text", models.CharField(max_length=200)),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["position", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="ProjectTime",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("project", models.ForeignKey(on_delete=models.CASCADE, related_name="times", to="paths.project")),
                        ("on", models.DateField()),
                        ("minutes", models.PositiveSmallIntegerField()),
                        ("text", models.CharField(max_length=280)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("confirmed_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("confirmed_for", models.CharField(blank=True, max_length=120)),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-on", "-pk"],
                        "constraints": [models.CheckConstraint(condition=models.Q(("minutes__gte", 1), ("minutes__lte", 1440)), name="project_minutes")],
                    },
                ),
                migrations.CreateModel(
                    name="DismissedStep",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("title", models.CharField(max_length=200)),
                        ("standard", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="+", to="standards.standard")),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("learner", "title", "standard"), name="dismissed_step_once", nulls_distinct=False)],
                    },
                ),
                migrations.CreateModel(
                    name="Conference",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="conferences", to="profiles.learner")),
                        ("teacher", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("planned_on", models.DateField()),
                        ("held_at", models.DateTimeField(blank=True, null=True)),
                        ("notes", models.TextField(blank=True, max_length=4000)),
                        ("agenda", models.JSONField(blank=True, default=list)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("version", models.PositiveIntegerField(default=1)),
                    ],
                    options={
                        "ordering": ["-planned_on", "-pk"],
                        "indexes": [models.Index(fields=["learner", "-planned_on"], name="conference_learner")],
                        "constraints": [models.UniqueConstraint(condition=models.Q(("held_at", None)), fields=("learner", "teacher"), name="conference_open_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ConferenceStaffNotes",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("conference", models.OneToOneField(on_delete=models.CASCADE, related_name="staff_notes", to="paths.conference")),
                        ("text", models.TextField(blank=True, max_length=4000)),
                    ],
                ),
                migrations.CreateModel(
                    name="NextStep",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("conference", models.ForeignKey(on_delete=models.CASCADE, related_name="next_steps", to="paths.conference")),
                        ("text", models.CharField(max_length=200)),
                        ("who", models.CharField(choices=[("learner", "the student"), ("teacher", "the teacher"), ("family", "the family")], max_length=8)),
                        ("due_on", models.DateField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("agreed_at", models.DateTimeField(blank=True, null=True)),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        ("goal_step", models.OneToOneField(blank=True, null=True, on_delete=models.SET_NULL, related_name="from_conference", to="paths.goalstep")),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                    },
                ),
                migrations.CreateModel(
                    name="TalkPoint",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="talk_points", to="profiles.learner")),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("text", models.CharField(max_length=280)),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("conference", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="points", to="paths.conference")),
                        ("put_away_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "indexes": [models.Index(fields=["learner"], name="talk_point_learner")],
                    },
                ),
                migrations.CreateModel(
                    name="TryPlace",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("section", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.section")),
                        ("standard", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="standards.standard")),
                        ("day", models.DateField(blank=True, null=True)),
                        ("time_text", models.CharField(blank=True, max_length=60)),
                        ("place", models.CharField(blank=True, max_length=100)),
                        ("seats", models.PositiveSmallIntegerField()),
                        ("assessment", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="assessments.assessment")),
                        ("opened_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("opened_at", models.DateTimeField(default=timezone.now)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["day", "opened_at", "pk"],
                        "indexes": [models.Index(condition=models.Q(("closed_at__isnull", True)), fields=["section", "standard"], name="try_place_open")],
                        "constraints": [models.CheckConstraint(condition=models.Q(("seats__gte", 1)), name="try_place_has_a_seat")],
                    },
                ),
                migrations.CreateModel(
                    name="TryRequest",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="try_requests", to="profiles.learner")),
                        ("standard", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="standards.standard")),
                        ("section", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.section")),
                        (
                            "state",
                            models.CharField(
                                choices=[("asked", "waits for your teacher"), ("answered", "your teacher answered"), ("placed", "you have a place"), ("done", "tried again"), ("withdrawn", "taken back")],
                                default="asked",
                                max_length=10,
                            ),
                        ),
                        ("practiced", models.CharField(max_length=500)),
                        ("link", models.URLField(blank=True, max_length=500)),
                        ("place", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="requests", to="paths.tryplace")),
                        ("answer", models.CharField(blank=True, max_length=500)),
                        ("answered_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("updated_at", models.DateTimeField(default=timezone.now)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("work", models.ManyToManyField(blank=True, related_name="+", to="paths.artifact")),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "indexes": [models.Index(fields=["section", "state"], name="try_request_section")],
                        "constraints": [models.UniqueConstraint(condition=models.Q(("closed_at__isnull", True)), fields=("learner", "standard"), name="try_request_one_open")],
                    },
                ),
                migrations.CreateModel(
                    name="Poll",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("one", "Choose one"), ("several", "Choose several"), ("words", "Words"), ("drawing", "A drawing"), ("sound", "Sound"), ("video", "Video"), ("suggestion", "Suggestion")],
                                max_length=10,
                            ),
                        ),
                        ("school", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.school")),
                        ("section", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="polls", to="profiles.section")),
                        ("group", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="assessments.group")),
                        ("question", models.CharField(max_length=280)),
                        ("options", models.JSONField(blank=True, default=list)),
                        ("is_anonymous", models.BooleanField(default=False)),
                        ("created_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("open_until", models.DateField(blank=True, null=True)),
                        ("ending", models.CharField(blank=True, choices=[("did", "You said, we did"), ("cannot", "We can’t, because")], max_length=8)),
                        ("ending_text", models.CharField(blank=True, max_length=500)),
                        ("ended_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [models.Index(fields=["section", "-created_at"], name="poll_section")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ended_at", None), models.Q(models.Q(("ending", ""), _negated=True), models.Q(("ending_text", ""), _negated=True)), _connector="OR"), name="poll_ends_with_words"
                            ),
                            models.CheckConstraint(condition=models.Q(("kind", "suggestion"), ("open_until__isnull", False), _connector="OR"), name="poll_is_open_until_a_day"),
                            models.CheckConstraint(condition=models.Q(("is_anonymous", False), models.Q(("kind__in", ["sound", "video"]), _negated=True), _connector="OR"), name="poll_voices_have_names"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PollAnswer",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("poll", models.ForeignKey(on_delete=models.CASCADE, related_name="answers", to="paths.poll")),
                        ("choices", models.JSONField(blank=True, default=list)),
                        ("text", models.CharField(blank=True, max_length=500)),
                        ("at", models.DateField()),
                    ],
                ),
                migrations.CreateModel(
                    name="PollHand",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("poll", models.ForeignKey(on_delete=models.CASCADE, related_name="hands", to="paths.poll")),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("answer", models.OneToOneField(on_delete=models.CASCADE, related_name="hand", to="paths.pollanswer")),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("poll", "learner"), name="poll_answered_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Unmasking",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("poll", models.ForeignKey(on_delete=models.CASCADE, related_name="unmaskings", to="paths.poll")),
                        ("answer", models.ForeignKey(null=True, on_delete=models.CASCADE, related_name="unmaskings", to="paths.pollanswer")),
                        ("asked_by", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("asked_at", models.DateTimeField(default=timezone.now)),
                        ("why", models.CharField(max_length=500)),
                        ("agreed_by", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("agreed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["asked_at", "pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("agreed_by", None), models.Q(("agreed_by", models.F("asked_by")), _negated=True), _connector="OR"), name="unmasking_needs_two"),
                            models.UniqueConstraint(fields=("poll", "answer"), name="unmasking_once", nulls_distinct=False),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Place",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("school", models.ForeignKey(on_delete=models.PROTECT, related_name="places", to="profiles.school")),
                        ("name", models.CharField(max_length=100)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("hall", "Hall"), ("media", "Media center"), ("outdoors", "Outdoors"), ("home", "Home"), ("flex", "Flex room"), ("classroom", "Classroom"), ("other", "Somewhere else")],
                                default="other",
                                max_length=10,
                            ),
                        ),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["name", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("school", "name"), name="place_name_once_a_school")],
                    },
                ),
                migrations.CreateModel(
                    name="Opening",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("place", models.ForeignKey(on_delete=models.CASCADE, related_name="openings", to="paths.place")),
                        ("section", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="+", to="profiles.section")),
                        ("opened_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("starts_at", models.DateTimeField()),
                        ("ends_at", models.DateTimeField()),
                        ("seats", models.PositiveSmallIntegerField()),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["starts_at", "pk"],
                        "indexes": [models.Index(fields=["place", "starts_at"], name="opening_of_place")],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("ends_at__gt", models.F("starts_at"))), name="opening_ends_after_start"),
                            models.CheckConstraint(condition=models.Q(("seats__gte", 1), ("seats__lte", 60)), name="opening_seats_range"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Seat",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("opening", models.ForeignKey(on_delete=models.CASCADE, related_name="seat_rows", to="paths.opening")),
                        ("number", models.PositiveSmallIntegerField()),
                        ("during", DateTimeRangeField()),
                        ("learner", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="profiles.learner")),
                        ("taken_at", models.DateTimeField(blank=True, null=True)),
                        ("is_off", models.BooleanField(default=False)),
                    ],
                    options={
                        "ordering": ["number"],
                        "indexes": [models.Index(fields=["learner"], name="seat_learner")],
                        "constraints": [
                            models.UniqueConstraint(fields=("opening", "number"), name="seat_number_once"),
                            ExclusionConstraint(
                                condition=models.Q(("is_off", False), ("learner__isnull", False)),
                                expressions=[(models.Func(models.F("learner_id"), models.F("learner_id"), models.Value("[]"), function="int8range"), "&&"), ("during", "&&")],
                                name="seat_one_place_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Worked",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("step", models.ForeignKey(on_delete=models.CASCADE, related_name="worked", to="paths.step")),
                        ("place", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="paths.place")),
                        ("place_name", models.CharField(max_length=100)),
                        ("day", models.DateField()),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("days", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("planned", models.PositiveSmallIntegerField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "constraints": [models.UniqueConstraint(fields=("step", "place_name", "day"), name="worked_once_a_place_and_day")],
                    },
                ),
                migrations.CreateModel(
                    name="WhyRead",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.OneToOneField(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("at", models.DateTimeField(default=timezone.now)),
                    ],
                ),
                migrations.CreateModel(
                    name="SuggestionMark",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("standard", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="standards.standard")),
                        ("act", models.CharField(choices=[("pinned", "pinned"), ("hidden", "hidden")], max_length=6)),
                        ("reason", models.CharField(max_length=280)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("lifted_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "constraints": [models.UniqueConstraint(condition=models.Q(("lifted_at__isnull", True)), fields=("learner", "standard"), name="suggestion_mark_one")],
                    },
                ),
                migrations.CreateModel(
                    name="WhyText",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.district")),
                        ("school", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="+", to="profiles.school")),
                        ("goals", models.TextField(blank=True, max_length=2000)),
                        ("levels", models.TextField(blank=True, max_length=2000)),
                        ("trying", models.TextField(blank=True, max_length=2000)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["-at", "-pk"],
                        "indexes": [models.Index(fields=["district", "school", "-at"], name="why_text_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="WeekItem",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="week_items", to="profiles.learner")),
                        ("day", models.DateField()),
                        ("step", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="week_items", to="paths.step")),
                        ("text", models.CharField(blank=True, max_length=120)),
                        ("done_at", models.DateTimeField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["day", "created_at", "pk"],
                        "indexes": [models.Index(fields=["learner", "day"], name="week_item_learner")],
                        "constraints": [
                            models.UniqueConstraint(condition=models.Q(("step__isnull", False)), fields=("step",), name="week_item_step_once"),
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("step__isnull", False), ("text", "")), models.Q(("step__isnull", True), models.Q(("text", ""), _negated=True)), _connector="OR"),
                                name="week_item_is_step_or_words",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TalkWidening",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("talk", models.ForeignKey(on_delete=models.CASCADE, related_name="widenings", to="paths.talk")),
                        ("to", models.CharField(choices=[("teachers", "all teachers"), ("family", "the family")], max_length=8)),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("asked_at", models.DateTimeField(default=timezone.now)),
                        ("at", models.DateTimeField(blank=True, null=True)),
                        ("declined_at", models.DateTimeField(blank=True, null=True)),
                        ("after_message", models.BigIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "constraints": [
                            models.UniqueConstraint(fields=("talk", "to"), name="talk_widening_once"),
                            models.CheckConstraint(condition=models.Q(("at", None), ("declined_at", None), _connector="OR"), name="talk_widening_one_answer"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerClass",
                    fields=[
                        ("section", models.OneToOneField(on_delete=models.CASCADE, primary_key=True, related_name="peer_class", serialize=False, to="profiles.section")),
                        ("pairs_on", models.BooleanField(default=False)),
                        ("cheers_on", models.BooleanField(default=True)),
                        ("changed_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("changed_at", models.DateTimeField(default=timezone.now)),
                    ],
                ),
                migrations.CreateModel(
                    name="PeerMatch",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("section", models.ForeignKey(on_delete=models.CASCADE, related_name="peer_matches", to="profiles.section")),
                        ("standard", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="standards.standard")),
                        ("helper", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("asker", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("day", models.DateField()),
                        ("time_text", models.CharField(blank=True, max_length=60)),
                        ("place", models.CharField(blank=True, max_length=100)),
                        ("ends_on", models.DateField()),
                        ("made_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("made_at", models.DateTimeField(default=timezone.now)),
                        ("helper_says", models.CharField(blank=True, choices=[("yes", "yes"), ("not_now", "not now")], max_length=8)),
                        ("asker_says", models.CharField(blank=True, choices=[("yes", "yes"), ("not_now", "not now")], max_length=8)),
                        ("agreed_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        (
                            "ended_because",
                            models.CharField(
                                blank=True,
                                choices=[("over", "its last day is past"), ("not_now", "not this time"), ("stopped", "one of the two stopped"), ("staff", "ended by a teacher"), ("left", "one of the two left the class")],
                                max_length=8,
                            ),
                        ),
                        ("thanks", models.CharField(blank=True, max_length=140)),
                        ("thanked_at", models.DateTimeField(blank=True, null=True)),
                        ("thanks_hidden_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-made_at", "-pk"],
                        "indexes": [models.Index(fields=["helper", "-made_at"], name="peer_match_helper"), models.Index(fields=["asker", "-made_at"], name="peer_match_asker")],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("helper", models.F("asker")), _negated=True), name="peer_match_of_two"),
                            models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("day"))), name="peer_match_ends_after_its_day"),
                            models.UniqueConstraint(condition=models.Q(("ended_at__isnull", True)), fields=("section", "helper"), name="peer_match_one_helper"),
                            models.UniqueConstraint(condition=models.Q(("ended_at__isnull", True)), fields=("section", "asker"), name="peer_match_one_asker"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerNote",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="peer_notes", to="profiles.learner")),
                        ("section", models.ForeignKey(on_delete=models.CASCADE, related_name="peer_notes", to="profiles.section")),
                        ("standard", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="standards.standard")),
                        ("kind", models.CharField(choices=[("offer", "I can help with"), ("wish", "I'd like help with")], max_length=8)),
                        ("text", models.CharField(blank=True, max_length=140)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("closed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "indexes": [models.Index(condition=models.Q(("closed_at__isnull", True)), fields=["section", "standard"], name="peer_note_open")],
                        "constraints": [models.UniqueConstraint(condition=models.Q(("closed_at__isnull", True)), fields=("learner", "section", "standard"), name="peer_note_once")],
                    },
                ),
                migrations.CreateModel(
                    name="SharedMoment",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="shared_moments", to="profiles.learner")),
                        ("section", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.section")),
                        ("goal", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="+", to="paths.goal")),
                        ("standard", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="+", to="standards.standard")),
                        ("shared_at", models.DateTimeField(default=timezone.now)),
                        ("stopped_at", models.DateTimeField(blank=True, null=True)),
                        ("stopped_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        "ordering": ["-shared_at", "-pk"],
                        "indexes": [models.Index(fields=["section", "-shared_at"], name="shared_moment_section")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("goal__isnull", True), ("standard__isnull", False)), models.Q(("goal__isnull", False), ("standard__isnull", True)), _connector="OR"),
                                name="shared_moment_is_one_thing",
                            ),
                            models.UniqueConstraint(condition=models.Q(("stopped_at__isnull", True)), fields=("learner", "section", "goal", "standard"), name="shared_moment_once", nulls_distinct=False),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerReport",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("match", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="reports", to="paths.peermatch")),
                        ("moment", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="reports", to="paths.sharedmoment")),
                        ("by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("why", models.CharField(blank=True, max_length=500)),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("decided_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("outcome", models.CharField(blank=True, choices=[("ended", "ended"), ("kept", "left as it is")], max_length=8)),
                        ("answer", models.CharField(blank=True, max_length=500)),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "indexes": [models.Index(condition=models.Q(("decided_at__isnull", True)), fields=["at"], name="peer_report_waiting")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("match__isnull", True), ("moment__isnull", False)), models.Q(("match__isnull", False), ("moment__isnull", True)), _connector="OR"),
                                name="peer_report_about_one_thing",
                            ),
                            models.UniqueConstraint(fields=("match", "moment", "by"), name="peer_report_once", nulls_distinct=False),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Cheer",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("moment", models.ForeignKey(on_delete=models.CASCADE, related_name="cheers", to="paths.sharedmoment")),
                        ("by", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("kind", models.CharField(choices=[("glad", "I am glad for you."), ("work", "You worked for it."), ("five", "High five."), ("too", "I want to try that too.")], max_length=8)),
                        ("at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["at", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("moment", "by"), name="cheer_once")],
                    },
                ),
                migrations.CreateModel(
                    name="NewsTold",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.learner")),
                        ("standard", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="standards.standard")),
                        ("level", models.PositiveSmallIntegerField()),
                        ("message", models.OneToOneField(on_delete=models.CASCADE, related_name="+", to="paths.message")),
                        ("act", models.UUIDField(default=uuid4)),
                        ("day", models.DateField()),
                        ("at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["pk"],
                        "indexes": [models.Index(fields=["account", "day"], name="news_told_account")],
                        "constraints": [models.UniqueConstraint(fields=("account", "learner", "standard", "level", "day"), name="news_told_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ShownAtHome",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="shown_at_home", to="profiles.learner")),
                        ("standard", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="standards.standard")),
                        ("on", models.DateField()),
                        ("before", models.CharField(max_length=40)),
                        ("after", models.CharField(max_length=40)),
                        ("words", models.CharField(blank=True, max_length=280)),
                        ("shown_at", models.DateTimeField(default=timezone.now)),
                        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-shown_at", "-pk"],
                        "constraints": [models.UniqueConstraint(fields=("learner", "standard", "on"), name="shown_at_home_once")],
                    },
                ),
                migrations.CreateModel(
                    name="PollFile",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("answer", models.OneToOneField(on_delete=models.CASCADE, related_name="file", to="paths.pollanswer")),
                        ("stored", models.UUIDField(unique=True)),
                        ("kind", models.CharField(max_length=8)),
                        ("media_type", models.CharField(max_length=64)),
                        ("size", models.PositiveIntegerField()),
                        ("has_preview", models.BooleanField(default=False)),
                    ],
                ),
            ],
        ),
        migrations.RunSQL(DEMO_GUARD, WITHOUT_DEMO_GUARD),
    ]
