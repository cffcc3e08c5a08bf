"""Why a Comune cannot be exported, taken in again or deleted now: what is in the way, and what to do."""

from collections.abc import Sequence

from sportello.kernel.errors import DomainError, gettext_noop


class ExportUnderWay(DomainError):
    """One package at a time."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Un'esportazione è già in corso: aspetta che finisca."))


class PackageGone(DomainError):
    """The file was deleted when its time was over."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Questo file non c'è più: è scaduto. Chiedi una nuova esportazione."))


class ChecksumDiffers(DomainError):
    """What was typed is not the digest of the package."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("L'impronta non corrisponde: il file che hai non è quello preparato. Scaricalo di nuovo.")
        )


class NotDownloaded(DomainError):
    """Nobody has downloaded what is being confirmed."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Prima scarica il file e calcola la sua impronta sulla copia che hai salvato."))


class PackageRefused(DomainError):
    """The file is not a package of ours, or not whole."""


class NotAPackage(PackageRefused):
    def __init__(self, why: str) -> None:
        super().__init__(gettext_noop("Il file non è un'esportazione di Sportello Scuola: %(why)s."), why=why)


class PackageAltered(PackageRefused):
    def __init__(self, path: str) -> None:
        super().__init__(gettext_noop("Il file %(path)s non ha l'impronta dichiarata: la copia è alterata."), path=path)


class OtherMigrations(PackageRefused):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "L'esportazione viene da un'altra versione del programma: importala in un'installazione della "
                "stessa versione, poi aggiorna."
            )
        )


class SchemaNotEmpty(DomainError):
    def __init__(self, table: str) -> None:
        super().__init__(
            gettext_noop("Lo schema non è vuoto (tabella %(table)s): si importa solo in uno schema nuovo."), table=table
        )


class FilesNotEmpty(DomainError):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop("La cartella dei file di questo schema non è vuota: spostala prima di importare.")
        )


class ImportDiffers(DomainError):
    """What was stored is not what the package holds: nothing is kept."""

    def __init__(self, table: str) -> None:
        super().__init__(
            gettext_noop("La tabella %(table)s, riletta, non è uguale al file: non è stato importato niente."),
            table=table,
        )


class DepartureOpen(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Per questo Comune c'è già un'uscita aperta."))


class NotInThisState(DomainError):
    """Somebody else has been quicker."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("L'uscita non è più in questo stato: guarda com'è adesso."))


class SamePerson(DomainError):
    """Two people: one asks, another approves."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Hai chiesto tu questa uscita: la approva un'altra persona della squadra."))


class NoConfirmedExport(DomainError):
    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Manca un'esportazione completa confermata dal Comune dopo la richiesta: l'amministratore del Comune "
                "la scarica e ne conferma l'impronta."
            )
        )


class TooEarly(DomainError):
    def __init__(self, day: str) -> None:
        super().__init__(gettext_noop("Il periodo di attesa non è finito: si può cancellare dal %(day)s."), day=day)


class OtherName(DomainError):
    def __init__(self, name: str) -> None:
        super().__init__(gettext_noop("Scrivi il nome del Comune esattamente così: %(name)s."), name=name)


class ChangedSinceExport(DomainError):
    """Work went on after the package was made: deleting now would lose it."""

    def __init__(self, tables: Sequence[str]) -> None:
        super().__init__(
            gettext_noop(
                "Dopo l'esportazione confermata il Comune ha ancora lavorato (%(tables)s): non è stato cancellato "
                "niente. Serve una nuova esportazione confermata."
            ),
            tables=", ".join(tables[:5]),
        )


class ReasonMissing(DomainError):
    def __init__(self) -> None:
        super().__init__(gettext_noop("Scrivi il motivo: resta nel registro."))
