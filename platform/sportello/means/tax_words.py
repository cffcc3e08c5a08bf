"""What can be wrong with a row of a tax file, in words: what it is, and what to do."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from integrations.tributi.rows import RowVerdict

VERDICTS: dict[RowVerdict, Promise] = {
    RowVerdict.GOOD: _("A posto"),
    RowVerdict.FIX: _("Corretta da sola"),
    RowVerdict.REVIEW: _("Da rivedere"),
    RowVerdict.REJECT: _("Illeggibile"),
    RowVerdict.DUPLICATE: _("Ripetuta"),
}
DEFECTS: dict[str, Promise] = {
    "info_company": _("È di una società: non riguarda le famiglie."),
    "info_overpaid": _("È stato pagato più del dovuto."),
    "trailing_spaces_trimmed": _("Mancano gli spazi in fondo: la riga si legge lo stesso."),
    "tab_in_filler": _("C'è una tabulazione nella parte vuota: la riga si legge lo stesso."),
    "impossible_date": _("La data di pagamento non esiste: verificala con l'ufficio tributi."),
    "cf_check_digit": _("Il codice fiscale non è valido: verificalo con l'ufficio tributi."),
    "abolished_tax": _("Il tributo è abolito: verifica con l'ufficio tributi di quale si tratta."),
    "tax_unknown": _("Il tributo non è nella mappatura."),
    "progressive_conflict": _("Il numero della riga è già di un'altra."),
    "same_progressive": _("La riga è identica a una precedente."),
    "amount_not_numeric": _("Un importo non è un numero."),
    "columns_shifted": _("Le colonne sono spostate: la riga non si può leggere."),
    "too_short": _("La riga è più corta della mappatura."),
}
SUMS: dict[str, Promise] = {"records": _("Righe"), "due": _("Totale dovuto"), "paid": _("Totale pagato")}
