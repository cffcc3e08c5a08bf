"""Filters of the decisions on prices."""

from typing import Any

from django import forms
from django.db.models import F, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from services_catalog.service_choice import ServiceChoice
from sportello.fees.reasons import SENTENCES, UNDECIDED
from sportello.ui.listing import FilterForm

CHANGES = {
    "prima": Q(before_cents=None),
    "sale": Q(ends=False, unit_price_cents__gt=F("before_cents")),
    "scende": Q(ends=False, unit_price_cents__lt=F("before_cents")),
    "uguale": Q(ends=False, unit_price_cents=F("before_cents")),
    "cessa": Q(ends=True),
}
"""What a decision does to the price: the words of the address, and the rows."""


class DecisionFilters(FilterForm):
    """Which decisions: of whom, of which service, for which reason, with which effect."""

    cerca = forms.CharField(label=_("Cognome o nome"), max_length=60)
    servizio = ServiceChoice(
        label=_("Servizio"), queryset=Service.objects.order_by("name"), to_field_name="code", empty_label=_("Tutti")
    )
    motivo = forms.ChoiceField(
        label=_("Motivo"),
        choices=[("", _("Tutti")), *((code, _(text)) for code, text in SENTENCES.items() if code != UNDECIDED)],
    )
    importo = forms.ChoiceField(
        label=_("Importo"),
        choices=[
            ("", _("Tutti")),
            ("prima", _("Prima decisione")),
            ("sale", _("Aumenta")),
            ("scende", _("Diminuisce")),
            ("uguale", _("Non cambia")),
            ("cessa", _("Cessa")),
        ],
    )

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        values: dict[str, Any] = self.cleaned_data
        if self.is_set("cerca"):
            for word in values["cerca"].split():
                rows = rows.filter(Q(child__family_name__istartswith=word) | Q(child__given_name__istartswith=word))
        if self.is_set("servizio"):
            rows = rows.filter(service=values["servizio"])
        if self.is_set("motivo"):
            rows = rows.filter(reasons__contains=[values["motivo"]])
        if self.is_set("importo"):
            rows = rows.filter(CHANGES[values["importo"]])
        return rows
