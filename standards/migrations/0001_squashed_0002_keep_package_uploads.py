"""The tables of standards as 0001 and 0002 left them, for a database that has neither yet."""

from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import migrations, models
from django.db.models.functions import Lower
from django.utils import timezone

from lrm.migration_operations import CreateModels


class Migration(migrations.Migration):
    replaces = [("standards", "0001_initial"), ("standards", "0002_keep_package_uploads")]

    initial = True

    dependencies = [
        ("profiles", "0002_keep_uploads"),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name="Framework",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.CASCADE, related_name="frameworks", to="profiles.district")),
                        ("uuid", models.UUIDField(default=uuid4)),
                        ("uri", models.TextField(blank=True)),
                        ("title", models.TextField()),
                        ("creator", models.TextField(blank=True)),
                        ("case_version", models.CharField(blank=True, max_length=8)),
                        ("status", models.CharField(blank=True, max_length=50)),
                        ("language", models.CharField(blank=True, max_length=16)),
                        ("source", models.JSONField(default=dict)),
                        ("definitions", models.JSONField(default=dict)),
                        ("imported_at", models.DateTimeField(blank=True, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["title"],
                        "constraints": [models.UniqueConstraint(fields=("district", "uuid"), name="framework_once_a_district")],
                    },
                ),
                migrations.CreateModel(
                    name="Standard",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("framework", models.ForeignKey(on_delete=models.CASCADE, related_name="standards", to="standards.framework")),
                        ("uuid", models.UUIDField(default=uuid4)),
                        ("uri", models.TextField(blank=True)),
                        ("code", models.CharField(blank=True, max_length=255)),
                        ("statement", models.TextField()),
                        ("short_title", models.CharField(blank=True, max_length=255)),
                        ("kind", models.CharField(blank=True, max_length=255)),
                        ("grades", ArrayField(base_field=models.CharField(max_length=16), blank=True, default=list, size=None)),
                        ("subject", models.ForeignKey(on_delete=models.PROTECT, related_name="standards", to="standards.subject")),
                        ("parent", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="children", to="standards.standard")),
                        ("domain", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="+", to="standards.standard")),
                        ("position", models.PositiveIntegerField(default=0)),
                        ("depth", models.PositiveSmallIntegerField(default=0)),
                        ("is_leaf", models.BooleanField(default=True)),
                        ("rubric", models.JSONField(blank=True, default=list)),
                        ("source", models.JSONField(default=dict)),
                        ("search", SearchVectorField(editable=False, null=True)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "ordering": ["framework", "position", "pk"],
                        "indexes": [
                            GinIndex(fields=["search"], name="standard_search"),
                            models.Index(OpClass(Lower("code"), name="text_pattern_ops"), name="standard_code"),
                            models.Index(fields=["framework", "position"], name="standard_position"),
                        ],
                        "constraints": [models.UniqueConstraint(fields=("framework", "uuid"), name="standard_once_a_framework")],
                    },
                ),
                migrations.CreateModel(
                    name="Association",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("framework", models.ForeignKey(on_delete=models.CASCADE, related_name="associations", to="standards.framework")),
                        ("uuid", models.UUIDField()),
                        ("occurrence", models.PositiveSmallIntegerField(default=0)),
                        ("kind", models.CharField(max_length=255)),
                        ("origin", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="associations_out", to="standards.standard")),
                        ("origin_uri", models.TextField(blank=True)),
                        ("destination", models.ForeignKey(blank=True, null=True, on_delete=models.SET_NULL, related_name="associations_in", to="standards.standard")),
                        ("destination_uri", models.TextField(blank=True)),
                        ("sequence", models.IntegerField(blank=True, null=True)),
                        ("source", models.JSONField(default=dict)),
                        ("retired_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["kind", "origin"], name="association_origin"), models.Index(fields=["kind", "destination"], name="association_destination")],
                        "constraints": [models.UniqueConstraint(fields=("framework", "uuid", "occurrence"), name="association_once_a_framework")],
                    },
                ),
                migrations.CreateModel(
                    name="Subject",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("district", models.ForeignKey(on_delete=models.CASCADE, related_name="subjects", to="profiles.district")),
                        ("key", models.SlugField(allow_unicode=True, max_length=120)),
                        ("title", models.CharField(max_length=120)),
                    ],
                    options={
                        "ordering": ["title"],
                        "constraints": [models.UniqueConstraint(fields=("district", "key"), name="subject_key_once")],
                    },
                ),
                migrations.CreateModel(
                    name="PackageUpload",
                    fields=[
                        ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                        ("uuid", models.UUIDField(default=uuid4, editable=False, unique=True)),
                        ("district", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to="profiles.district")),
                        ("account", models.ForeignKey(on_delete=models.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL)),
                        ("name", models.CharField(max_length=255)),
                        ("data", models.BinaryField()),
                        ("created_at", models.DateTimeField(default=timezone.now)),
                    ],
                ),
            ],
        ),
    ]
