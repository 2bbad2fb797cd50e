"""A webhook may speak the language of a chat service; those there are go on speaking JSON."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("outbox", "0003_no_chat_channel")]

    operations = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="format",
            field=models.CharField(
                choices=[
                    ("json", "Another program (JSON)"),
                    ("slack", "Slack"),
                    ("teams", "Microsoft Teams"),
                    ("wecom", "WeCom"),
                    ("dingtalk", "DingTalk"),
                    ("feishu", "Feishu (Lark)"),
                ],
                db_default="json",
                default="json",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="language",
            field=models.CharField(
                choices=[("en", "English"), ("zh-hans", "Simplified Chinese")],
                db_default="en",
                default="en",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="secret",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["json", "slack", "teams", "wecom", "dingtalk", "feishu"])),
                name="outbox_endpoint_format_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhookendpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(("format", "json"), ("secret", ""), _negated=True),
                name="outbox_endpoint_json_is_signed",
            ),
        ),
    ]
