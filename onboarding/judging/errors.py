"""Why a mapping cannot be followed."""

from collections.abc import Sequence

from sportello.kernel.errors import DomainError, gettext_noop


class MappingRefused(DomainError):
    """The mapping does not say how to read the file."""


class FieldOfOtherKind(MappingRefused):
    """A column is mapped to a field that this kind of export does not have."""

    def __init__(self, kind: str, fields: Sequence[str]) -> None:
        super().__init__(
            gettext_noop("La mappatura usa campi che un file di tipo «%(kind)s» non ha: %(fields)s."),
            kind=kind,
            fields=", ".join(fields),
        )


class NothingToRead(MappingRefused):
    """No column of the file has a field."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("La mappatura non dice di nessuna colonna che cosa contiene: indicane almeno una.")
        )


class WidthMissing(MappingRefused):
    """A column of a file of fixed width has no width."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("In un tracciato a larghezza fissa ogni colonna deve avere la sua larghezza."))
