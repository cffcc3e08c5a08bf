"""Paging of the API: `limit` (at most 200) and `offset`."""

from rest_framework.pagination import LimitOffsetPagination


class Paging(LimitOffsetPagination):
    """Fifty rows unless told."""

    default_limit = 50
    max_limit = 200
