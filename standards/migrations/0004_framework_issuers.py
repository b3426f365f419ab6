from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0003_public_frameworks"),
    ]

    operations = [
        migrations.AddField(
            model_name="framework",
            name="issued_by",
            field=models.CharField(
                blank=True,
                choices=[("local", "Local"), ("state", "State"), ("federal", "Federal")],
                db_default="",
                default="",
                max_length=8,
            ),
        ),
    ]
