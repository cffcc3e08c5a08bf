"""The central team's forms about a Comune."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sportello.kernel.errors import DomainError
from sportello.kernel.fiscal_code import FiscalCode
from sportello.ui.listing import FilterForm
from sportello.ui.theme import readable_brand
from tenants.branding import COLOUR, FIELDS, Branding, ColourNotReadable, nearest_readable
from tenants.models import Municipality, Stage
from tenants.stages import next_stages

LINK_ROWS = 5


class MunicipalityFilters(FilterForm):
    """Filters of the list of Comuni."""

    cerca = forms.CharField(label=_("Nome, codice o dominio"), max_length=60)
    fase = forms.ChoiceField(label=_("Fase"), choices=[("", _("Tutte")), *Stage.choices])

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("cerca"):
            words = self.cleaned_data["cerca"].strip()
            rows = rows.filter(
                Q(name__icontains=words)
                | Q(istat_code__startswith=words)
                | Q(belfiore_code__iexact=words)
                | Q(pk__in=Municipality.objects.filter(domains__domain__icontains=words).values("pk"))
            )
        return rows.filter(stage=self.cleaned_data["fase"]) if self.is_set("fase") else rows


class StageForm(forms.Form):
    """The next stage, or an earlier one."""

    stage = forms.ChoiceField(label=_("Nuova fase"))
    reason = forms.CharField(label=_("Motivo"), max_length=300, help_text=_("Resta nella storia del Comune."))

    def __init__(self, *args: Any, current: Stage, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        field = self.fields["stage"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker what stands above
        # The step forward first; to go live is decided on the check-list.
        stages = [stage for stage in reversed(next_stages(current)) if stage is not Stage.LIVE]
        field.choices = [("", _("Scegli la fase")), *((stage.value, stage.label) for stage in stages)]


class DomainForm(forms.Form):
    host = forms.CharField(
        label=_("Nuovo dominio"),
        help_text=_("Il nome deve già puntare alla piattaforma, per esempio servizi.comune.esempio.ba.it."),
        max_length=253,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )


class AdministratorForm(forms.Form):
    """Who administers the Comune first."""

    fiscal_code = forms.CharField(label=_("Codice fiscale"), max_length=20)
    given_name = forms.CharField(label=_("Nome"), max_length=80)
    family_name = forms.CharField(label=_("Cognome"), max_length=80)
    email = forms.EmailField(label=_("Email di lavoro"), required=False)

    def clean_fiscal_code(self) -> FiscalCode:
        try:
            return FiscalCode.parse(self.cleaned_data["fiscal_code"])
        except DomainError as error:
            raise forms.ValidationError(str(error)) from error


class CoatOfArmsForm(forms.Form):
    file = forms.FileField(label=_("Stemma"), help_text=_("PNG, JPEG o WebP, al massimo 512 KB."))


class BrandingForm(forms.Form):
    """Colour, contacts, links and the addresses that the law asks for in the footer."""

    colour = forms.CharField(
        label=_("Colore del Comune"),
        help_text=_("Il testo bianco deve leggersi sopra: serve un contrasto di almeno 4,5:1."),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "color", "class": "input-short"}),
    )
    contacts_email = forms.EmailField(label=_("Email dell'ufficio"), required=False)
    contacts_phone = forms.RegexField(
        r"^\+?[0-9 ]{6,30}$",
        label=_("Telefono dell'ufficio"),
        required=False,
        error_messages={"invalid": _("Scrivi solo cifre e spazi, per esempio 080 577 1111.")},
    )
    contacts_address = forms.CharField(label=_("Indirizzo dell'ufficio"), max_length=160, required=False)
    privacy_url = forms.URLField(label=_("Informativa privacy"), required=False, assume_scheme="https")
    legal_notes_url = forms.URLField(label=_("Note legali"), required=False, assume_scheme="https")
    accessibility_declaration_url = forms.URLField(
        label=_("Dichiarazione di accessibilità"),
        required=False,
        assume_scheme="https",
        help_text=_("La pagina di form.agid.gov.it: va rinnovata ogni anno entro il 23 settembre."),
    )
    eu_funded = forms.BooleanField(label=_("Mostra «Finanziato dall'Unione Europea»"), required=False)

    def clean_colour(self) -> str:
        colour: str = self.cleaned_data["colour"].strip().lower()
        if COLOUR.fullmatch(colour) is None:
            raise forms.ValidationError(_("Scrivi il colore come #0066cc."))
        if not readable_brand(colour):
            raise forms.ValidationError(str(ColourNotReadable(nearest_readable(colour))))
        return colour


class FooterLinkForm(forms.Form):
    """A link of the Comune's own in the footer; both boxes empty: no link."""

    label = forms.CharField(label=_("Testo"), max_length=60, required=False)
    url = forms.URLField(label=_("Indirizzo"), max_length=300, required=False, assume_scheme="https")

    def clean_url(self) -> str:
        url: str = self.cleaned_data["url"]
        if url and not url.startswith("https://"):
            raise forms.ValidationError(_("L'indirizzo deve cominciare con https://"))
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and bool(cleaned.get("label")) != bool(cleaned.get("url")):
            self.add_error("url" if cleaned.get("label") else "label", _("Servono sia il testo sia l'indirizzo."))
        return cleaned


FooterLinks = forms.formset_factory(FooterLinkForm, extra=LINK_ROWS, max_num=LINK_ROWS, absolute_max=LINK_ROWS)


def initial_branding(municipality: Municipality) -> dict[str, Any]:
    """What the form shows at first."""
    return {name: getattr(municipality, name) for name in FIELDS}


def initial_links(municipality: Municipality) -> list[Mapping[str, str]]:
    """The rows of the links, as the formset takes them."""
    return [{"label": label, "url": url} for label, url in municipality.footer_links[:LINK_ROWS]]


def read_branding(form: BrandingForm, links: "forms.BaseFormSet[FooterLinkForm]") -> Branding:
    """The words of `tenants` from two valid forms."""
    rows = ((row.cleaned_data.get("label", ""), row.cleaned_data.get("url", "")) for row in links.forms)
    return Branding(**form.cleaned_data, footer_links=tuple((label, url) for label, url in rows if url))
