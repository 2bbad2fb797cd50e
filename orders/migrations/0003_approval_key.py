from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0002_learned_levels"),
    ]

    operations = [
        migrations.AddField(
            model_name="replenishmentproposal",
            name="approval_key",
            field=models.CharField(blank=True, default="", max_length=120),
        ),
    ]
