import base64
import hashlib

from django.db import migrations, models
from django.utils.crypto import salted_hmac

import lrm.sealed
from lrm.sealed import seal

HALF = 13


def keep_what_is_printed(apps, schema_editor):
    """The other half was made from the first with SECRET_KEY: what is printed stays as it is."""
    for badge in apps.get_model("profiles", "Badge").objects.filter(rest=""):
        made = salted_hmac("profiles.badge", badge.key, algorithm="sha256").digest()
        rest = base64.b32encode(made).decode()[:HALF]
        badge.rest, badge.digest = seal(rest), hashlib.sha256((badge.key + rest).encode()).hexdigest()
        badge.save(update_fields=["rest", "digest"])


class Migration(migrations.Migration):
    """Badges that web servers of before make meanwhile cannot be scanned: they are revoked and made again."""

    dependencies = [("profiles", "0021_policy_rules")]

    operations = [
        migrations.AddField(
            "badge", "digest", models.CharField(blank=True, db_default="", default="", editable=False, max_length=64)
        ),
        migrations.AddField("badge", "rest", lrm.sealed.SealedField(blank=True, db_default="", default="")),
        migrations.RunPython(keep_what_is_printed, migrations.RunPython.noop),
    ]
