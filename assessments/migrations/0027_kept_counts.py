"""Figures of earlier days of a large district, as a worker has counted them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('assessments', '0026_work_out_why_no_level'),
        ('profiles', '0031_keeping_of_schools'),
        ('standards', '0006_analyze_standards'),
    ]

    operations = [
        migrations.CreateModel(
            name='KeptCounts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(null=True)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.district')),
                ('subgroup', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='profiles.subgroup')),
                ('subject', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='standards.subject')),
            ],
        ),
        migrations.CreateModel(
            name='KeptCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_id', models.BigIntegerField()),
                ('grade', models.CharField(max_length=16)),
                ('standard_id', models.BigIntegerField()),
                ('level', models.SmallIntegerField()),
                ('n', models.IntegerField()),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.keptcounts')),
            ],
        ),
        migrations.CreateModel(
            name='KeptDomain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('school_id', models.BigIntegerField()),
                ('grade', models.CharField(max_length=16)),
                ('framework_id', models.BigIntegerField(null=True)),
                ('domain_id', models.BigIntegerField(null=True)),
                ('level', models.SmallIntegerField(null=True)),
                ('n', models.IntegerField()),
                ('standards', models.IntegerField()),
                ('kept', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='assessments.keptcounts')),
            ],
        ),
        migrations.AddConstraint(
            model_name='keptcounts',
            constraint=models.UniqueConstraint(fields=('district', 'subject', 'subgroup', 'day'), name='kept_counts_once', nulls_distinct=False),
        ),
    ]
