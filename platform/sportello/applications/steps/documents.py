"""The documents that the edition wants of this child: now, or by a day."""

from typing import Any, ClassVar

from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from sportello.applications.admissibility.documents import WantedDocument
from sportello.applications.admissibility.words import document_term
from sportello.applications.steps.draft import Draft, SummaryLine
from sportello.applications.steps.protocol import StepForm
from sportello.applications.steps.school import CertificateField

PREFIX = "doc_"


def purpose_of(wanted: WantedDocument) -> str:
    """Under which purpose its file is kept."""
    return f"{PREFIX}{wanted.document.code}"


class DocumentsForm(StepForm):
    """A file for each document; only those due with the application keep her from going on."""

    hides_optional = True

    def __init__(self, draft: Draft, *args: Any) -> None:
        super().__init__(draft, *args)
        self.wanted = draft.wanted_documents()
        for one in self.wanted:
            self.fields[purpose_of(one)] = CertificateField(
                label=capfirst(draft.say(one.document.label)),
                help_text=self._help(one),
                required=False,
                allow_empty_file=False,
                error_messages={"empty": _("Il file è vuoto.")},
            )

    def _help(self, wanted: WantedDocument) -> str:
        parts = [self.draft.say(wanted.document.help)]
        if wanted.document.signed_by == "every_guardian":
            parts.append(gettext("Firmano tutti i genitori o tutori."))
        parts.append(gettext("Serve %(when)s. PDF, JPEG o PNG, al massimo 5 MB.") % {"when": document_term(wanted)})
        held = self.draft.attachments.get(purpose_of(wanted))
        if held is not None:
            parts.append(gettext("Già caricato: %(name)s.") % {"name": held.name})
        return " ".join(part for part in parts if part)

    @property
    def document_fields(self) -> list[BoundField]:
        """The files, in the order of the edition."""
        return [self[purpose_of(one)] for one in self.wanted]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for one in self.wanted:
            name = purpose_of(one)
            handed_in = values.get(name) or name in self.draft.attachments or name in self.errors
            if one.blocks and not handed_in:
                self.add_error(name, _("Carica questo documento: senza, la domanda non si può inviare."))
        return values


class DocumentsStep:
    """Only where the answers so far want a document."""

    slug: ClassVar[str] = "documenti"
    title: ClassVar[Promise] = _("Documenti")
    form_class: ClassVar[type[StepForm]] = DocumentsForm
    template: ClassVar[str] = "applications/steps/documents.html"

    def applies(self, draft: Draft) -> bool:
        return bool(draft.content.admission.documents) and bool(draft.wanted_documents())

    def summary(self, draft: Draft) -> list[SummaryLine]:
        lines = []
        for one in draft.wanted_documents():
            held = draft.attachments.get(purpose_of(one))
            later = gettext("Da consegnare %(when)s") % {"when": document_term(one)}
            lines.append(SummaryLine(capfirst(draft.say(one.document.label)), held.name if held else later))
        return lines
