"""What 0009 to 0020 add to the tables of people, schools and sign-in, for a database that has none of it yet."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.serializers.json
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
import django.utils.timezone
import lrm.sealed
import profiles.models.sign_in_policy
import uuid
from django.conf import settings
from django.db import migrations, models

from lrm.migration_operations import CreateModels


class Migration(migrations.Migration):

    replaces = [('profiles', '0009_roster_steps'), ('profiles', '0010_count_tries_by_browser'), ('profiles', '0011_invite_staff'), ('profiles', '0012_second_step'), ('profiles', '0013_signed_in'), ('profiles', '0014_roster_imports'), ('profiles', '0015_integrations_and_webhooks'), ('profiles', '0016_badges'), ('profiles', '0017_seal_webhook_secrets'), ('profiles', '0018_tell_learners_apart'), ('profiles', '0019_single_sign_on'), ('profiles', '0020_copies_erasures_and_retention')]

    dependencies = [
        ('lrm', '0001_jobs'),
        ('profiles', '0008_supports_and_aspirations'),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name='RosterAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('kind', models.CharField(choices=[('add', 'added'), ('withdraw', 'withdrawn'), ('renew', 'enrolled again'), ('move', 'moved'), ('transfer', 'sent to another school'), ('leave', 'left the district'), ('staff_add', 'put on the staff of the class'), ('staff_end', 'last day changed'), ('roll_over', 'moved on to the next year')], max_length=12)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.district')),
                        ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='RollOver',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('year', models.JSONField(default=dict)),
                        ('again', models.JSONField(default=dict)),
                        ('goes', models.JSONField(default=dict)),
                        ('learners', models.JSONField(default=dict)),
                        ('later', models.JSONField(default=dict)),
                        ('version', models.PositiveIntegerField(default=0)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.district')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('school', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roll_overs', to='profiles.school')),
                        ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.academicsession')),
                        ('target', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='profiles.academicsession')),
                        ('act', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='roll_over', to='profiles.rosteract')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='LearnerMerge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('moved', models.JSONField(default=dict)),
                        ('apart', models.JSONField(default=dict)),
                        ('before', models.JSONField(default=dict)),
                        ('undone_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.district')),
                        ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merges', to='profiles.learner')),
                        ('merged', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='merged_away', to='profiles.learner')),
                        ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('merged',), name='learner_merged_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RosterChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('before', models.JSONField(null=True)),
                        ('after', models.JSONField()),
                        ('act', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='profiles.rosteract')),
                        ('enrollment', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.enrollment')),
                        ('learner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.learner')),
                        ('roster', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.roster')),
                    ],
                    options={
                        'ordering': ['pk'],
                        'indexes': [models.Index(fields=['roster', 'act'], name='roster_change_roster')],
                    },
                ),
                migrations.CreateModel(
                    name='Invitation',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('digest', models.CharField(blank=True, db_index=True, editable=False, max_length=64)),
                        ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('expires_at', models.DateTimeField()),
                        ('accepted_at', models.DateTimeField(blank=True, null=True)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='invitation', to=settings.AUTH_USER_MODEL)),
                        ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('school', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='invitations', to='profiles.school')),
                    ],
                ),
                migrations.CreateModel(
                    name='AccountEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('invited', 'invited'), ('resent', 'invitation sent again'), ('revoked', 'invitation taken back'), ('accepted', 'came in for the first time'), ('ended', 'account ended'), ('reopened', 'account opened again'), ('role_given', 'may administer'), ('role_ended', 'administers no longer'), ('signed_out', 'signed out everywhere'), ('step_reset', 'second step taken away, to set up a new one'), ('linked', 'found through single sign-on'), ('unlinked', 'single sign-on forgotten')], max_length=16)),
                        ('words', models.CharField(blank=True, max_length=200)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to=settings.AUTH_USER_MODEL)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['account', 'at'], name='account_event_account')],
                    },
                ),
                migrations.CreateModel(
                    name='SignInPolicy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('second_step_for', models.CharField(choices=[('admins', 'administrators'), ('staff', 'all staff')], default='admins', max_length=8)),
                        ('grace_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MaxValueValidator(60)])),
                        ('district', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sign_in_policy', to='profiles.district')),
                        ('badges', models.BooleanField(db_default=True, default=True)),
                        ('badge_from', models.TimeField(blank=True, null=True)),
                        ('badge_until', models.TimeField(blank=True, null=True)),
                        ('badge_days', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), db_default=[1, 2, 3, 4, 5, 6, 7], default=profiles.models.sign_in_policy.every_day, size=None)),
                        ('badge_registered_only', models.BooleanField(db_default=False, default=False)),
                    ],
                ),
                migrations.CreateModel(
                    name='SecondStepAsk',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('asked_on', models.DateField()),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='second_step_ask', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='SignedIn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('session_key', models.CharField(max_length=40, unique=True)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('browser', models.CharField(blank=True, max_length=32)),
                        ('system', models.CharField(blank=True, max_length=32)),
                        ('network', models.CharField(blank=True, max_length=32)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signed_in', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                    },
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
                migrations.CreateModel(
                    name='Integration',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='integration', to=settings.AUTH_USER_MODEL)),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['account__given_name', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='Webhook',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100)),
                        ('address', models.URLField(max_length=500)),
                        ('events', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('evidence.recorded', 'Results were recorded'), ('mastery.changed', 'Levels that are shown have changed'), ('group.accepted', 'Suggested groups were accepted'), ('group.changed', 'A group that is on was changed'), ('group.closed', 'Groups were closed')], max_length=32), size=None)),
                        ('secret', lrm.sealed.SealedField()),
                        ('old_secret', lrm.sealed.SealedField(blank=True)),
                        ('old_secret_until', models.DateTimeField(blank=True, null=True)),
                        ('failing_since', models.DateTimeField(blank=True, null=True)),
                        ('off_because', models.CharField(blank=True, choices=[('paused', 'paused'), ('failed', 'switched off: it could not be reached for days'), ('gone', 'switched off: the address said that it is gone')], max_length=8)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='webhooks', to='profiles.district')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['name', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('district', 'name'), name='webhook_name_once')],
                    },
                ),
                migrations.CreateModel(
                    name='WebhookDelivery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('message', models.UUIDField(db_default=django.contrib.postgres.functions.RandomUUID(), default=uuid.uuid4, editable=False, unique=True)),
                        ('event', models.CharField(max_length=32)),
                        ('data', models.JSONField()),
                        ('state', models.CharField(choices=[('waiting', 'waiting'), ('delivered', 'delivered'), ('given_up', 'given up')], db_default='waiting', default='waiting', max_length=10)),
                        ('tries', models.PositiveSmallIntegerField(db_default=0, default=0)),
                        ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('due_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                        ('status', models.PositiveSmallIntegerField(null=True)),
                        ('said', models.CharField(blank=True, db_default='', default='', max_length=200)),
                        ('delivered_at', models.DateTimeField(null=True)),
                        ('webhook', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliveries', to='profiles.webhook')),
                    ],
                    options={
                        'ordering': ['-pk'],
                        'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at'], name='webhook_delivery_due'), models.Index(fields=['webhook', '-id'], name='webhook_delivery_newest')],
                    },
                ),
                migrations.CreateModel(
                    name='KeptAnswer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=255)),
                        ('digest', models.CharField(max_length=64)),
                        ('status', models.PositiveSmallIntegerField(null=True)),
                        ('answer', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'indexes': [models.Index(fields=['created_at'], name='kept_answer_age')],
                        'constraints': [models.UniqueConstraint(fields=('account', 'key'), name='kept_answer_once_a_key')],
                    },
                ),
                migrations.CreateModel(
                    name='Badge',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(editable=False, max_length=16, unique=True)),
                        ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('last_used_on', models.DateField(blank=True, null=True)),
                        ('learner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='badges', to='profiles.learner')),
                        ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('learner',), name='badge_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Device',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(editable=False, max_length=32, unique=True)),
                        ('name', models.CharField(max_length=100)),
                        ('registered_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('revoked_at', models.DateTimeField(blank=True, null=True)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to='profiles.district')),
                        ('registered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['name', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='ToldApart',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.district')),
                        ('one', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.learner')),
                        ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.learner')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('one', 'other'), name='learners_told_apart_once'), models.CheckConstraint(condition=models.Q(('one__lt', models.F('other'))), name='learners_told_apart_in_order')],
                    },
                ),
                migrations.CreateModel(
                    name='SingleSignOn',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_on', models.BooleanField(default=False)),
                        ('name', models.CharField(max_length=40)),
                        ('issuer', models.CharField(max_length=200)),
                        ('client_id', models.CharField(max_length=191)),
                        ('sealed_secret', lrm.sealed.SealedField(blank=True, editable=False)),
                        ('for_staff', models.BooleanField(default=True)),
                        ('for_learners', models.BooleanField(default=False)),
                        ('for_guardians', models.BooleanField(default=False)),
                        ('match_by', models.CharField(choices=[('email', 'by e-mail address, where the provider says that it is verified'), ('id', 'by the ID of the roster, in a claim')], default='email', max_length=8)),
                        ('id_claim', models.CharField(blank=True, max_length=100)),
                        ('counts_second_step', models.BooleanField(default=False)),
                        ('asks_always', models.BooleanField(default=False)),
                        ('district', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='single_sign_on', to='profiles.district')),
                    ],
                ),
                migrations.CreateModel(
                    name='SignInChange',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('page', models.CharField(choices=[('rules', 'sign-in rules'), ('provider', 'single sign-on')], max_length=8)),
                        ('changes', models.JSONField(default=list)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.district')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['district', 'page', 'at'], name='sign_in_change_page')],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionPolicy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('starts_on', models.DateField()),
                        ('days', models.JSONField()),
                        ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('withdrawn_at', models.DateTimeField(null=True)),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='retention_policies', to='profiles.district')),
                        ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-starts_on', '-pk'],
                    },
                ),
                migrations.CreateModel(
                    name='BulkExport',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('what', models.CharField(max_length=100)),
                        ('people', models.PositiveIntegerField(null=True)),
                        ('at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('told_at', models.DateTimeField(null=True)),
                        ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.district')),
                    ],
                    options={
                        'ordering': ['-at', '-pk'],
                        'indexes': [models.Index(fields=['account', '-at'], name='bulk_export_limit')],
                    },
                ),
                migrations.CreateModel(
                    name='Erasure',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('learner_uuid', models.UUIDField()),
                        ('by_retention', models.BooleanField(default=False)),
                        ('why', models.CharField(blank=True, max_length=280)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('alone_from', models.DateField()),
                        ('agreed_at', models.DateTimeField(null=True)),
                        ('stopped_at', models.DateTimeField(null=True)),
                        ('done_at', models.DateTimeField(null=True)),
                        ('counts', models.JSONField(default=dict)),
                        ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='profiles.district')),
                        ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lrm.job')),
                        ('learner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='erasures', to='profiles.learner')),
                        ('stopped_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-asked_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('done_at__isnull', True), ('stopped_at__isnull', True)), fields=('learner',), name='erasure_asked_once')],
                    },
                ),
                migrations.CreateModel(
                    name='LearnerCopy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uuid', models.UUIDField(default=uuid.uuid4, unique=True)),
                        ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('with_notes', models.BooleanField(default=True)),
                        ('stored', models.UUIDField(null=True)),
                        ('size', models.PositiveBigIntegerField(null=True)),
                        ('made_at', models.DateTimeField(null=True)),
                        ('fetched_at', models.DateTimeField(null=True)),
                        ('handed_out_at', models.DateTimeField(null=True)),
                        ('declined_at', models.DateTimeField(null=True)),
                        ('declined_because', models.CharField(blank=True, max_length=280)),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('job', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='lrm.job')),
                        ('learner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='profiles.learner')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-asked_at', '-pk'],
                        'indexes': [models.Index(fields=['learner', '-asked_at'], name='learner_copy_newest')],
                    },
                ),
                migrations.CreateModel(
                    name='LegalHold',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('why', models.CharField(max_length=280)),
                        ('set_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('lifted_at', models.DateTimeField(null=True)),
                        ('learner', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='holds', to='profiles.learner')),
                        ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-set_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('learner',), name='legal_hold_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Objection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('words', models.CharField(blank=True, max_length=280)),
                        ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('ended_at', models.DateTimeField(null=True)),
                        ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('learner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objections', to='profiles.learner')),
                        ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-raised_at', '-pk'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('learner',), name='objection_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RetentionRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField()),
                        ('begun_at', models.DateTimeField(default=django.utils.timezone.now)),
                        ('finished_at', models.DateTimeField(null=True)),
                        ('counts', models.JSONField(default=dict)),
                        ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.district')),
                    ],
                    options={
                        'ordering': ['-day'],
                        'constraints': [models.UniqueConstraint(fields=('district', 'day'), name='retention_once_a_night')],
                    },
                ),
            ],
        ),
        migrations.AddField(
            model_name='signinattempt',
            name='door',
            field=models.CharField(db_default='', max_length=16),
        ),
        migrations.AddField(
            model_name='signinattempt',
            name='key_hash',
            field=models.CharField(db_default='', max_length=64),
        ),
        migrations.AddField(
            model_name='signinattempt',
            name='browser_hash',
            field=models.CharField(db_default='', max_length=64),
        ),
        migrations.AddField(
            model_name='signinattempt',
            name='earner_hash',
            field=models.CharField(blank=True, db_default='', max_length=64),
        ),
        migrations.AddIndex(
            model_name='signinattempt',
            index=models.Index(fields=['key_hash', 'at'], name='sign_in_attempt_key'),
        ),
        migrations.AddIndex(
            model_name='signinattempt',
            index=models.Index(fields=['browser_hash', 'at'], name='sign_in_attempt_browser'),
        ),
        # The column stays, empty, for web processes that still run the version before.
        migrations.AlterField(
            model_name='signinattempt',
            name='class_code',
            field=models.CharField(blank=True, db_default='', max_length=6),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(
                    model_name='signinattempt',
                    name='class_code',
                ),
            ],
        ),
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
        migrations.AddField(
            model_name='apitoken',
            name='per_minute',
            field=models.PositiveIntegerField(db_default=300, default=300),
        ),
        migrations.AlterField(
            model_name='account',
            name='kind',
            field=models.CharField(choices=[('staff', 'staff'), ('learner', 'student'), ('guardian', 'family'), ('integration', 'system')], default='staff', max_length=16),
        ),
        migrations.AddField(
            model_name='learner',
            name='erased_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
