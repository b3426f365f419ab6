from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("standards", "0002_keep_package_uploads"),
    ]

    operations = [
        migrations.AddField(
            model_name="framework",
            name="public_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
