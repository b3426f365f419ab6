"""What schools let in and when families read along become lines of the policy, each from the day on which it began.

A server of before that still runs finds no rules, and goes by what LRM comes with until it is replaced.
"""

from zoneinfo import ZoneInfo

from django.db import migrations
from django.db.models import F

FAMILY_READS, UPLOADS = "family_reads", "uploads"


def copy(apps, schema_editor):
    """Run twice, it copies nothing twice: a district or school that has such a rule already is left alone."""
    PolicyRule = apps.get_model("profiles", "PolicyRule")
    there = set(PolicyRule._base_manager.values_list("district_id", "school_id", "line"))
    rules = []
    for row in apps.get_model("paths", "TalkPolicy")._base_manager.order_by("starts_on"):
        if (row.district_id, None, FAMILY_READS) not in there:
            rules.append(
                PolicyRule(
                    district_id=row.district_id,
                    line=FAMILY_READS,
                    value=row.family_below,
                    starts_on=row.starts_on,
                    created_by_id=row.created_by_id,
                    created_at=row.created_at,
                )
            )
    media = apps.get_model("paths", "MediaRule")._base_manager.select_related("school__district")
    for row in media.order_by("pk"):
        if (row.school.district_id, row.school_id, UPLOADS) not in there:
            zone = ZoneInfo(row.school.district.time_zone)
            rules.append(
                PolicyRule(
                    district_id=row.school.district_id,
                    school_id=row.school_id,
                    line=UPLOADS,
                    value={"audio": row.allows_audio, "video": row.allows_video},
                    starts_on=row.changed_at.astimezone(zone).date(),
                    created_by_id=row.changed_by_id,
                    created_at=row.changed_at,
                )
            )
    PolicyRule._base_manager.bulk_create(rules, batch_size=500)
    apps.get_model("paths", "TalkPolicy")._base_manager.all().delete()
    apps.get_model("paths", "MediaRule")._base_manager.all().delete()
    districts = apps.get_model("profiles", "District")._base_manager
    districts.filter(pk__in={rule.district_id for rule in rules}).update(rules_version=F("rules_version") + 1)


class Migration(migrations.Migration):
    dependencies = [("paths", "0027_impact_questions"), ("profiles", "0021_policy_rules")]

    operations = [
        # Back again the old tables are empty: what LRM comes with counts until somebody writes a rule.
        migrations.RunPython(copy, migrations.RunPython.noop, elidable=True),
    ]
