"""Scores of an erased learner stay under a key without a name: the one way in which the ledger is ever rewritten."""

from django.db import migrations, models

# Runs as the owner of the ledger, whoever calls it; it moves to a row only that says of itself that it is nobody's,
# and writes down that it did. search_path is its own, so that nobody can put a table of another schema in its way.
ERASE = """
CREATE FUNCTION erase_evidence(gone bigint, nameless bigint) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE moved bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM profiles_learner k JOIN profiles_learner s ON s.district_id = k.district_id
                    WHERE k.id = nameless AND s.id = gone AND k.erased_at IS NOT NULL AND s.left_on IS NOT NULL
                      AND k.account_id IS NULL AND k.key IS NULL AND k.id <> s.id) THEN
        RAISE EXCEPTION 'Evidence moves from a learner who has left to a key without a name, and nowhere else.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM set_config('lrm.rewrite_ledger', 'on', true);
    UPDATE assessments_evidence SET learner_id = nameless WHERE learner_id = gone;
    GET DIAGNOSTICS moved = ROW_COUNT;
    PERFORM set_config('lrm.rewrite_ledger', 'off', true);
    INSERT INTO assessments_evidenceerasure (key_id, records, at, role) VALUES (nameless, moved, now(), session_user);
    RETURN moved;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessments", "0019_tell_of_ended_groups"),
        ("profiles", "0020_copies_erasures_and_retention"),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceErasure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key_id", models.BigIntegerField()),
                ("records", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                ("role", models.CharField(max_length=63)),
            ],
        ),
        migrations.RunSQL(ERASE, "DROP FUNCTION erase_evidence(bigint, bigint)"),
    ]
