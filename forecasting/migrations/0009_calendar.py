"""Promotions have a kind and a scope, and what holidays and promotions did to demand is kept."""

import django.db.models.deletion
from django.db import migrations, models

import inventory.fields


class Migration(migrations.Migration):
    dependencies = [
        ("forecasting", "0008_scores"),
        ("inventory", "0018_country_of_a_place"),
    ]

    operations = [
        migrations.CreateModel(
            name="OccasionEffect",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=150)),
                ("uplift", inventory.fields.RealField()),
                ("error", inventory.fields.RealField()),
                ("times", models.PositiveSmallIntegerField()),
                ("days", models.PositiveSmallIntegerField()),
                ("is_used", models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name="PromotionCategory",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
            ],
        ),
        migrations.AddField(
            model_name="promotion",
            name="discount_percent",
            field=models.DecimalField(blank=True, decimal_places=1, max_digits=4, null=True),
        ),
        migrations.AddField(
            model_name="promotion",
            name="kind",
            field=models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.AddField(
            model_name="promotion",
            name="pack_entry",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="promotion",
            name="scope",
            field=models.CharField(
                choices=[("all", "The whole assortment"), ("categories", "Some categories"), ("skus", "Some SKUs")],
                db_default="skus",
                default="skus",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="promotion",
            name="share",
            field=models.DecimalField(db_default=1, decimal_places=3, default=1, max_digits=4),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("scope__in", ["all", "categories", "skus"])),
                name="forecasting_promotion_scope_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__gt", 0), ("share__lte", 1)), name="forecasting_promotion_planned_share"
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_percent", None),
                    models.Q(("discount_percent__gt", 0), ("discount_percent__lte", 100)),
                    _connector="OR",
                ),
                name="forecasting_promotion_discount_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="promotion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("pack_entry", ""), _negated=True),
                fields=("pack_entry",),
                name="forecasting_promotion_pack_entry_once",
            ),
        ),
        migrations.AddField(
            model_name="occasioneffect",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="occasions", to="forecasting.choicerun"
            ),
        ),
        migrations.AddField(
            model_name="promotioncategory",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="inventory.category"
            ),
        ),
        migrations.AddField(
            model_name="promotioncategory",
            name="promotion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="categories", to="forecasting.promotion"
            ),
        ),
        migrations.AddConstraint(
            model_name="occasioneffect",
            constraint=models.UniqueConstraint(fields=("run", "key"), name="forecasting_occasion_once"),
        ),
        migrations.AddConstraint(
            model_name="promotioncategory",
            constraint=models.UniqueConstraint(
                fields=("promotion", "category"), name="forecasting_promotion_category_once"
            ),
        ),
    ]
