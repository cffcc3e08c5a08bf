"""What each defect means and what to do about it, in plain Italian.

`%(detail)s` is what the line says (or the other line, or the difference), `%(field)s` the name of the field.
"""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.judging.labels import label
from onboarding.judging.types import Defect

_CHECK: Final = _("Controlla il codice con la famiglia e correggilo.")
_NOTHING: Final = _("Non serve fare nulla.")
_DONE: Final = _("È già corretto: non serve fare nulla.")
_CORRECT: Final = _("Verifica e scrivi il valore giusto.")
_ASK_SCHOOL: Final = _("Chiedi alla scuola e completa la riga.")
_PAYER: Final = _("Chiedi alla famiglia chi paga e completa la riga.")
_FILE: Final = _("Correggi la riga nel file e ricaricalo.")
_SENDER: Final = _("Chiedi a chi ha mandato il file perché i conti non tornano.")

type Sentence = tuple[Promise, Promise]

_VALID: Final[dict[str, Sentence]] = {
    "info_foreign_birth": (_("Nato all'estero."), _NOTHING),
    "info_omocode": (_("Codice fiscale omocodico: è valido."), _NOTHING),
    "info_company": (_("È una società: il codice ha undici cifre."), _NOTHING),
    "info_overpaid": (_("È stato versato più del dovuto."), _NOTHING),
    "info_one_parent": (_("È indicato un solo genitore."), _NOTHING),
    "info_sum_incomplete": (
        _("La somma di «%(field)s» non si può controllare: in %(detail)s righe l'importo non si legge."), _NOTHING
    ),
}  # fmt: skip
_REPAIRED: Final[dict[str, Sentence]] = {
    "cf_case_or_space": (_("Il codice fiscale aveva minuscole o spazi."), _DONE),
    "payer_cf_case_or_space": (_("Il codice fiscale di chi paga aveva minuscole o spazi."), _DONE),
    "isee_format": (_("L'ISEE era scritto in un'altra forma."), _DONE),
    "balance_format": (_("Il saldo era scritto in un'altra forma."), _DONE),
    "amount_format": (_("L'importo «%(field)s» era scritto in un'altra forma."), _DONE),
    "birth_date_format": (_("La data di nascita era scritta in un'altra forma."), _DONE),
    "two_digit_year": (_("L'anno aveva due cifre."), _DONE),
    "us_date_order": (_("La data era scritta con il mese prima del giorno: lo dice il codice fiscale."), _DONE),
    "excel_serial_date": (_("La data era scritta come numero del foglio di calcolo."), _DONE),
    "leading_zeros_lost": (_("La matricola aveva perso gli zeri iniziali."), _DONE),
    "name_surname_swapped": (_("Nome e cognome erano scambiati."), _DONE),
    "payer_name_surname_swapped": (_("Nome e cognome di chi paga erano scambiati."), _DONE),
    "name_in_one_column": (_("Cognome e nome erano in una sola colonna."), _DONE),
    "payer_name_in_one_column": (_("Cognome e nome di chi paga erano in una sola colonna."), _DONE),
    "compound_name_split_by_cf": (_("Il nome composto è stato diviso secondo il codice fiscale."), _DONE),
    "class_notation": (_("Classe e sezione erano scritte in un'altra forma."), _DONE),
    "sex_missing": (_("Il sesso mancava: è quello del codice fiscale."), _DONE),
    "birth_date_missing": (_("La data di nascita mancava: è quella del codice fiscale."), _DONE),
    "email_invalid": (
        _("L'indirizzo email non è valido e non viene caricato."), _("Chiedi alla famiglia l'indirizzo giusto.")
    ),
    "phone_leading_zero_lost": (_("Il telefono aveva perso lo zero iniziale."), _DONE),
    "phone_format": (_("Il telefono era scritto in un'altra forma."), _DONE),
    "phone_invalid": (
        _("Il telefono non è un numero e non viene caricato."), _("Chiedi alla famiglia il numero giusto.")
    ),
    "postal_code_invalid": (_("Il CAP non ha cinque cifre e non viene caricato."), _("Verifica l'indirizzo.")),
    "mojibake_double_encoding": (_("Le lettere accentate erano state codificate due volte."), _DONE),
    "trailing_spaces_trimmed": (_("La riga aveva perso gli spazi finali."), _DONE),
    "tab_in_filler": (_("Nello spazio vuoto della riga c'era una tabulazione."), _DONE),
    "year_settled": (_("L'anno «%(detail)s» aveva due cifre: lo conferma l'anno scolastico."), _DONE),
    "decided_before": (_("Vale la decisione già presa per «%(field)s»."), _NOTHING),
}  # fmt: skip
_PEOPLE: Final[dict[str, Sentence]] = {
    "cf_missing": (_("Manca il codice fiscale."), _("Chiedilo alla famiglia e scrivilo.")),
    "cf_malformed": (_("Il codice fiscale non ha la forma giusta."), _CHECK),
    "cf_check_digit": (_("Il codice fiscale ha un errore di battitura: l'ultima lettera non torna."), _CHECK),
    "provisional_numeric_cf": (
        _("Il codice fiscale del bambino è quello provvisorio, di sole cifre."),
        _("Chiedi alla famiglia il codice definitivo e scrivilo."),
    ),
    "name_missing": (_("Manca il nome o il cognome."), _CORRECT),
    "name_vs_cf": (_("Nome e cognome non corrispondono al codice fiscale."), _CHECK),
    "name_unreadable": (_("In «%(field)s» ci sono segni che un nome non ha."), _CORRECT),
    "name_split_uncertain": (_("Cognome e nome si possono dividere in più modi."), _("Scrivi quale è il cognome.")),
    "characters_lost": (_("In «%(field)s» delle lettere sono andate perse."), _CORRECT),
    "sex_vs_cf": (_("Il sesso non corrisponde al codice fiscale."), _CHECK),
    "sex_unreadable": (_("Il sesso non è né F né M."), _CORRECT),
    "birth_date_vs_cf": (_("La data di nascita non corrisponde al codice fiscale."), _CHECK),
    "birth_date_in_future": (_("La data di nascita è nel futuro."), _CORRECT),
    "birth_date_unreadable": (_("La data di nascita manca o non è una data."), _CORRECT),
    "age_not_plausible": (_("L'età non è quella di un alunno."), _CORRECT),
    "birthplace_vs_cf": (_("Il luogo di nascita non corrisponde al codice fiscale."), _CHECK),
    "payer_missing": (_("Mancano i dati di chi paga."), _PAYER),
    "payer_cf_malformed": (_("Il codice fiscale di chi paga non ha la forma giusta."), _CHECK),
    "payer_cf_check_digit": (
        _("Il codice fiscale di chi paga ha un errore di battitura: l'ultima lettera non torna."), _CHECK
    ),
    "payer_cf_equals_child_cf": (_("Il codice fiscale di chi paga è quello del bambino."), _PAYER),
    "payer_provisional_cf": (_("Il codice fiscale di chi paga è quello provvisorio, di sole cifre."), _CHECK),
    "payer_name_vs_cf": (_("Nome e cognome di chi paga non corrispondono al suo codice fiscale."), _CHECK),
    "payer_too_young": (_("Chi paga risulta troppo giovane dal codice fiscale."), _PAYER),
    "phone_several": (
        _("Nella casella ci sono più numeri di telefono."), _("Scegli quello da tenere.")
    ),
    "phone_scientific_notation": (
        _("Il foglio di calcolo ha arrotondato il telefono: le ultime cifre sono perse."),
        _("Chiedi alla famiglia il numero giusto."),
    ),
}  # fmt: skip
_PLACED: Final[dict[str, Sentence]] = {
    "legacy_id_missing": (_("Manca la matricola."), _CORRECT),
    "legacy_id_repeated": (
        _("La stessa matricola è di due bambini diversi: l'altro è alla riga %(detail)s."),
        _("Verifica a chi appartiene e correggi l'altra."),
    ),
    "school_missing": (_("Manca il plesso."), _ASK_SCHOOL),
    "school_code_unknown": (
        _("Il plesso «%(detail)s» non è fra le scuole del Comune."),
        _("Scrivi il codice meccanografico del plesso, oppure aggiungi la scuola all'elenco."),
    ),
    "class_missing": (_("Manca la classe."), _ASK_SCHOOL),
    "class_unreadable": (_("La classe «%(detail)s» non si legge con certezza."), _CORRECT),
    "class_vs_level": (_("La classe %(detail)s non esiste in quel grado di scuola."), _CORRECT),
    "section_missing": (_("Manca la sezione."), _ASK_SCHOOL),
    "diet_unknown": (
        _("La dieta «%(detail)s» non è fra quelle conosciute."),
        _("Verifica il certificato o la richiesta della famiglia: una dieta sbagliata è un pericolo."),
    ),
    "text_too_long": (_("«%(field)s» è un testo troppo lungo."), _("Accorcialo.")),
    "free_text_note": (_("C'è una nota: «%(detail)s»."), _("Leggila e decidi che cosa fare della riga.")),
    "text_missing": (_("Manca «%(field)s»."), _CORRECT),
    "id_missing": (_("Manca «%(field)s»."), _CORRECT),
    "id_characters": (_("«%(field)s» ha segni che un identificativo non può avere."), _CORRECT),
}  # fmt: skip
_AMOUNTS: Final[dict[str, Sentence]] = {
    "isee_unreadable": (_("L'ISEE «%(detail)s» non si legge con certezza."), _("Scrivilo come 1.234,56.")),
    "balance_missing": (_("Manca il saldo."), _("Scrivi 0,00 se non c'è né debito né credito.")),
    "balance_unreadable": (_("Il saldo «%(detail)s» non si legge con certezza."), _("Scrivilo come -12,50.")),
    "amount_missing": (_("Manca l'importo «%(field)s»."), _CORRECT),
    "amount_unreadable": (_("L'importo «%(detail)s» non si legge con certezza."), _("Scrivilo come 1.234,56.")),
    "negative_amount": (_("L'importo «%(field)s» è sotto zero."), _CORRECT),
    "amount_below_cent": (_("L'importo «%(detail)s» ha meno di un centesimo."), _CORRECT),
    "count_unreadable": (_("«%(detail)s» non è un numero di pasti."), _CORRECT),
    "row_total_mismatch": (_("Il totale dei pasti (%(detail)s) non è la somma dei mesi."), _CORRECT),
    "items_vs_amount": (_("Le voci non fanno l'importo."), _CORRECT),
    "iban_invalid": (_("L'IBAN non è valido."), _CORRECT),
    "status_unknown": (_("Lo stato «%(detail)s» non è fra quelli conosciuti."), _CORRECT),
    "status_missing": (_("Manca lo stato."), _CORRECT),
    "abolished_tax": (_("Il tributo %(detail)s in quell'anno non esisteva più."), _CORRECT),
    "tax_unknown": (_("Il tributo «%(detail)s» non si riconosce."), _CORRECT),
    "tax_missing": (_("Manca il tributo."), _CORRECT),
    "other_municipality": (_("La riga è di un altro Comune: %(detail)s."), _("Verifica di avere il file giusto.")),
}
_TIMES: Final[dict[str, Sentence]] = {
    "month_unreadable": (_("Il mese «%(detail)s» non si legge."), _CORRECT),
    "month_missing": (_("Manca il mese."), _CORRECT),
    "year_wrong": (_("L'anno «%(detail)s» non può essere giusto."), _CORRECT),
    "year_missing": (_("Manca l'anno."), _CORRECT),
    "trip_unreadable": (_("La corsa «%(detail)s» non è andata, ritorno o entrambe."), _CORRECT),
    "yes_no_unreadable": (_("«%(detail)s» non è né sì né no."), _CORRECT),
    "paid_without_date": (_("Risulta pagato ma manca la data del pagamento."), _CORRECT),
    "date_without_payment": (_("C'è la data del pagamento ma non risulta pagato."), _CORRECT),
    "date_unreadable": (_("«%(field)s» manca o non è una data."), _CORRECT),
    "impossible_date": (_("La data «%(detail)s» non esiste."), _CORRECT),
}
_COMPARED: Final[dict[str, Sentence]] = {
    "duplicate_conflicting_section": (
        _("Il bambino è già alla riga %(detail)s, in un'altra sezione."),
        _("Chiedi alla scuola quale sezione è giusta; la riga %(detail)s viene caricata."),
    ),
    "duplicate_conflicting_data": (
        _("È già alla riga %(detail)s, con altri dati."),
        _("Confronta le due righe e tieni quella giusta; la riga %(detail)s viene caricata."),
    ),
    "duplicate_same_data": (_("La riga è uguale alla riga %(detail)s."), _NOTHING),
    "duplicate_month": (_("Il mese di questo bambino è già alla riga %(detail)s, con gli stessi dati."), _NOTHING),
    "same_progressive": (_("Il numero progressivo è già alla riga %(detail)s, con gli stessi dati."), _NOTHING),
    "duplicate_id": (_("L'identificativo è già alla riga %(detail)s, con gli stessi dati."), _NOTHING),
}
_UNREAD: Final[dict[str, Sentence]] = {
    "unquoted_separator_shifts_columns": (
        _("La riga ha %(detail)s celle, più delle colonne: c'è un separatore dentro una cella."),
        _("Toglilo, o metti la cella fra virgolette, e ricarica il file."),
    ),
    "separator_in_note": (
        _("La riga ha %(detail)s celle, più delle colonne: c'è un separatore dentro la nota."),
        _("Toglilo, o metti la nota fra virgolette, e ricarica il file."),
    ),
    "columns_missing": (_("La riga finisce prima delle sue colonne."), _FILE),
    "columns_shifted": (_("Le colonne della riga sono spostate: mancano o avanzano dei caratteri."), _FILE),
    "amount_not_numeric": (_("Nell'importo «%(field)s» ci sono segni che non sono cifre."), _FILE),
    "quotes_unbalanced": (_("Le virgolette della riga non si chiudono."), _FILE),
    "control_characters": (_("La riga contiene caratteri invisibili che non sono testo."), _FILE),
    "line_too_long": (_("La riga è troppo lunga per essere una riga di dati."), _FILE),
    "undecodable_bytes": (_("La riga contiene caratteri che non si leggono."), _FILE),
    "record_type_unknown": (_("Il tipo di riga non è fra quelli del tracciato."), _FILE),
}
_NO_DATA: Final[dict[str, Sentence]] = {
    "preamble": (_("Riga prima delle intestazioni."), _NOTHING),
    "blank": (_("Riga vuota."), _NOTHING),
    "header": (_("Intestazioni."), _NOTHING),
    "repeated_header": (_("Intestazioni ripetute."), _NOTHING),
    "header_record": (_("Riga di testa del tracciato."), _NOTHING),
    "page_text": (_("Testo di stampa, senza dati."), _NOTHING),
    "continuation": (_("Continua la cella della riga precedente."), _NOTHING),
    "total_row": (_("Riga di totali."), _NOTHING),
    "total_row_off_by": (_("Il totale di «%(field)s» non torna: la differenza è %(detail)s."), _SENDER),
    "trailer": (_("Riga di coda: i totali tornano."), _NOTHING),
    "tail_total_off_by": (_("Il totale dichiarato di «%(field)s» non torna: la differenza è %(detail)s."), _SENDER),
    "tail_count_off_by": (_("Il numero di righe dichiarato non torna: la differenza è %(detail)s."), _SENDER),
    "control_unreadable": (_("Un totale della riga di coda non si legge."), _SENDER),
}
SENTENCES: Final[dict[str, Sentence]] = (
    _VALID | _REPAIRED | _PEOPLE | _PLACED | _AMOUNTS | _TIMES | _COMPARED | _UNREAD | _NO_DATA
)


def told(defect: Defect) -> tuple[str, str]:
    """(what is wrong, what to do) for one defect, in the reader's language."""
    what, remedy = SENTENCES[defect.code]
    values = {"detail": defect.detail, "field": label(defect.field)}
    return str(what) % values, str(remedy) % values
