"""The audit of class lists, accounts and roles: a table that triggers write, and that nobody changes."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

TABLES = (
    "enrollment",
    "roster",
    "section",
    "learner",
    "account",
    "adminrole",
    "guardianship",
    "integration",
    "apitoken",
)


def _entries(act: str, rows: str, before: str, after: str) -> str:
    """One statement for all rows of a statement. rows: FROM .., with `j`, the row as JSON, and its id."""
    return f"""
        INSERT INTO profiles_auditentry
               (district_id, at, by_id, way, what, place, "row", act, learner_id, account_id, roster_id, before, after)
        SELECT coalesce((j->>'district_id')::bigint,
                        (SELECT district_id FROM profiles_roster WHERE id = (j->>'roster_id')::bigint),
                        (SELECT district_id FROM profiles_learner WHERE id = (j->>'learner_id')::bigint),
                        (SELECT district_id FROM profiles_account WHERE id = (j->>'account_id')::bigint),
                        0),
               statement_timestamp(), nullif(said[3], '')::bigint, coalesce(said[1], 'database'),
               coalesce(said[2], ''), place, id, '{act}',
               CASE place WHEN 'learner' THEN id ELSE (j->>'learner_id')::bigint END,
               CASE place WHEN 'account' THEN id ELSE (j->>'account_id')::bigint END,
               CASE place WHEN 'roster' THEN id ELSE (j->>'roster_id')::bigint END,
               {before}, {after}
          FROM {rows};"""


WHOLE = "jsonb_strip_nulls(j - (ARRAY['id'] || secret || clock))"
CHANGED = """(
            SELECT n.id, to_jsonb(n) AS j, d.*
              FROM old_rows o JOIN new_rows n USING (id), LATERAL (
                    SELECT jsonb_object_agg(was.key, audit_shown(was.key, was.value, secret)) AS was,
                           jsonb_object_agg(was.key, audit_shown(was.key, to_jsonb(n)->was.key, secret)) AS "is"
                      FROM jsonb_each(to_jsonb(o)) was
                     WHERE was.value IS DISTINCT FROM to_jsonb(n)->was.key AND was.key <> ALL (clock)) d
             WHERE d.was IS NOT NULL) c"""

# Runs as the owner of the tables, whoever writes: the role of the site has no right to write here itself. Who writes,
# and through which way, stands in a comment before the statement (lrm/acting.py). search_path is the functions' own, so
# that nobody can put a table of another schema in the way.
WRITE = f"""
CREATE FUNCTION audit_shown(name text, value jsonb, secret text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN name = ANY (secret) AND value <> 'null' THEN '"…"'::jsonb ELSE value END
$$;

CREATE FUNCTION write_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    said text[] := regexp_match(left(current_query(), 160), '^/[*]lrm ([a-z]+) ([[:alnum:]_.:-]*) ([0-9]*)[*]/');
    place text := substr(TG_TABLE_NAME, length('profiles_') + 1);
    secret text[] := ARRAY['password', 'digest', 'class_code', 'number'];
    clock text[] := ARRAY['last_login', 'last_used_on'];
BEGIN
    -- Emptying the database of a demo is no change of anybody's record. Only the owner of the tables may say so.
    IF current_setting('lrm.rewrite_ledger', true) = 'on'
       AND pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN{_entries("made", "(SELECT id, to_jsonb(n) AS j FROM new_rows n) c", "NULL", WHOLE)}
    ELSIF TG_OP = 'DELETE' THEN{_entries("removed", "(SELECT id, to_jsonb(o) AS j FROM old_rows o) c", WHOLE, "NULL")}
    ELSE{_entries("changed", CHANGED, "was", '"is"')}
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGERS = "".join(
    f"""
CREATE TRIGGER audit_insert AFTER INSERT ON profiles_{table} REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION write_audit();
CREATE TRIGGER audit_update AFTER UPDATE ON profiles_{table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION write_audit();
CREATE TRIGGER audit_delete AFTER DELETE ON profiles_{table} REFERENCING OLD TABLE AS old_rows
    FOR EACH STATEMENT EXECUTE FUNCTION write_audit();
"""
    for table in TABLES
)
GUARD = """
CREATE FUNCTION audit_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('lrm.rewrite_ledger', true) = 'on'
       AND pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'The audit is written by the database alone, and stays: % is refused.', TG_OP
        USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_rows BEFORE UPDATE OR DELETE ON profiles_auditentry
    FOR EACH ROW EXECUTE FUNCTION audit_stays();
CREATE TRIGGER audit_truncate BEFORE TRUNCATE ON profiles_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_stays();
CREATE INDEX audit_moved ON profiles_auditentry ((before->>'learner_id')) WHERE act = 'changed' AND before ? 'learner_id';
"""
# The one way in which an entry ever changes: that something happened, when, and through which way stays.
FORGET = """
CREATE FUNCTION forget_audit(learners bigint[], accounts bigint[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE found bigint;
BEGIN
    IF EXISTS (SELECT FROM profiles_learner WHERE id = ANY (learners) AND left_on IS NULL)
       OR EXISTS (SELECT FROM profiles_account a WHERE a.id = ANY (accounts) AND a.is_active AND a.kind <> 'guardian'
                     AND NOT EXISTS (SELECT FROM profiles_learner l WHERE l.account_id = a.id AND l.id = ANY (learners))
                 ) THEN
        RAISE EXCEPTION 'The audit forgets only who has left, or whose account has ended.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('lrm.rewrite_ledger', 'on', true);
    UPDATE profiles_auditentry
       SET before = NULL, after = NULL, learner_id = NULL, account_id = NULL, "row" = 0,
           by_id = CASE WHEN by_id = ANY (accounts) THEN NULL ELSE by_id END
     WHERE learner_id = ANY (learners) OR account_id = ANY (accounts)
        OR (act = 'changed' AND before ? 'learner_id' AND before->>'learner_id' = ANY (learners::text[]));
    GET DIAGNOSTICS found = ROW_COUNT;
    UPDATE profiles_auditentry SET by_id = NULL WHERE by_id = ANY (accounts);
    PERFORM set_config('lrm.rewrite_ledger', 'off', true);
    RETURN found;
END $$;
"""
UNDO = "".join(
    f"DROP TRIGGER audit_{event} ON profiles_{table};" for table in TABLES for event in ("insert", "update", "delete")
)


class Migration(migrations.Migration):

    dependencies = [
        ('profiles', '0022_keep_both_halves_of_badges'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('way', models.CharField(choices=[('page', 'on a page'), ('api', 'by a program (API)'), ('import', 'by a roster file'), ('task', 'by the clock or a job'), ('command', 'by a technician’s command'), ('database', 'in the database itself')], max_length=10)),
                ('what', models.CharField(max_length=60)),
                ('place', models.CharField(choices=[('enrollment', 'place on a class list'), ('roster', 'class list'), ('section', 'class'), ('learner', 'student'), ('account', 'account'), ('adminrole', 'administrator’s role'), ('guardianship', 'family'), ('integration', 'system'), ('apitoken', 'token of a program')], max_length=16)),
                ('row', models.BigIntegerField()),
                ('act', models.CharField(choices=[('made', 'made'), ('changed', 'changed'), ('removed', 'removed')], max_length=8)),
                ('before', models.JSONField(null=True)),
                ('after', models.JSONField(null=True)),
                ('account', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('by', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='profiles.district')),
                ('learner', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='profiles.learner')),
                ('roster', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='profiles.roster')),
            ],
            options={
                'ordering': ['-pk'],
                'indexes': [models.Index(condition=models.Q(('learner__isnull', False)), fields=['learner'], name='audit_learner'), models.Index(condition=models.Q(('account__isnull', False)), fields=['account'], name='audit_account'), models.Index(condition=models.Q(('by__isnull', False)), fields=['by'], name='audit_by')],
            },
        ),
        migrations.RunSQL(WRITE, "DROP FUNCTION write_audit(); DROP FUNCTION audit_shown(text, jsonb, text[]);"),
        migrations.RunSQL(TRIGGERS, UNDO),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER audit_rows ON profiles_auditentry; DROP TRIGGER audit_truncate ON profiles_auditentry;"
            " DROP FUNCTION audit_stays();",
        ),
        migrations.RunSQL(FORGET, "DROP FUNCTION forget_audit(bigint[], bigint[]);"),
    ]
