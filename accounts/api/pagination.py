"""Pages of API lists."""

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination, PageNumberPagination
from rest_framework.request import Request

from accounts.ids import id_of


class PagePagination(PageNumberPagination):
    """`?page=2&page_size=50`; at most 500 rows a page."""

    page_size_query_param = "page_size"
    max_page_size = 500


class NewestFirst(CursorPagination):
    """`?cursor=...&page_size=50`: follows `next` through any number of rows without ever counting them."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 500

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The rows are ordered by id, so a position that is none was not made by us: 404, as for any unknown page."""
        cursor = super().decode_cursor(request)
        if cursor is not None and cursor.position is not None and id_of(str(cursor.position)) is None:
            raise NotFound(_("There is no such page."))
        return cursor


class InOrder(NewestFirst):
    """The same in the order in which rows were made."""

    ordering = "id"
