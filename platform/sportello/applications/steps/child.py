"""For which child: those already known to the Comune, never typed again."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.applications.steps.draft import Draft, SummaryLine
from sportello.applications.steps.protocol import StepForm
from sportello.applications.steps.verdicts import refusals_before
from sportello.families.models import Child
from sportello.ui.templatetags.ui import it_date


def obstacle(draft: Draft, child: Child) -> str:
    """Why an application for the child makes no sense, empty when it does."""
    if child.pk in draft.already_open:
        application = draft.already_open[child.pk]
        return gettext("Ha già una domanda per questo anno scolastico: protocollo %(number)s.") % {
            "number": application.protocol
        }
    if child.pk in draft.already_using:
        return gettext("È già iscritto a questo servizio.")
    level = draft.placements[child.pk].section.school.level if child.pk in draft.placements else ""
    if level and level not in draft.content.audience.levels:
        return gettext("Il servizio non è previsto per la sua scuola.")
    return " ".join(refusals_before(draft, child))


class ChildForm(StepForm):
    child = forms.ChoiceField(
        label=_("Per quale figlio fai la domanda?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Scegli il figlio.")},
    )
    contact_email = forms.EmailField(
        label=_("La tua email"),
        help_text=_("La usiamo per questa domanda: ricevuta, richieste dell'ufficio ed esito."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={"required": _("Scrivi un indirizzo email.")},
    )

    def __init__(self, draft: Draft, *args: Any) -> None:
        super().__init__(draft, *args)
        self.eligible = [child for child in draft.children if not obstacle(draft, child)]
        field = self.fields["child"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  (for the type checker: declared above)
        field.choices = [(str(child.public_id), self._label(child)) for child in self.eligible]
        preferred = self.eligible[0] if len(self.eligible) == 1 else self.draft.preferred_child
        if preferred is not None:
            self.initial.setdefault("child", str(preferred.public_id))
        known = draft.adult.email if draft.adult and draft.adult.email else draft.account.email
        self.initial.setdefault("contact_email", known)

    def _label(self, child: Child) -> str:
        placement = self.draft.placements.get(child.pk)
        if placement is None:
            return child.full_name
        return f"{child.full_name} · {placement.section.school.name}, {placement.section}"

    def chosen(self) -> Child | None:
        """The child chosen, once valid."""
        wanted = self.cleaned_data.get("child")
        return next((child for child in self.eligible if str(child.public_id) == wanted), None)

    def clean_child(self) -> str:
        if not self.eligible:
            raise ValidationError(_("Nessuno dei tuoi figli può essere iscritto ora."))
        return str(self.cleaned_data["child"])


class ChildStep:
    """The child's data are shown, not asked (C.SE.1.5)."""

    slug: ClassVar[str] = "figlio"
    title: ClassVar[Promise] = _("Figlio")
    form_class: ClassVar[type[StepForm]] = ChildForm
    template: ClassVar[str] = "applications/steps/child.html"

    def applies(self, draft: Draft) -> bool:  # noqa: ARG002  (the same answer for every draft)
        return True

    def summary(self, draft: Draft) -> list[SummaryLine]:
        child = draft.child
        lines = [SummaryLine(gettext("Nome e cognome"), child.full_name if child else "")]
        if child is not None:
            lines.append(SummaryLine(gettext("Codice fiscale"), child.fiscal_code or ""))
            lines.append(SummaryLine(gettext("Data di nascita"), it_date(child.birth_date)))
        lines.append(SummaryLine(gettext("Chi fa la domanda"), draft.account.full_name))
        lines.append(SummaryLine(gettext("Email per questa domanda"), draft.application.contact_email))
        return lines
