"""The administrator's forms about the staff."""

from typing import Any, Final

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Role
from sportello.kernel.errors import DomainError
from sportello.kernel.fiscal_code import FiscalCode
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School, Section
from sportello.ui.listing import FilterForm
from tenants.current import is_central

CLASS_NAME: Final = r"^[1-9] ?[A-Za-z]{1,4}$"


def roles_here() -> list[tuple[str, str]]:
    """The roles that are given on this host: the central one, or those of a Comune."""
    here = (
        (Role.CENTRAL,)
        if is_central()
        else (Role.CLERK, Role.SCHOOL, Role.ACCOUNTANT, Role.SUPPORT, Role.ADMINISTRATOR)
    )
    return [(role.value, str(role.label)) for role in here]


class StaffFilters(FilterForm):
    """Filters of the list of the staff."""

    cerca = forms.CharField(label=_("Cognome o nome"), max_length=60)

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("cerca"):
            for word in self.cleaned_data["cerca"].split():
                rows = rows.filter(Q(family_name__istartswith=word) | Q(given_name__istartswith=word))
        return rows


class RoleForm(forms.Form):
    """A role to give."""

    role = forms.ChoiceField(label=_("Ruolo"), widget=forms.RadioSelect, choices=roles_here)
    reason = forms.CharField(
        label=_("Motivo"), help_text=_("Per esempio l'atto di nomina."), max_length=200, required=False
    )


class NewPersonForm(RoleForm):
    """A person who will enter with her digital identity."""

    fiscal_code = forms.CharField(label=_("Codice fiscale"), max_length=20)
    given_name = forms.CharField(label=_("Nome"), max_length=80)
    family_name = forms.CharField(label=_("Cognome"), max_length=80)
    email = forms.EmailField(label=_("Email di lavoro"), required=False)
    field_order = ("fiscal_code", "given_name", "family_name", "email", "role", "reason")

    def clean_fiscal_code(self) -> FiscalCode:
        try:
            return FiscalCode.parse(self.cleaned_data["fiscal_code"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class NewLocalAccountForm(RoleForm):
    """A person without a usable digital identity: password and code."""

    identifier = forms.RegexField(
        r"^[a-zA-Z0-9._-]{3,64}$",
        label=_("Nome utente"),
        help_text=_("Lettere, cifre, punto e trattino: per esempio anna.rossi."),
        error_messages={"invalid": _("Usa da 3 a 64 lettere, cifre, punti o trattini, senza spazi.")},
    )
    given_name = forms.CharField(label=_("Nome"), max_length=80)
    family_name = forms.CharField(label=_("Cognome"), max_length=80)
    email = forms.EmailField(label=_("Email di lavoro"))
    field_order = ("identifier", "given_name", "family_name", "email", "role", "reason")


class ScopeForm(forms.Form):
    """A whole school, or one class of it; `clean` leaves the Section, or None, under "section"."""

    school = forms.ModelChoiceField(
        label=_("Scuola"),
        queryset=School.objects.filter(is_active=True),
        to_field_name="school_code",
        empty_label=_("Scegli la scuola"),
    )
    class_name = forms.RegexField(
        CLASS_NAME,
        label=_("Classe"),
        help_text=_("Per esempio 3B. Lascia vuoto per tutta la scuola."),
        required=False,
        max_length=6,
        widget=forms.TextInput(attrs={"class": "input-short", "autocomplete": "off"}),
        error_messages={"invalid": _("Scrivi anno e sezione, per esempio 3B.")},
    )

    def __init__(self, *args: Any, school_year: SchoolYear, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        self.school_year = school_year

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["section"] = None
        if cleaned.get("class_name") and cleaned.get("school"):
            year, letter = cleaned["class_name"][0], cleaned["class_name"][1:].strip().upper()
            cleaned["section"] = Section.objects.filter(
                school=cleaned["school"], school_year=self.school_year.start_year, class_year=int(year), letter=letter
            ).first()
            if cleaned["section"] is None:
                self.add_error("class_name", _("Questa scuola non ha quella classe nell'anno in corso."))
        return cleaned
