"""Addresses of the pages of `accounts`."""

from django.urls import path

from accounts.views import profile, session

app_name = "accounts"
urlpatterns = [
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("language/", session.switch_language, name="language"),
    path("profile/", profile.profile, name="profile"),
]
