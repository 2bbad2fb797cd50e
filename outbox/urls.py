"""Addresses of the pages of `outbox`."""

from django.urls import path

from outbox.views import webhooks

app_name = "outbox"
urlpatterns = [
    path("settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("settings/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("settings/webhooks/<int:pk>/test/", webhooks.test, name="test_webhook"),
    path("settings/webhooks/<int:pk>/switch/", webhooks.switch, name="switch_webhook"),
    path("settings/webhooks/<int:pk>/secret/", webhooks.rotate, name="rotate_secret"),
    path("settings/webhooks/<int:pk>/chat/", webhooks.change_chat, name="change_chat"),
    path("settings/webhooks/<int:pk>/delete/", webhooks.delete, name="delete_webhook"),
    path("settings/webhooks/deliveries/<int:pk>/resend/", webhooks.resend, name="resend"),
]
