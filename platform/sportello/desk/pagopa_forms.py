"""The central team's forms about pagoPA."""

from dataclasses import fields
from typing import Any

from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from integrations.pagopa.codes import InstitutionFacts
from integrations.pagopa.models import CreditorInstitution, Drift, Gateway, InstitutionState
from sportello.ui.listing import FilterForm

FACTS = tuple(one.name for one in fields(InstitutionFacts))
PLAIN = {"autocomplete": "off", "spellcheck": "false"}
SHORT = {**PLAIN, "class": "input-short"}


def _code(pattern: str, label: Any, help_text: Any, wrong: Any, *, required: bool = False) -> forms.RegexField:
    return forms.RegexField(
        pattern,
        label=label,
        help_text=help_text,
        required=required,
        error_messages={"invalid": wrong},
        widget=forms.TextInput(attrs=SHORT),
    )


class InstitutionForm(forms.Form):
    """The codes of a Comune. What PagoPA has not given yet may be left out while the state is the first one."""

    company_name = forms.CharField(
        label=_("Nome dell'ente sugli avvisi"), help_text=_("Per esempio Comune di Bari."), max_length=140
    )
    office_name = forms.CharField(label=_("Ufficio sugli avvisi"), max_length=140, required=False)
    fiscal_code = _code(
        r"^[0-9]{11}$",
        _("Codice fiscale dell'ente"),
        _("Come nell'Indice delle pubbliche amministrazioni: 11 cifre."),
        _("Scrivi le 11 cifre, senza spazi."),
        required=True,
    )
    state = forms.ChoiceField(label=_("Stato"), choices=InstitutionState.choices)
    adapter = forms.ChoiceField(
        label=_("Come raggiunge pagoPA"),
        help_text=_("Le chiavi e gli indirizzi stanno nei collegamenti del Comune."),
        choices=Gateway.choices,
    )
    broker_code = _code(
        r"^[0-9]{11}$",
        _("Codice dell'intermediario"),
        _("Il codice fiscale di chi ha la stazione: 11 cifre."),
        _("Scrivi le 11 cifre, senza spazi."),
    )
    station_code = _code(
        r"^[0-9]{11}_[0-9]{2}$",
        _("Codice della stazione"),
        _("Codice dell'intermediario, trattino basso, due cifre."),
        _("Ha la forma 12345678903_01."),
    )
    segregation_code = _code(
        r"^[0-9]{2}$",
        _("Codice di segregazione"),
        _("Due cifre: le assegna PagoPA al Comune per questo intermediario."),
        _("Sono due cifre, per esempio 03."),
    )
    cbill_code = _code(
        r"^[A-Za-z0-9]{5}$",
        _("Codice CBILL"),
        _("Cinque lettere o cifre, in fondo all'avviso."),
        _("Sono cinque lettere o cifre."),
    )
    iban = forms.CharField(
        label=_("IBAN della tesoreria"), max_length=40, required=False, widget=forms.TextInput(attrs=PLAIN)
    )
    postal_iban = forms.CharField(
        label=_("IBAN del conto postale"), max_length=40, required=False, widget=forms.TextInput(attrs=PLAIN)
    )
    postal_account = _code(
        r"^[0-9]{1,12}$",
        _("Numero del conto postale"),
        _("Se il Comune ne ha uno per pagoPA."),
        _("Solo cifre, al massimo 12."),
    )
    postal_authorised = forms.BooleanField(
        label=_("Poste ha autorizzato la stampa in proprio del bollettino"), required=False
    )
    confirmed = forms.BooleanField(label=_("So che gli avvisi già emessi non si pagano più"), required=False)

    def __init__(self, *args: Any, asks: bool = False, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        if not asks:
            del self.fields["confirmed"]

    def clean_cbill_code(self) -> str:
        """In capitals, as it is printed (P27)."""
        return str(self.cleaned_data["cbill_code"]).upper()

    def clean_iban(self) -> str:
        return _account(self.cleaned_data["iban"])

    def clean_postal_iban(self) -> str:
        return _account(self.cleaned_data["postal_iban"])

    def facts(self) -> InstitutionFacts:
        """The words of the connector, from a valid form."""
        return InstitutionFacts(**{name: self.cleaned_data[name] for name in FACTS})


def _account(text: str) -> str:
    """Without spaces, in capitals."""
    return "".join(text.split()).upper()


def initial_codes(row: CreditorInstitution) -> dict[str, Any]:
    """What the form shows of a Comune that is registered."""
    return {name: getattr(row, name) for name in FACTS}


STATES = [("", _("Tutti")), ("none", _("non registrato")), *InstitutionState.choices]


class InstitutionFilters(FilterForm):
    """Filters of the Comuni by how far they have come with pagoPA."""

    cerca = forms.CharField(label=_("Comune o codice fiscale"), max_length=60)
    stato = forms.ChoiceField(label=_("Stato"), choices=STATES)
    via = forms.ChoiceField(label=_("Come raggiunge pagoPA"), choices=[("", _("Tutte")), *Gateway.choices])
    differenze = forms.ChoiceField(
        label=_("Differenze"), choices=[("", _("Tutti")), ("si", _("solo chi ne ha"))], required=False
    )

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        held = CreditorInstitution.objects.filter(municipality=OuterRef("pk"))
        if self.is_set("cerca"):
            words = self.cleaned_data["cerca"].strip()
            rows = rows.filter(Q(name__icontains=words) | Q(Exists(held.filter(fiscal_code=words))))
        if self.is_set("stato"):
            wanted = self.cleaned_data["stato"]
            rows = rows.filter(~Exists(held) if wanted == "none" else Exists(held.filter(state=wanted)))
        if self.is_set("via"):
            rows = rows.filter(Exists(held.filter(adapter=self.cleaned_data["via"])))
        if self.is_set("differenze"):
            rows = rows.filter(Exists(held.filter(fiscal_code__in=Drift.objects.values("fiscal_code"))))
        return rows
