"""A label's apostrophe, as on all pages; nothing in the database changes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("paths", "0025_answer_polls_with_files")]

    operations = [
        migrations.AlterField(
            model_name="peernote",
            name="kind",
            field=models.CharField(
                choices=[("offer", "I can help with"), ("wish", "I’d like help with")], max_length=8
            ),
        ),
    ]
