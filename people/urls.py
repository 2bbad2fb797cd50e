"""Addresses of the pages of `people`."""

from django.urls import path

from people.views import acts, people, person, without_sign_in

app_name = "people"
urlpatterns = [
    path("settings/people/", people.people, name="list"),
    path("settings/people/new/", people.new_person, name="new"),
    path("settings/people/<int:pk>/", person.person, name="person"),
    path("settings/people/<int:pk>/deactivate/", acts.deactivate, name="deactivate"),
    path("settings/people/<int:pk>/reactivate/", acts.reactivate, name="reactivate"),
    path("settings/people/<int:pk>/password/", acts.password, name="password"),
    path("settings/people/<int:pk>/link/", acts.link, name="link"),
    path("password/forgotten/", without_sign_in.forgotten, name="forgotten"),
    path("password/<str:token>/", without_sign_in.password_link, name="password_link"),
]
