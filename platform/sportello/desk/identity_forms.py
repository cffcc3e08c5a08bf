"""The central team's forms about digital identity."""

from typing import Any

from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from integrations.spid_cie.federating import next_states
from integrations.spid_cie.models import EntityState, IdentityScheme, Mode, SamlEntity
from integrations.spid_cie.registering import EntityFacts
from integrations.spid_cie.saml_log import SHORTEST_REASON
from sportello.ui.fields import DateField
from sportello.ui.listing import FilterForm

FACTS = (
    "mode",
    "ipa_code",
    "organization_name",
    "organization_url",
    "contact_email",
    "contact_phone",
    "belfiore_code",
    "gateway_entity_id",
)


class EntityForm(forms.Form):
    """The facts of an entity. `confirmed` is asked only where a change means a new round."""

    mode = forms.ChoiceField(label=_("Modalità"))
    gateway_entity_id = forms.CharField(
        label=_("Identificativo del gateway (entityID)"),
        help_text=_("Solo nella modalità gateway: l'indirizzo https con cui il gateway si presenta."),
        max_length=255,
        required=False,
    )
    ipa_code = forms.RegexField(
        r"^[A-Za-z0-9_-]{2,40}$",
        label=_("Codice IPA"),
        help_text=_("Come nell'Indice delle pubbliche amministrazioni, per esempio c_a662."),
        error_messages={
            "invalid": _("Scrivi il codice IPA com'è nell'Indice: lettere, cifre e trattini, senza spazi.")
        },
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false", "class": "input-short"}),
    )
    organization_name = forms.CharField(
        label=_("Nome dell'ente"),
        help_text=_("Il gestore lo mostra a chi entra, per esempio Comune di Bari."),
        max_length=120,
    )
    organization_url = forms.URLField(label=_("Sito dell'ente"), max_length=200, assume_scheme="https")
    contact_email = forms.EmailField(
        label=_("Email di contatto"), help_text=_("Una casella dell'ufficio, non di una persona.")
    )
    contact_phone = forms.CharField(
        label=_("Telefono di contatto"),
        help_text=_("Con il prefisso internazionale, per esempio +39 080 577 1111."),
        max_length=30,
    )
    belfiore_code = forms.RegexField(
        r"^[A-Za-z][0-9]{3}$",
        label=_("Codice Belfiore"),
        error_messages={"invalid": _("Una lettera e tre cifre, per esempio A662.")},
        widget=forms.TextInput(attrs={"class": "input-short"}),
    )
    confirmed = forms.BooleanField(label=_("So che questa modifica vuole un nuovo invio dei metadati"), required=False)

    def __init__(self, *args: Any, scheme: str, asks: bool = False, **kwargs: Any) -> None:  # Any: Django's own
        super().__init__(*args, **kwargs)
        modes = [mode for mode in Mode if scheme != IdentityScheme.CIE or mode != Mode.AG_FULL]
        field = self.fields["mode"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker what stands above
        field.choices = [(mode.value, mode.label) for mode in modes]
        if not asks:
            del self.fields["confirmed"]

    def clean_organization_url(self) -> str:
        return self._https("organization_url")

    def clean_gateway_entity_id(self) -> str:
        return self._https("gateway_entity_id") if self.cleaned_data.get("mode") == Mode.GATEWAY else ""

    def clean_contact_phone(self) -> str:
        """Without spaces, as the metadata want it (SPID technical rules: TelephoneNumber)."""
        digits = "".join(self.cleaned_data["contact_phone"].split())
        if not (digits.startswith("+39") and digits[1:].isdecimal() and digits.isascii() and 9 <= len(digits) <= 14):
            raise forms.ValidationError(_("Scrivi il numero con +39 davanti, per esempio +39 080 577 1111."))
        return digits

    def clean_belfiore_code(self) -> str:
        code: str = self.cleaned_data["belfiore_code"].upper()
        return code

    def facts(self) -> EntityFacts:
        """The words of the hub, from a valid form."""
        held = {name: self.cleaned_data[name] for name in FACTS}
        return EntityFacts(**{**held, "mode": Mode(held["mode"])})

    def _https(self, name: str) -> str:
        url: str = self.cleaned_data[name]
        if url and not url.startswith("https://"):
            raise forms.ValidationError(_("L'indirizzo deve cominciare con https://"))
        return url


class StateForm(forms.Form):
    """The next state, or the one before."""

    state = forms.ChoiceField(label=_("Nuovo stato"))

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:  # Any: Django's own arguments
        super().__init__(*args, **kwargs)
        field = self.fields["state"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 -- tells the type checker what stands above
        field.choices = [("", _("Scegli lo stato")), *((state.value, state.label) for state in next_states(current))]


DEEDS = {
    "make": _("La chiave nuova comparirà subito nei metadati"),
    "begin": _("So che i metadati con due certificati vanno mandati di nuovo"),
    "sign": _("I gestori hanno già letto i metadati con due certificati"),
    "end": _("So che la chiave privata vecchia sarà distrutta per sempre"),
}


class ConfirmForm(forms.Form):
    """A deed about keys, asked twice."""

    confirmed = forms.BooleanField(error_messages={"required": _("Spunta la conferma, poi premi di nuovo.")})

    def __init__(self, data: Any = None, *, deed: str) -> None:  # Any: what was posted
        super().__init__(data, auto_id=f"{deed}_%s")
        self.fields["confirmed"].label = str(DEEDS[deed])


class StepForm(forms.Form):
    """A step is done."""

    on = DateField(label=_("Fatto il"))
    note = forms.CharField(
        label=_("Nota"),
        help_text=_("Per esempio il numero di protocollo. Niente dati di cittadini."),
        max_length=200,
        required=False,
    )


class LogForm(forms.Form):
    """Which login, and why."""

    number = forms.RegexField(
        r"^\s*[A-Za-z0-9]{4}-[A-Za-z0-9]{4}\s*$",
        label=_("Numero dell'accesso"),
        help_text=_("Quello che la pagina di errore mostra al cittadino, per esempio K7QM-2XHP."),
        strip=True,
        error_messages={"invalid": _("Il numero ha la forma XXXX-XXXX.")},
        widget=forms.TextInput(attrs={"autocapitalize": "characters", "autocomplete": "off", "class": "input-short"}),
    )
    reason = forms.CharField(
        label=_("Perché lo apri"),
        help_text=_("Resta nel registro degli accessi insieme al tuo nome, per esempio: reclamo 12/2026."),
        min_length=SHORTEST_REASON,
        max_length=300,
        error_messages={"min_length": _("Scrivi almeno 10 caratteri.")},
    )


STATES = [("", _("Tutti")), ("none", _("non registrato")), *EntityState.choices]


class EntityFilters(FilterForm):
    """Filters of the Comuni by how far they have come in each scheme."""

    cerca = forms.CharField(label=_("Comune o codice IPA"), max_length=60)
    spid = forms.ChoiceField(label=_("Stato SPID"), choices=STATES)
    cie = forms.ChoiceField(label=_("Stato CIE"), choices=STATES)
    modo = forms.ChoiceField(label=_("Modalità"), choices=[("", _("Tutte")), *Mode.choices])

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        entities = SamlEntity.objects.filter(municipality=OuterRef("pk"))
        if self.is_set("cerca"):
            words = self.cleaned_data["cerca"].strip()
            rows = rows.filter(Q(name__icontains=words) | Q(Exists(entities.filter(ipa_code__iexact=words))))
        for scheme in IdentityScheme.values:
            if self.is_set(scheme):
                wanted, held = self.cleaned_data[scheme], entities.filter(scheme=scheme)
                rows = rows.filter(~Exists(held) if wanted == "none" else Exists(held.filter(state=wanted)))
        return rows.filter(Exists(entities.filter(mode=self.cleaned_data["modo"]))) if self.is_set("modo") else rows


def initial_facts(entity: SamlEntity) -> dict[str, Any]:
    """What the form shows of an entity that is there."""
    return {name: getattr(entity, name) for name in FACTS}
