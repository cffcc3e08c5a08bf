"""What may go wrong with money kept aside, in sentences for people."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class AlreadyEnded(DomainError):
    """Somebody has said before what became of it."""

    def __init__(self) -> None:
        super().__init__(_("Di questa somma è già stato deciso: ricarica la pagina per vedere come."))


class NoteMissing(DomainError):
    """Who ends a task says what was done."""

    def __init__(self) -> None:
        super().__init__(_("Scrivi che cosa è stato fatto, per esempio il numero del mandato di pagamento."))
