from django.db import migrations

import lrm.sealed
from lrm.sealed import is_sealed, seal, unseal

COLUMNS = ("secret", "old_secret")


def seal_what_stands(apps, schema_editor):
    for row in apps.get_model("profiles", "Webhook").objects.all():
        for column in COLUMNS:
            bare = getattr(row, column)
            if bare and not is_sealed(bare):
                setattr(row, column, seal(bare))
        row.save(update_fields=COLUMNS)


def open_again(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:  # the column of seals takes nothing bare
        for row in apps.get_model("profiles", "Webhook").objects.all():
            bare = [unseal(value) if value else "" for value in (row.secret, row.old_secret)]
            cursor.execute("UPDATE profiles_webhook SET secret = %s, old_secret = %s WHERE id = %s", [*bare, row.pk])


class Migration(migrations.Migration):
    """Web servers and workers of before cannot read the seals: their messages wait and are sent by the new ones."""

    dependencies = [("profiles", "0016_badges")]

    operations = [
        migrations.AlterField("webhook", "secret", lrm.sealed.SealedField()),
        migrations.AlterField("webhook", "old_secret", lrm.sealed.SealedField(blank=True)),
        migrations.RunPython(seal_what_stands, open_again),
    ]
