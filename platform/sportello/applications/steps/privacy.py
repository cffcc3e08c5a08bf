"""First step: the privacy notice, read once for each application."""

from typing import ClassVar

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.applications.steps.draft import Draft, SummaryLine
from sportello.applications.steps.protocol import StepForm


class PrivacyForm(StepForm):
    read = forms.BooleanField(
        label=_("Ho letto l'informativa sul trattamento dei dati personali"),
        error_messages={"required": _("Per continuare conferma di aver letto l'informativa.")},
    )


class PrivacyStep:
    """The legal basis is a public task: she confirms that she has read, she does not consent."""

    slug: ClassVar[str] = "privacy"
    title: ClassVar[Promise] = _("Privacy")
    form_class: ClassVar[type[StepForm]] = PrivacyForm
    template: ClassVar[str] = "applications/steps/privacy.html"

    def applies(self, draft: Draft) -> bool:  # noqa: ARG002  (the same answer for every draft)
        return True

    def summary(self, draft: Draft) -> list[SummaryLine]:
        read = gettext("Letta") if draft.is_complete(self.slug) else ""
        return [SummaryLine(gettext("Informativa sui dati personali"), read)]
