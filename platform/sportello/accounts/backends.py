"""Django's session backend for accounts: loads the account of a session, of this Comune alone."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from sportello.accounts.models import Account


class AccountBackend(BaseBackend):
    """Sessions only: digital identities and local passwords enter through accounts.entering."""

    def authenticate(  # the arguments are Django's
        self,
        request: HttpRequest | None,
        **credentials: Any,  # noqa: ARG002
    ) -> Account | None:
        return None

    def get_user(self, user_id: int) -> Account | None:
        return Account.objects.filter(pk=user_id, is_active=True).first()
