"""The certificate of a deletion: what was deleted, when, who asked and approved, under which law, what remains."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation

from onboarding.leaving.models import Departure
from sportello.accounts.models import Account
from sportello.kernel.clock import ROME
from sportello.ui.pdf import render_pdf
from sportello.ui.templatetags.ui import it_date, thousands
from tenants.current import PUBLIC

LAW = (
    "Regolamento (UE) 2016/679 (GDPR), articolo 28, paragrafo 3, lettera g): al termine della prestazione il "
    "responsabile restituisce tutti i dati personali al titolare e ne cancella le copie esistenti."
)


def certificate_pdf(departure: Departure, *, now: datetime) -> bytes:
    """The document as PDF/A-3a, in Italian whatever the language of who pressed the button. Same data, same bytes."""
    with translation.override("it"):
        return render_pdf("deletion.typ", _data(departure), made_at=now, standard="a-3a")


def _data(departure: Departure) -> dict[str, Any]:
    return {
        "title": f"Certificato di cancellazione dei dati del Comune di {departure.name}",
        "organization": settings.SAML_AGGREGATOR["name"],
        "footer": f"Certificato {departure.public_id}",
        "lang": "it",
        "statement": (
            f"Si certifica che i dati trattati con Sportello Scuola per conto del Comune di {departure.name} "
            f"sono stati restituiti e cancellati. La cancellazione si è conclusa il {_moment(departure.deleted_at)}."
        ),
        "law_heading": "Fondamento",
        "law": LAW,
        **_asked(departure),
        **_returned(departure),
        **_deleted(departure),
        **_remains(departure),
    }


def _asked(departure: Departure) -> dict[str, Any]:
    return {
        "facts": [
            ["Comune (titolare)", f"{departure.name}, ISTAT {departure.istat_code}, {departure.belfiore_code}"],
            ["Atto", departure.act],
            ["Chiesta da", _who(departure.requested_by, departure.requested_at)],
            ["Approvata da", _who(departure.approved_by, departure.approved_at)],
            ["Avviata da", _who(departure.begun_by, departure.begun_at)],
        ],
    }


def _returned(departure: Departure) -> dict[str, Any]:
    return {
        "returned_heading": "Che cosa è stato restituito",
        "returned": [
            ["Esportazione completa", f"SHA-256 {_parted(departure.export_sha256)}"],
            ["Confermata dal Comune", f"{departure.export_confirmed_by}, {_moment(departure.export_confirmed_at)}"],
            [
                "Confronto",
                "ogni tabella e ogni file, riletti prima di cancellare, erano nell'esportazione",
            ],
        ],
    }


def _deleted(departure: Departure) -> dict[str, Any]:
    held = departure.inventory
    files, twin = held["files"], held.get("twin")
    own = [table for table in held["tables"] if not _is_public(table)]
    rows = sum(table["rows"] for table in own)
    shared = sum(table["rows"] for table in held["tables"] if _is_public(table))
    return {
        "deleted_heading": "Che cosa è stato cancellato",
        "deleted": [
            ["Schema della banca dati", departure.schema_name],
            ["Tabelle e righe", f"{len(own)} tabelle, {thousands(rows)} righe"],
            ["Righe nelle tabelle comuni", f"{thousands(shared)}: valutazioni, piano, quadro, letture degli archivi"],
            ["Ambiente di prova", f"{twin}, con dati inventati" if twin else "nessuno"],
            ["File", f"{thousands(files['count'])} file, {thousands(files['bytes'])} byte"],
            ["Impronta dell'elenco dei file", _parted(files["sha256"])],
            ["Indirizzi chiusi", ", ".join(held["hosts"]) or "nessuno"],
            ["Enti SPID e CIE con le loro chiavi", ", ".join(held["entities"]) or "nessuno"],
            ["Memoria veloce", "tutte le chiavi del Comune"],
        ],
        "tables_heading": "Tabelle cancellate",
        "tables_head": ["Tabella", "Righe", "SHA-256 del contenuto"],
        "tables": [[_named(table), thousands(table["rows"]), _short(table["sha256"])] for table in held["tables"]],
        "tables_note": "Le prime 16 cifre dell'impronta; quella intera è nel file datapackage.json dell'esportazione.",
    }


def _remains(departure: Departure) -> dict[str, Any]:
    return {
        "remains_heading": "Che cosa rimane",
        "remains": [
            [
                "Copie di sicurezza",
                f"fino al {it_date(departure.backups_until)}, poi sovrascritte; non si ripristinano",
            ],
            ["Fatti pubblici", "nome e codici del Comune, con il giorno dell'uscita"],
            ["Registro della squadra centrale", "chi ha chiesto, approvato e avviato, e questo certificato"],
            ["Registro SAML", "24 mesi, sigillato (DPCM 24 ottobre 2014, art. 13, comma 2)"],
        ],
    }


def _who(account: Account | None, at: datetime | None) -> str:
    return "—" if account is None else f"{account.full_name}, {_moment(at)}"


def _moment(at: datetime | None) -> str:
    return "—" if at is None else f"{at.astimezone(ROME):%d/%m/%Y, ore %H:%M}"


def _parted(digest: str) -> str:
    """In groups of eight, so that the line may break."""
    return " ".join(digest[place : place + 8] for place in range(0, len(digest), 8))


def _is_public(table: dict[str, Any]) -> bool:
    return bool(table.get("schema") == PUBLIC)


def _named(table: dict[str, Any]) -> str:
    """A table of all Comuni, of which only the rows of this one went, says so."""
    return f"{table['name']} (comune a tutti: le sue righe)" if _is_public(table) else str(table["name"])


def _short(digest: str) -> str:
    return digest[:16]
