"""She hands in a document due after the application was sent."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from sportello.accounts.permissions import IdentifiedRequest, identified, in_person
from sportello.applications.admissibility.documents import WantedDocument
from sportello.applications.admissibility.words import document_term
from sportello.applications.models import Application
from sportello.applications.owing import hand_in, owed_documents
from sportello.applications.queries import is_told_price, visible_to
from sportello.applications.steps.school import CertificateField
from sportello.kernel import clock
from sportello.kernel.errors import DomainError


class OwedForm(forms.Form):
    """A file for each document that is still owed."""

    hides_optional = True

    def __init__(self, owed: list[WantedDocument], data: Any = None, files: Any = None) -> None:  # Any: as Django's
        super().__init__(data, files, label_suffix="")
        for one in owed:
            self.fields[one.document.code] = CertificateField(
                label=capfirst(one.document.label.within(get_language() or "it")),
                help_text=_("Serve %(when)s. PDF, JPEG o PNG, al massimo 5 MB.") % {"when": document_term(one)},
                required=False,
            )


def owed_to_her(request: IdentifiedRequest, application: Application) -> list[WantedDocument]:
    """What is owed, for a guardian; which documents are wanted tells of the family, so a delegate is not told."""
    today = clock.today()
    return owed_documents(application, today) if is_told_price(request.user, application, today) else []


@identified
@in_person
def documents(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """The documents still owed, each with its term; 404 when none is."""
    found = get_object_or_404(visible_to(request.user, clock.today()), public_id=public_id)
    owed = owed_to_her(request, found)
    if not owed:
        raise Http404
    form = OwedForm(owed, request.POST, request.FILES) if request.method == "POST" else OwedForm(owed)
    if form.is_bound and form.is_valid():
        uploads = {code: upload for code, upload in form.cleaned_data.items() if upload}
        try:
            count = hand_in(application=found, uploads=uploads, now=clock.now())
        except DomainError as failure:
            form.add_error(None, failure.message)
        else:
            messages.success(
                request, ngettext("Documento consegnato.", "%(n)s documenti consegnati.", count) % {"n": count}
            )
            return redirect("applications:application", public_id=public_id)
    status = 422 if form.is_bound else 200
    return render(request, "applications/owed_documents.html", {"application": found, "form": form}, status=status)
