"""Why a file cannot be read at all, or a load cannot go on: what, where, and what to do."""

from collections.abc import Sequence

from sportello.kernel.errors import DomainError, gettext_noop, told


class SourceError(DomainError):
    """The file cannot be read. It is kept as it came."""


class EmptyFile(SourceError):
    """No header."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Il file è vuoto. Riesporta l'elenco dal programma precedente, con la riga delle intestazioni."
            )
        )


class NoRows(SourceError):
    """A header and nothing else."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Il file ha le intestazioni ma nessuna riga. Riesporta l'elenco con le righe dei bambini.")
        )


class WrongSeparator(SourceError):
    """Cells are parted by something else than a semicolon."""

    def __init__(self, found: str) -> None:
        super().__init__(
            gettext_noop(
                "Riga 1: le colonne sono separate da %(found)s. Salva il file come CSV con il punto e virgola."
            ),
            found=told(found, {}),
        )


class ColumnsMissing(SourceError):
    """The header lacks columns."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            gettext_noop("Riga 1: mancano le colonne %(names)s. Controlla di aver scelto l'esportazione della mensa."),
            names=", ".join(names),
        )


class ColumnsUnknown(SourceError):
    """The header has columns that the form does not know."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            gettext_noop("Riga 1: non conosco le colonne %(names)s. Toglile dal file, oppure correggine il nome."),
            names=", ".join(name[:40] for name in names[:5]),
        )


class ColumnsRepeated(SourceError):
    """A column stands twice in the header."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            gettext_noop("Riga 1: le colonne %(names)s compaiono due volte. Togli quelle di troppo."),
            names=", ".join(names),
        )


class NotText(SourceError):
    """A spreadsheet, a compressed or another binary file."""

    def __init__(self, kind: str, remedy: str) -> None:
        super().__init__(
            gettext_noop("Il file non è un testo: sembra %(kind)s. %(remedy)s"),
            kind=told(kind, {}),
            remedy=told(remedy, {}),
        )


class EncryptedWorkbook(SourceError):
    """A spreadsheet under a password."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Il foglio di calcolo è protetto da una password. "
                "Aprilo, salvane una copia senza password e carica quella."
            )
        )


class UnreadableWorkbook(SourceError):
    """A spreadsheet that does not open."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Il foglio di calcolo non si apre: è rovinato, o protetto da una password. "
                "Aprilo, salvalo di nuovo come xlsx senza password e carica quello."
            )
        )


class WorkbookTooLarge(SourceError):
    """A spreadsheet that unpacks to more than a table of pupils can be."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Il foglio di calcolo, una volta aperto, è troppo grande. Copia la sola tabella in un foglio nuovo, "
                "salvala come CSV e carica quello."
            )
        )


class SheetMissing(SourceError):
    """The mapping names a sheet that the workbook does not have."""

    def __init__(self, *, wanted: str, found: Sequence[str]) -> None:
        super().__init__(
            gettext_noop("Nel file non c'è il foglio «%(wanted)s»: ci sono %(found)s. Scegline uno nella mappatura."),
            wanted=wanted,
            found=", ".join(name[:40] for name in found[:5]),
        )


class UnreadableCharacter(SourceError):
    """A byte that neither UTF-8 nor Windows-1252 knows."""

    def __init__(self, *, line: int, byte: int) -> None:
        super().__init__(
            gettext_noop(
                "Riga %(line)s: c'è un carattere che non si legge (byte %(byte)s). "
                "Salva il file come CSV UTF-8 e caricalo di nuovo."
            ),
            line=line,
            byte=f"0x{byte:02X}",
        )


class LineTooLong(SourceError):
    """A line that no row of the form can have: probably the line endings are lost."""

    def __init__(self, line: int) -> None:
        super().__init__(
            gettext_noop("Riga %(line)s: la riga è lunghissima. Controlla che il file vada a capo dopo ogni bambino."),
            line=line,
        )


class FileTooLarge(SourceError):
    """More bytes than the desk accepts."""

    def __init__(self, limit: int) -> None:
        super().__init__(
            gettext_noop("Il file supera %(limit)s MB. Dividilo in più file, ognuno con la riga delle intestazioni."),
            limit=limit // (1024 * 1024),
        )


class FileAlteredOnDisk(SourceError):
    """The kept file is no longer the one that was uploaded."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Il file conservato non è più quello caricato. Caricalo di nuovo."))


class FileGone(SourceError):
    """The kept file is no longer on the disk."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Il file conservato non si trova più. Caricalo di nuovo."))


class LoadNotReady(DomainError):
    """Only a checked load can be committed."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Questo elenco non è pronto: prima va controllato."))


class NothingToCommit(DomainError):
    """No row is good."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Nessuna riga si può caricare: correggi gli errori e carica di nuovo il file."))


class TotalsDiffer(DomainError):
    """The ledger does not hold what the file says: nothing is committed."""

    def __init__(self, *, file: str, ledger: str) -> None:
        super().__init__(
            gettext_noop(
                "I saldi non tornano: nel file %(file)s, nei conti %(ledger)s. Non è stato caricato niente: "
                "chiama l'assistenza."
            ),
            file=file,
            ledger=ledger,
        )


class KindNotCommitted(DomainError):
    """Exports of this kind can only be checked: no room keeps what they tell."""

    def __init__(self) -> None:
        super().__init__(gettext_noop("Questo tipo di file si può solo controllare: non c'è ancora dove registrarlo."))


class NoBusService(DomainError):
    """The Comune offers no school bus: nobody can have a place in it."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop(
                "Questo Comune non offre il trasporto scolastico nello sportello: pubblica prima le regole del "
                "servizio, poi carica il file."
            )
        )


class ComuneAtWork(DomainError):
    """Another load of the Comune is being written or undone."""

    def __init__(self, file_name: str) -> None:
        super().__init__(
            gettext_noop("In questo momento si sta lavorando su «%(file)s». Riprova quando ha finito."), file=file_name
        )


class ChangedSince(DomainError):
    """Undo would throw away what somebody did after the load: nothing is undone."""

    def __init__(self, count: int) -> None:
        super().__init__(
            gettext_noop(
                "Il caricamento non è stato annullato: dopo, %(count)s dati sono stati cambiati o usati. "
                "Li trovi elencati nella pagina del caricamento."
            ),
            count=count,
        )
        self.count = count


class MappingNotDraft(DomainError):
    """A confirmed mapping never changes."""

    def __init__(self) -> None:
        super().__init__(
            gettext_noop("Queste colonne sono già confermate. Per leggerle in un altro modo, riaprile dal caricamento.")
        )


class MappingIncomplete(DomainError):
    """The mapping names no field by which a row is known."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            gettext_noop("Nessuna colonna dice %(names)s: senza, le righe non si possono riconoscere."),
            names=", ".join(told(name, {}) for name in names),
        )


class DecisionNotAllowed(DomainError):
    """The decision would bypass a rule, or leaves the row without a value."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
