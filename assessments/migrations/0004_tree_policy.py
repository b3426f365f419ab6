"""A policy may name the evidence tree, which reads its level by the cuts and by nothing else."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessments", "0003_policy_parameters")]

    operations = [
        migrations.AlterField(
            "masterypolicy",
            "method",
            models.CharField(
                choices=[
                    ("decaying", "Newest counts most"),
                    ("weighted", "Newest against the mean of the rest"),
                    ("latest", "Newest only"),
                    ("highest", "Highest"),
                    ("mean", "Mean of all"),
                    ("mode", "Most frequent"),
                    ("n_times", "Mastered several times"),
                    ("power_law", "Power law"),
                    ("tree", "Evidence tree"),
                ],
                default="decaying",
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            "masterypolicy",
            models.CheckConstraint(
                condition=~models.Q(method="tree", whole=True), name="policy_tree_reads_by_cuts"
            ),
        ),
    ]
