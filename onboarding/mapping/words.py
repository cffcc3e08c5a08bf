"""Fields and readings in the words of the office."""

from typing import Final

from sportello.kernel.errors import gettext_noop as _

LABELS: Final = {
    "child_fiscal_code": _("codice fiscale del bambino"),
    "child_surname": _("cognome del bambino"),
    "child_given_name": _("nome del bambino"),
    "child_name": _("cognome e nome del bambino"),
    "sex": _("sesso"),
    "birth_date": _("data di nascita"),
    "birth_place": _("luogo di nascita"),
    "birth_province": _("provincia di nascita"),
    "street": _("via"),
    "house_number": _("numero civico"),
    "address": _("indirizzo"),
    "cap": _("CAP"),
    "residence": _("Comune di residenza"),
    "school_code": _("scuola"),
    "class_year": _("anno di classe"),
    "section": _("sezione"),
    "class_and_section": _("classe e sezione"),
    "legacy_id": _("numero nel vecchio programma"),
    "line_number": _("numero di riga"),
    "note": _("note"),
    "payer_fiscal_code": _("codice fiscale di chi paga"),
    "payer_surname": _("cognome di chi paga"),
    "payer_given_name": _("nome di chi paga"),
    "payer_name": _("cognome e nome di chi paga"),
    "father_name": _("padre"),
    "mother_name": _("madre"),
    "phone": _("telefono"),
    "email": _("posta elettronica"),
    "diet": _("dieta"),
    "isee": _("ISEE"),
    "balance": _("saldo"),
    "meals": _("pasti del mese"),
    "meals_total": _("pasti in tutto"),
    "route": _("linea"),
    "stop": _("fermata"),
    "month": _("mese"),
    "year": _("anno"),
    "trip": _("tipo di corsa"),
    "amount": _("importo"),
    "paid": _("pagato"),
    "paid_on": _("data del pagamento"),
    "fiscal_code": _("codice fiscale del contribuente"),
    "surname_or_name": _("cognome o denominazione"),
    "given_name": _("nome"),
    "tax": _("tributo"),
    "due": _("importo dovuto"),
    "last_payment": _("ultimo pagamento"),
    "instalments": _("rateizzazione"),
    "municipality": _("Comune"),
    "creditor": _("creditore"),
    "debt_type": _("tipo di debito"),
    "debtor_fiscal_codes": _("codici fiscali dei debitori"),
    "debt_id": _("numero del debito"),
    "payment_id": _("numero del pagamento"),
    "due_on": _("scadenza"),
    "valid_from": _("valido da"),
    "valid_until": _("valido fino a"),
    "reason": _("causale"),
    "status": _("stato del pagamento"),
    "items": _("voci"),
    "iban": _("IBAN"),
    "value_date": _("data valuta"),
    "channel": _("canale"),
    "paid_through_node": _("pagato con pagoPA"),
    "entry_id": _("numero della bolletta"),
    "booked_on": _("data contabile"),
}
NEEDED: Final[dict[str, tuple[tuple[str, ...], ...]]] = {
    "roster": (("child_fiscal_code",),),
    "transport": (("child_fiscal_code",), ("month",)),
    "taxes": (("fiscal_code",), ("tax",)),
    "debts": (("debt_id",),),
    "treasury": (("entry_id",),),
}
"""For each kind, what some column must tell: one field of each group."""
SEVERAL: Final = frozenset({"meals", "note"})
"""Fields that several columns may give rise to."""


def field_label(field: str) -> str:
    """What the office calls a field: a marked sentence, to be told in the reader's language."""
    return LABELS.get(field, field)
