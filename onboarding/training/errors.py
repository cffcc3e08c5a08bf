"""Why an exercise, or a twin, cannot be had."""

from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError


class NoTwin(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'ambiente di prova non c'è ancora: lo prepara l'amministratore del Comune."))


class TwinBeingFilled(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'ambiente di prova si sta preparando: aspetta che sia pronto."))


class NotOfStaff(DomainError):
    def __init__(self) -> None:
        super().__init__(_("L'ambiente di prova è per chi lavora nel Comune."))


class NoRulesToPractise(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("Per preparare l'ambiente di prova serve almeno una scuola statale nell'elenco delle scuole del Comune.")
        )
