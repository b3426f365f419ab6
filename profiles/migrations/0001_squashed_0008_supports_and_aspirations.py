"""The tables of people, schools and sign-in as 0001 to 0008 left them, for a database that has none of them yet."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Lower
from django.utils import timezone

from lrm.migration_operations import CreateModels


class Migration(migrations.Migration):
    replaces = [
        ("profiles", "0001_initial"),
        ("profiles", "0002_keep_uploads"),
        ("profiles", "0003_let_learners_choose_a_screen_name"),
        ("profiles", "0004_tutoring_blocks"),
        ("profiles", "0005_api_tokens"),
        ("profiles", "0006_staff_notes"),
        ("profiles", "0007_families"),
        ("profiles", "0008_supports_and_aspirations"),
    ]

    initial = True

    dependencies = []

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="District",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.SlugField(unique=True)),
                        ("name", models.CharField(max_length=200)),
                        ("time_zone", models.CharField(default="America/New_York", max_length=64)),
                        ("language", models.CharField(default="en", max_length=16)),
                        ("is_demo", models.BooleanField(default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name="AcademicSession",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="academic_sessions", to="profiles.district")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.CharField(max_length=255)),
                        ("title", models.CharField(max_length=200)),
                        ("kind", models.CharField(choices=[("schoolYear", "school year"), ("semester", "semester"), ("term", "term"), ("gradingPeriod", "grading period")], default="term", max_length=16)),
                        ("parent", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="children", to="profiles.academicsession")),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("school_year", models.PositiveSmallIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("district", "key"), name="academic_session_key_once"),
                            models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="academic_session_ends_after_start"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Account",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="accounts", to="profiles.district")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.CharField(blank=True, max_length=255, null=True)),
                        ("kind", models.CharField(choices=[("staff", "staff"), ("learner", "student"), ("guardian", "family")], default="staff", max_length=16)),
                        ("email", models.EmailField(blank=True, max_length=254, null=True)),
                        ("given_name", models.CharField(max_length=100)),
                        ("family_name", models.CharField(max_length=100)),
                        ("language", models.CharField(blank=True, max_length=16)),
                        ("is_active", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(Lower("email"), name="account_email_once"), models.UniqueConstraint(fields=("district", "key"), name="account_key_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Learner",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="learners", to="profiles.district")),
                        ("home_school", models.ForeignKey(on_delete=models.PROTECT, related_name="learners", to="profiles.school")),
                        ("account", models.OneToOneField(blank=True, null=True, on_delete=models.SET_NULL, related_name="learner", to=settings.AUTH_USER_MODEL)),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.CharField(blank=True, max_length=255, null=True)),
                        ("given_name", models.CharField(max_length=100)),
                        ("family_name", models.CharField(max_length=100)),
                        ("preferred_name", models.CharField(blank=True, max_length=100)),
                        ("grade", models.CharField(blank=True, max_length=16)),
                        ("number", models.CharField(blank=True, max_length=4, null=True)),
                        ("left_on", models.DateField(blank=True, null=True)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("district", "key"), name="learner_key_once"), models.UniqueConstraint(fields=("home_school", "number"), name="learner_number_once_a_school")],
                    },
                ),
                migrations.CreateModel(
                    name="Guardianship",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="guardianships", to=settings.AUTH_USER_MODEL)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="guardianships", to="profiles.learner")),
                        ("relation", models.CharField(blank=True, max_length=50)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("invited_at", models.DateTimeField(blank=True, null=True)),
                        ("invited_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("confirmed_at", models.DateTimeField(blank=True, null=True)),
                        ("confirmed_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("ended_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("account", "learner"), name="guardianship_once")],
                    },
                ),
                migrations.CreateModel(
                    name="ProfileEntry",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="profile_entries", to="profiles.learner")),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("strength", "I am good at"),
                                    ("need", "Hard for me"),
                                    ("interest", "I care about"),
                                    ("motivation", "What gets me going"),
                                    ("aspiration", "One day I want to"),
                                    ("learns_best", "I learn best"),
                                ],
                                max_length=16,
                            ),
                        ),
                        ("text", models.TextField(max_length=500)),
                        ("author", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("replaces", models.OneToOneField(blank=True, null=True, on_delete=models.CASCADE, related_name="replaced_by", to="profiles.profileentry")),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["created_at", "pk"],
                        "indexes": [models.Index(fields=["learner", "kind"], name="profile_entry_learner")],
                    },
                ),
                migrations.CreateModel(
                    name="School",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="schools", to="profiles.district")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.CharField(max_length=255)),
                        ("name", models.CharField(max_length=200)),
                        ("kind", models.CharField(default="school", max_length=32)),
                        ("left_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [models.UniqueConstraint(fields=("district", "key"), name="school_key_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Roster",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="rosters", to="profiles.district")),
                        ("school", models.ForeignKey(on_delete=models.PROTECT, related_name="rosters", to="profiles.school")),
                        ("session", models.ForeignKey(on_delete=models.PROTECT, related_name="rosters", to="profiles.academicsession")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.CharField(blank=True, max_length=255, null=True)),
                        ("title", models.CharField(max_length=200)),
                        ("is_homeroom", models.BooleanField(default=False)),
                        ("grade", models.CharField(blank=True, max_length=16)),
                        ("class_code", models.CharField(blank=True, max_length=6, null=True, unique=True)),
                    ],
                    options={
                        "ordering": ["title"],
                        "constraints": [models.UniqueConstraint(fields=("district", "key"), name="roster_key_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Course",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="courses", to="profiles.district")),
                        ("school", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="courses", to="profiles.school")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.CharField(max_length=255)),
                        ("title", models.CharField(max_length=200)),
                        ("code", models.CharField(blank=True, max_length=64)),
                        ("subject", models.CharField(blank=True, max_length=100)),
                        ("grade", models.CharField(blank=True, max_length=16)),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("district", "key"), name="course_key_once")],
                    },
                ),
                migrations.CreateModel(
                    name="AdminRole",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="admin_roles", to=settings.AUTH_USER_MODEL)),
                        ("kind", models.CharField(choices=[("school_admin", "school administrator"), ("district_admin", "district administrator")], max_length=16)),
                        ("school", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="admin_roles", to="profiles.school")),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(models.Q(("kind", "district_admin"), ("school__isnull", True)), models.Q(("kind", "school_admin"), ("school__isnull", False)), _connector="OR"),
                                name="admin_role_names_its_school",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Section",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="sections", to="profiles.district")),
                        ("roster", models.ForeignKey(on_delete=models.PROTECT, related_name="sections", to="profiles.roster")),
                        ("course", models.ForeignKey(on_delete=models.PROTECT, related_name="sections", to="profiles.course")),
                        ("session", models.ForeignKey(on_delete=models.PROTECT, related_name="sections", to="profiles.academicsession")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("key", models.CharField(blank=True, max_length=255, null=True)),
                        ("title", models.CharField(max_length=200)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["title", "pk"],
                        "constraints": [models.UniqueConstraint(fields=("district", "key"), name="section_key_once")],
                    },
                ),
                migrations.CreateModel(
                    name="Enrollment",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("roster", models.ForeignKey(on_delete=models.PROTECT, related_name="enrollments", to="profiles.roster")),
                        ("section", models.ForeignKey(blank=True, null=True, on_delete=models.PROTECT, related_name="enrollments", to="profiles.section")),
                        ("learner", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="enrollments", to="profiles.learner")),
                        ("account", models.ForeignKey(blank=True, null=True, on_delete=models.CASCADE, related_name="enrollments", to=settings.AUTH_USER_MODEL)),
                        ("key", models.CharField(blank=True, max_length=255, null=True)),
                        ("role", models.CharField(choices=[("learner", "student"), ("teacher", "teacher"), ("co_teacher", "co-teacher"), ("aide", "aide"), ("substitute", "substitute")], max_length=16)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["learner", "roster"], name="enrollment_learner"), models.Index(fields=["roster", "role"], name="enrollment_roster")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("account__isnull", True), ("learner__isnull", False), ("role", "learner"), ("section__isnull", True)),
                                    models.Q(models.Q(("role", "learner"), _negated=True), ("account__isnull", False), ("learner__isnull", True)),
                                    _connector="OR",
                                ),
                                name="enrollment_names_one_person",
                            ),
                            models.UniqueConstraint(condition=models.Q(("ends_on__isnull", True), ("role", "learner")), fields=("roster", "learner"), name="learner_open_once_a_roster"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignInAttempt",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("at", models.DateTimeField(db_index=True, default=timezone.now)),
                        ("address_hash", models.CharField(max_length=64)),
                        ("class_code", models.CharField(blank=True, max_length=6)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["address_hash", "at"], name="sign_in_attempt_address")],
                    },
                ),
                migrations.CreateModel(
                    name="AccessLog",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("at", models.DateTimeField(default=timezone.now)),
                        ("account", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("district", models.ForeignKey(on_delete=models.PROTECT, related_name="+", to="profiles.district")),
                        ("route", models.CharField(max_length=100)),
                        ("learner_ids", ArrayField(base_field=models.BigIntegerField(), size=None)),
                    ],
                    options={
                        "indexes": [GinIndex(fields=["learner_ids"], name="access_log_learners")],
                    },
                ),
                migrations.CreateModel(
                    name="Upload",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("district", models.ForeignKey(on_delete=models.CASCADE, related_name="uploads", to="profiles.district")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="uploads", to=settings.AUTH_USER_MODEL)),
                        ("kind", models.CharField(choices=[("roster", "roster"), ("results", "results")], max_length=16)),
                        ("name", models.CharField(max_length=255)),
                        ("data", models.BinaryField(null=True)),
                        ("decisions", models.JSONField(default=dict)),
                        ("summary", models.JSONField(default=dict)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("applied_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["district", "kind", "-created_at"], name="upload_newest")],
                    },
                ),
                migrations.CreateModel(
                    name="ScreenName",
                    fields=[
                        ("learner", models.OneToOneField(on_delete=models.CASCADE, primary_key=True, related_name="screen_name", serialize=False, to="profiles.learner")),
                        ("animal", models.CharField(max_length=16)),
                        ("place", models.CharField(max_length=16)),
                        ("chosen_at", models.DateTimeField(default=timezone.now)),
                    ],
                ),
                migrations.CreateModel(
                    name="Block",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("roster", models.OneToOneField(on_delete=models.CASCADE, related_name="block", to="profiles.roster")),
                        ("section", models.OneToOneField(on_delete=models.CASCADE, related_name="block", to="profiles.section")),
                        ("place", models.CharField(blank=True, max_length=100)),
                        ("slots", models.JSONField(blank=True, default=list)),
                        ("seats", models.PositiveSmallIntegerField()),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        ("created_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["starts_on", "pk"],
                        "constraints": [
                            models.CheckConstraint(condition=models.Q(("ends_on__gte", models.F("starts_on"))), name="block_ends_after_start"),
                            models.CheckConstraint(condition=models.Q(("seats__gte", 1), ("seats__lte", 40)), name="block_seats_range"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ApiToken",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="api_tokens", to=settings.AUTH_USER_MODEL)),
                        ("name", models.CharField(max_length=100)),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        ("scopes", ArrayField(base_field=models.CharField(max_length=32), size=None)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("expires_on", models.DateField()),
                        ("revoked_at", models.DateTimeField(blank=True, null=True)),
                        ("last_used_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                    },
                ),
                migrations.CreateModel(
                    name="StaffNote",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="staff_notes", to="profiles.learner")),
                        ("author", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("text", models.TextField(max_length=1000)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                        ("archived_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["-created_at", "-pk"],
                        "indexes": [models.Index(fields=["learner", "-created_at"], name="staff_note_learner")],
                    },
                ),
                migrations.CreateModel(
                    name="Support",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, unique=True)),
                        ("learner", models.ForeignKey(on_delete=models.CASCADE, related_name="supports", to="profiles.learner")),
                        ("kind", models.CharField(choices=[("extra_time", "Extra time"), ("read_aloud", "Read aloud"), ("language", "Language"), ("other", "Other")], max_length=12)),
                        ("text", models.CharField(blank=True, max_length=200)),
                        ("agreed_on", models.DateField(blank=True, null=True)),
                        ("agreed_with", models.CharField(blank=True, max_length=100)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("entered_by", models.ForeignKey(null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("ended_by", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                    options={
                        "ordering": ["starts_on", "pk"],
                        "indexes": [models.Index(fields=["learner"], name="support_learner")],
                        "constraints": [models.CheckConstraint(condition=models.Q(("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"), name="support_ends_after")],
                    },
                ),
            ],
        ),
    ]
