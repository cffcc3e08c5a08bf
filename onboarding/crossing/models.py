"""The codes with which somebody who has entered one desk enters another."""

from typing import ClassVar

from django.db import models

from sportello.accounts.models import Account


class Passage(models.Model):
    """A code given to an account of this schema, for the schema `towards`: good once and for a minute.

    Only digests are kept: of the code, and of what the browser holds on the other host.
    """

    code_digest = models.CharField(max_length=64, unique=True)
    nonce_digest = models.CharField(max_length=64)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    towards = models.CharField(max_length=63)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["expires_at", "id"]

    def __str__(self) -> str:
        return f"{self.account_id} {self.expires_at}"
