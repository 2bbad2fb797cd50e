"""Addresses of the pages of `accounts`."""

from django.urls import path

from accounts.views import api_keys, profile, session

app_name = "accounts"
urlpatterns = [
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("language/", session.switch_language, name="language"),
    path("profile/", profile.profile, name="profile"),
    path("settings/api-keys/", api_keys.api_keys, name="api_keys"),
    path("settings/api-keys/<int:pk>/revoke/", api_keys.revoke, name="revoke_api_key"),
]
