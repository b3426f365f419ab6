from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('lrm', '0001_jobs'),
    ]

    operations = [
        migrations.AlterField(
            model_name='job',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('failed', 'failed'), ('stopped', 'stopped')], default='waiting', max_length=10),
        ),
    ]
