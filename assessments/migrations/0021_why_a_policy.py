"""Why somebody wrote a version of the policy of levels."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0020_erase_evidence'),
    ]

    operations = [
        migrations.AddField(
            model_name='masterypolicy',
            name='why',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
    ]
