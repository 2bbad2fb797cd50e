"""People in the API: those whom the caller administers."""

from functools import partial
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api.idempotency import KEY_PARAMETER, Once
from accounts.api.permissions import RolePermits, caller_of
from accounts.api.versions import ETAG, IF_MATCH, TaggedRetrieve, edit_matching, tagged
from accounts.errors import NotAllowed
from accounts.models import ApiKey, Role, User
from accounts.roles import MANAGE_STAFF
from accounts.services.idempotency import Answer
from people.api.serializers import (
    MadeLinkSerializer,
    NewPersonSerializer,
    PersonChangeSerializer,
    PersonSerializer,
)
from people.selectors.people import people_for
from people.services.activity import deactivate_person, reactivate_person
from people.services.links import give_password_link
from people.services.people import change_person, create_person
from people.versions import PERSON


class PersonViewSet(TaggedRetrieve, ListModelMixin, RetrieveModelMixin, GenericViewSet[User]):
    """Who may sign in. Nobody is deleted: who leaves is deactivated."""

    versioned = PERSON
    serializer_class = PersonSerializer
    permission_classes = (RolePermits,)
    permissions_by_method: ClassVar[dict[str, str]] = {
        "GET": MANAGE_STAFF, "POST": MANAGE_STAFF, "PATCH": MANAGE_STAFF,
    }  # fmt: skip
    filterset_fields: ClassVar[list[str]] = ["username", "role", "is_active"]
    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[User]:
        return people_for(self.request.user) if isinstance(self.request.user, User) else User.objects.none()

    @extend_schema(request=NewPersonSerializer, responses={201: PersonSerializer}, parameters=[KEY_PARAMETER])
    def create(self, request: Request) -> Response:
        """Adds somebody; ask for a password link next. A user name that exists is refused."""
        wanted = NewPersonSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        _require_person(request, wanted.validated_data)
        once = Once(request)

        def act() -> Answer:
            person = create_person(**wanted.validated_data, actor=once.user, now=once.now)
            return Answer(status.HTTP_201_CREATED, PersonSerializer(person).data)

        return once.answer(act)

    @extend_schema(request=PersonChangeSerializer, responses=PersonSerializer, parameters=[IF_MATCH, ETAG])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Changes the given fields; the same change again changes nothing."""
        person = self.get_object()
        wanted = PersonChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        _require_person(request, wanted.validated_data, person)
        change = partial(
            change_person, person_id=person.pk, changes=wanted.validated_data, actor=caller_of(request),
            now=timezone.now(),
        )  # fmt: skip
        changed = edit_matching(request, PERSON, person.pk, change)
        return tagged(Response(PersonSerializer(changed.person).data), PERSON, person.pk)

    @extend_schema(request=None, responses=PersonSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def deactivate(self, request: Request, pk: str) -> Response:
        """Signs the person out everywhere at once and revokes their API keys. A repeat changes nothing."""
        person, once = self.get_object(), Once(request)
        _require_person(request, {}, person)

        def act() -> Answer:
            left = deactivate_person(person_id=person.pk, actor=once.user, now=once.now)
            return Answer(status.HTTP_200_OK, PersonSerializer(left.person).data)

        return once.answer(act)

    @extend_schema(request=None, responses=PersonSerializer, parameters=[KEY_PARAMETER])
    @action(detail=True, methods=["post"])
    def reactivate(self, request: Request, pk: str) -> Response:
        """Lets the person work again, once they have set a new password by a link."""
        person, once = self.get_object(), Once(request)
        _require_person(request, {}, person)

        def act() -> Answer:
            found = reactivate_person(person_id=person.pk, actor=once.user, now=once.now)
            return Answer(status.HTTP_200_OK, PersonSerializer(found).data)

        return once.answer(act)

    @extend_schema(request=None, responses={201: MadeLinkSerializer})
    @action(detail=True, methods=["post"], url_path="password-link")
    def password_link(self, request: Request, pk: str) -> Response:
        """Makes a link with which the person sets a password; links made before end. Only a signed-in person can."""
        person = self.get_object()
        if isinstance(request.auth, ApiKey):
            raise NotAllowed(_("An API key cannot make password links. Sign in to make one."))
        made = give_password_link(person_id=person.pk, actor=caller_of(request), now=timezone.now())
        return Response(MadeLinkSerializer(made).data, status=status.HTTP_201_CREATED)


def _require_person(request: Request, values: dict[str, Any], person: User | None = None) -> None:
    """Whoever found an API key could otherwise make a way in that outlives the key: an administrator of their own, or
    another address to which links for a new password go. Raises NotAllowed."""
    if not isinstance(request.auth, ApiKey):
        return
    if Role.ADMINISTRATOR in (values.get("role"), person.role if person else None):
        raise NotAllowed(_("An API key cannot make or change administrators. Sign in to do it."))
    if person is not None and values.get("email", person.email) != person.email:
        raise NotAllowed(_("An API key cannot change the e-mail of a person, where their links go. Sign in to do it."))
