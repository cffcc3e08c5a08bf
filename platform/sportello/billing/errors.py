"""What may go wrong with the ledger, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class KeyTakenByAnotherEntry(DomainError):
    """The same idempotency key came twice with different figures: a programming error made visible."""

    def __init__(self, key: str) -> None:
        super().__init__(_("Il movimento %(key)s è già registrato con altri importi."), key=key)


class NotAPayment(DomainError):
    """A payment must be more than nothing and not lie in the future."""


class NothingToCorrect(DomainError):
    """A correction must change something, and says why."""


class MissingReference(DomainError):
    """A payment recorded by hand names the document that proves it."""


class NotAnOpening(DomainError):
    """Only opening balances and corrections of them may be taken out of the ledger."""

    def __init__(self) -> None:
        super().__init__(_("Dai conti si possono togliere soltanto i saldi riportati dall'archivio."))
