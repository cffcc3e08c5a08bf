"""Forms of the office that decides on applications."""

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from services_catalog.service_choice import ServiceChoice
from sportello.kernel import clock
from sportello.ui.listing import FilterForm

# The sentence the family keeps, in Italian whatever the clerk's language, and what the clerk picks it by.
REASONS = [
    ("", _("Scegli un motivo")),
    ("Il bambino non frequenta una scuola servita.", _("Scuola non servita")),
    ("Il bambino è già iscritto al servizio.", _("Già iscritto")),
    ("I documenti richiesti non sono arrivati entro il termine.", _("Documenti mancanti")),
    ("La domanda è stata presentata da chi non può agire per il bambino.", _("Richiedente non abilitato")),
]
COMPLETIONS = [
    ("", _("Scegli una richiesta")),
    ("Carica il certificato medico per la dieta speciale.", _("Certificato medico")),
    ("Indica il numero di protocollo della DSU dell'ISEE.", _("Protocollo DSU")),
    ("Conferma la scuola e la classe del bambino.", _("Scuola e classe")),
]


class QueueFilters(FilterForm):
    """Filters of the queue of applications."""

    cerca = forms.CharField(label=_("Protocollo o cognome"), max_length=60)
    servizio = ServiceChoice(
        label=_("Servizio"), queryset=Service.objects.order_by("name"), to_field_name="code", empty_label=_("Tutti")
    )
    scadenza = forms.ChoiceField(
        label=_("Scadenza"),
        choices=[("", _("Tutte")), ("scadute", _("Scadute")), ("7", _("Entro 7 giorni")), ("30", _("Entro 30 giorni"))],
    )

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        values: dict[str, Any] = self.cleaned_data
        if self.is_set("cerca"):
            rows = rows.filter(_matches(values["cerca"]))
        if self.is_set("servizio"):
            rows = rows.filter(service=values["servizio"])
        if self.is_set("scadenza"):
            today = clock.today()
            late = values["scadenza"] == "scadute"
            rows = rows.filter(answer_by__lt=today if late else today + timedelta(days=int(values["scadenza"]) + 1))
        return rows


def _matches(words: str) -> Q:
    number = words.partition("/")[0].strip()
    if number.isascii() and number.isdigit() and len(number) < 10:
        return Q(protocol__number=int(number))
    return Q(child__family_name__istartswith=words.strip()) | Q(child__given_name__istartswith=words.strip())


class RejectForm(forms.Form):
    """Why an application is rejected: a sentence the family will read, picked or written; one of the two is needed."""

    hides_optional = True
    template = forms.ChoiceField(
        label=_("Motivo"), choices=REASONS, required=False, help_text=_("Scegli un motivo o scrivilo.")
    )
    reason = forms.CharField(
        label=_("Spiegazione per la famiglia"),
        help_text=_("Aggiungi particolari, o scrivi tu il motivo."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        sentence = " ".join(part for part in (values.get("template"), values.get("reason")) if part).strip()
        if not sentence:
            self.add_error("template", _("Scegli un motivo oppure scrivilo: la famiglia deve poterlo leggere."))
        values["sentence"] = sentence
        return values


class CompletionForm(RejectForm):
    """What the family has to add."""

    template = forms.ChoiceField(
        label=_("Che cosa manca"),
        choices=COMPLETIONS,
        required=False,
        help_text=_("Scegli una richiesta o scrivila."),
    )
