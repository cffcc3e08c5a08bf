"""What the demonstration provider keeps: its keys and the sessions it has opened. In `public`, in the demo alone."""

from typing import ClassVar

from django.db import models


class ProviderKey(models.Model):
    """The key with which the provider of a scheme signs."""

    scheme = models.CharField(max_length=8, unique=True)
    certificate = models.TextField()
    sealed_key = models.BinaryField()

    def __str__(self) -> str:
        return self.scheme


class IssuedIdentity(models.Model):
    """Somebody invented entered somewhere: what the provider must know to end that session."""

    scheme = models.CharField(max_length=8)
    name_id = models.CharField(max_length=64, unique=True)
    audience = models.CharField(max_length=255)
    person = models.CharField(max_length=160)
    issued_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-issued_at"]

    def __str__(self) -> str:
        return self.name_id[:12]
