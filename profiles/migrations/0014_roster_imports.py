import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lrm', '0001_jobs'),
        ('profiles', '0013_signed_in'),
    ]

    operations = [
        migrations.AddField(
            model_name='upload',
            name='checked',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='upload',
            name='job',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lrm.job'),
        ),
        migrations.AddField(
            model_name='upload',
            name='report',
            field=models.BinaryField(null=True),
        ),
        migrations.CreateModel(
            name='RosterImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=255)),
                ('version', models.CharField(max_length=8)),
                ('is_delta', models.BooleanField(default=False)),
                ('brake', models.JSONField(blank=True, null=True)),
                ('summary', models.JSONField(default=dict)),
                ('applied_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
                ('undo_summary', models.JSONField(default=dict)),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster_imports', to='profiles.district')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-applied_at', '-pk'],
                'indexes': [models.Index(fields=['district', '-applied_at'], name='roster_import_newest')],
            },
        ),
        migrations.CreateModel(
            name='ImportedRows',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=16)),
                ('ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('afters', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('befores', models.JSONField(null=True)),
                ('roster_import', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='profiles.rosterimport')),
            ],
        ),
        migrations.CreateModel(
            name='RosterPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('brake_percent', models.DecimalField(decimal_places=1, max_digits=4)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roster_policies', to='profiles.district')),
            ],
            options={
                'ordering': ['-created_at', '-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('brake_percent__gte', 0), ('brake_percent__lte', 100)), name='roster_brake_is_a_share')],
            },
        ),
        migrations.CreateModel(
            name='RosterStamp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=255)),
                ('modified_at', models.DateTimeField()),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.district')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('district', 'file', 'key'), name='roster_stamp_once')],
            },
        ),
    ]
