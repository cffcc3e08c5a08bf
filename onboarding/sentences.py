"""What each defect means and what to do about it, in plain Italian. `%(detail)s` is what the row says."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Sentence(NamedTuple):
    """`what` is wrong, and the remedy; both for a clerk."""

    what: Promise
    remedy: Promise


_CHECK_WITH_FAMILY: Final = _("Controlla il codice con la famiglia, correggilo nel file e ricarica la riga.")
_NOTHING: Final = _("Non serve fare nulla.")
_DONE: Final = _("È già corretto: non serve fare nulla.")
_CORRECT: Final = _("Correggi la cella nel file e ricarica la riga.")
_PAYER: Final = _("Chiedi alla famiglia chi paga, completa la riga e ricaricala.")

SENTENCES: Final[dict[str, Sentence]] = {
    "info_foreign_birth": Sentence(_("Nato all'estero."), _NOTHING),
    "info_omocode": Sentence(_("Codice fiscale omocodico: è valido."), _NOTHING),
    "cf_case_or_space": Sentence(_("Il codice fiscale aveva minuscole o spazi."), _DONE),
    "payer_cf_case_or_space": Sentence(_("Il codice fiscale di chi paga aveva minuscole o spazi."), _DONE),
    "isee_format": Sentence(_("L'ISEE era scritto in un'altra forma."), _DONE),
    "balance_format": Sentence(_("Il saldo era scritto in un'altra forma."), _DONE),
    "birth_date_format": Sentence(_("La data di nascita era scritta in un'altra forma."), _DONE),
    "leading_zeros_lost": Sentence(_("La matricola aveva perso gli zeri iniziali."), _DONE),
    "name_surname_swapped": Sentence(_("Nome e cognome erano scambiati."), _DONE),
    "payer_name_surname_swapped": Sentence(_("Nome e cognome di chi paga erano scambiati."), _DONE),
    "sex_missing": Sentence(_("Il sesso mancava: è quello del codice fiscale."), _DONE),
    "email_invalid": Sentence(
        _("L'indirizzo email non è valido e non viene caricato."), _("Chiedi alla famiglia l'indirizzo giusto.")
    ),
    "phone_leading_zero_lost": Sentence(_("Il telefono aveva perso lo zero iniziale."), _DONE),
    "phone_invalid": Sentence(
        _("Il telefono non è un numero e non viene caricato."), _("Chiedi alla famiglia il numero giusto.")
    ),
    "postal_code_invalid": Sentence(_("Il CAP non ha cinque cifre e non viene caricato."), _("Verifica l'indirizzo.")),
    "cf_missing": Sentence(
        _("Manca il codice fiscale del bambino."), _("Chiedilo alla famiglia, scrivilo nel file e ricarica la riga.")
    ),
    "cf_malformed": Sentence(_("Il codice fiscale del bambino non ha la forma giusta."), _CHECK_WITH_FAMILY),
    "cf_check_digit": Sentence(
        _("Il codice fiscale del bambino ha un errore di battitura: l'ultima lettera non torna."), _CHECK_WITH_FAMILY
    ),
    "provisional_numeric_cf": Sentence(
        _("Il codice fiscale del bambino è quello provvisorio, di sole cifre."),
        _("Chiedi alla famiglia il codice definitivo, scrivilo nel file e ricarica la riga."),
    ),
    "name_missing": Sentence(_("Manca il nome o il cognome del bambino."), _CORRECT),
    "name_vs_cf": Sentence(_("Nome e cognome non corrispondono al codice fiscale."), _CHECK_WITH_FAMILY),
    "sex_vs_cf": Sentence(_("Il sesso non corrisponde al codice fiscale."), _CHECK_WITH_FAMILY),
    "sex_unreadable": Sentence(_("Il sesso non è né F né M."), _CORRECT),
    "birth_date_vs_cf": Sentence(_("La data di nascita non corrisponde al codice fiscale."), _CHECK_WITH_FAMILY),
    "birth_date_in_future": Sentence(_("La data di nascita è nel futuro."), _CORRECT),
    "birth_date_unreadable": Sentence(
        _("La data di nascita manca o non è una data."), _("Scrivila come gg/mm/aaaa e ricarica la riga.")
    ),
    "age_not_plausible": Sentence(_("L'età non è quella di un alunno."), _CORRECT),
    "birthplace_vs_cf": Sentence(_("Il luogo di nascita non corrisponde al codice fiscale."), _CHECK_WITH_FAMILY),
    "legacy_id_missing": Sentence(_("Manca la matricola."), _CORRECT),
    "school_code_unknown": Sentence(
        _("Il plesso «%(detail)s» non è fra le scuole del Comune."),
        _("Scrivi il codice meccanografico del plesso, oppure aggiungi la scuola all'elenco, e ricarica la riga."),
    ),
    "class_missing": Sentence(_("Manca la classe."), _("Chiedila alla scuola, scrivila nel file e ricarica la riga.")),
    "class_unreadable": Sentence(_("La classe «%(detail)s» non è un numero da 1 a 5."), _CORRECT),
    "class_vs_level": Sentence(_("La classe %(detail)s non esiste in quel grado di scuola."), _CORRECT),
    "section_missing": Sentence(
        _("Manca la sezione."), _("Chiedila alla scuola, scrivila nel file e ricarica la riga.")
    ),
    "diet_unknown": Sentence(
        _("La dieta «%(detail)s» non è fra quelle conosciute."),
        _("Verifica il certificato o la richiesta della famiglia: una dieta sbagliata è un pericolo."),
    ),
    "isee_unreadable": Sentence(
        _("L'ISEE «%(detail)s» non si legge con certezza."), _("Scrivilo come 1.234,56 e ricarica la riga.")
    ),
    "balance_missing": Sentence(_("Manca il saldo."), _("Scrivi 0,00 se non c'è né debito né credito.")),
    "balance_unreadable": Sentence(
        _("Il saldo «%(detail)s» non si legge con certezza."), _("Scrivilo come -12,50 e ricarica la riga.")
    ),
    "payer_missing": Sentence(_("Mancano i dati di chi paga."), _PAYER),
    "payer_cf_malformed": Sentence(_("Il codice fiscale di chi paga non ha la forma giusta."), _CHECK_WITH_FAMILY),
    "payer_cf_check_digit": Sentence(
        _("Il codice fiscale di chi paga ha un errore di battitura: l'ultima lettera non torna."), _CHECK_WITH_FAMILY
    ),
    "payer_cf_equals_child_cf": Sentence(_("Il codice fiscale di chi paga è quello del bambino."), _PAYER),
    "payer_provisional_cf": Sentence(
        _("Il codice fiscale di chi paga è quello provvisorio, di sole cifre."), _CHECK_WITH_FAMILY
    ),
    "payer_name_vs_cf": Sentence(
        _("Nome e cognome di chi paga non corrispondono al suo codice fiscale."), _CHECK_WITH_FAMILY
    ),
    "payer_too_young": Sentence(_("Chi paga risulta troppo giovane dal codice fiscale."), _PAYER),
    "text_too_long": Sentence(_("La cella %(detail)s è troppo lunga."), _("Accorciala nel file e ricarica la riga.")),
    "duplicate_conflicting_section": Sentence(
        _("Il bambino è già alla riga %(detail)s, in un'altra sezione."),
        _("Chiedi alla scuola quale sezione è giusta; la riga %(detail)s viene caricata."),
    ),
    "duplicate_conflicting_data": Sentence(
        _("Il bambino è già alla riga %(detail)s, con altri dati."),
        _("Confronta le due righe e tieni quella giusta; la riga %(detail)s viene caricata."),
    ),
    "legacy_id_repeated": Sentence(
        _("La stessa matricola è di due bambini diversi."), _("Verifica a chi appartiene e correggi l'altra.")
    ),
    "duplicate_same_data": Sentence(_("La riga è uguale alla riga %(detail)s."), _NOTHING),
    "unquoted_separator_shifts_columns": Sentence(
        _("La riga ha %(detail)s celle invece di 23: c'è un punto e virgola dentro una cella."),
        _("Toglilo, o metti la cella fra virgolette, e ricarica la riga."),
    ),
    "columns_missing": Sentence(
        _("La riga ha solo %(detail)s celle: le altre mancano."), _("Completa la riga nel file e ricaricala.")
    ),
    "quotes_unbalanced": Sentence(
        _("Le virgolette della riga non si chiudono."), _("Correggile nel file e ricarica la riga.")
    ),
    "control_characters": Sentence(
        _("La riga contiene caratteri invisibili che non sono testo."), _("Riscrivi la riga nel file e ricaricala.")
    ),
}


def told(code: str, detail: str) -> tuple[str, str]:
    """(what is wrong, what to do) for one defect."""
    sentence = SENTENCES[code]
    values = {"detail": detail}
    return str(sentence.what) % values, str(sentence.remedy) % values
