"""Nothing reads them any more: they are lines of the policy. The two tables stay, empty and tied to nothing, for servers
of before that still run; a later version drops them.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def untied(model, name, to, **more):
    kind = models.OneToOneField if name == "school" else models.ForeignKey
    return migrations.AlterField(
        model_name=model, name=name, field=kind(db_constraint=False, to=to, related_name="+", **more)
    )


class Migration(migrations.Migration):
    # Each tie by itself: to be untied it wants a table to itself that every page reads, and nobody lets three go at once.
    atomic = False

    dependencies = [("paths", "0028_rules_become_policy")]

    operations = [
        untied("talkpolicy", "district", "profiles.district", on_delete=django.db.models.deletion.CASCADE),
        untied(
            "talkpolicy", "created_by", settings.AUTH_USER_MODEL, null=True,
            on_delete=django.db.models.deletion.SET_NULL,
        ),
        untied("mediarule", "school", "profiles.school", on_delete=django.db.models.deletion.CASCADE),
        untied(
            "mediarule", "changed_by", settings.AUTH_USER_MODEL, null=True,
            on_delete=django.db.models.deletion.SET_NULL,
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name="MediaRule"),
                migrations.DeleteModel(name="TalkPolicy"),
            ]
        ),
    ]
