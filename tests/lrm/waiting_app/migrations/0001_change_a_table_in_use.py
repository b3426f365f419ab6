from django.db import migrations


class Migration(migrations.Migration):
    operations = [migrations.RunSQL("ALTER TABLE in_use ADD COLUMN more integer", migrations.RunSQL.noop)]
