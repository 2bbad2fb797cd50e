"""Pages of API lists."""

from rest_framework.pagination import CursorPagination, PageNumberPagination


class PagePagination(PageNumberPagination):
    """`?page=2&page_size=50`; at most 500 rows a page."""

    page_size_query_param = "page_size"
    max_page_size = 500


class NewestFirst(CursorPagination):
    """`?cursor=...&page_size=50`: follows `next` through any number of rows without ever counting them."""

    ordering = "-id"
    page_size_query_param = "page_size"
    max_page_size = 500


class InOrder(NewestFirst):
    """The same in the order in which rows were made."""

    ordering = "id"
