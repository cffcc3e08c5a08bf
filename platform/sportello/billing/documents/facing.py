"""What every page that hands out a paper needs: the Comune as creditor, and the file."""

from django.http import HttpResponse

from sportello.billing.debts.ourselves import our_institution
from sportello.billing.documents.people import payee_of
from sportello.billing.papers.sheets import Payee
from tenants.current import current_municipality


def ourselves() -> Payee:
    """The Comune as creditor on a paper. Raises InstitutionNotReady, and what a bad code is told by."""
    return payee_of(our_institution(), current_municipality())


def file_of(content: bytes, name: str, *, kind: str = "application/pdf") -> HttpResponse:
    """A file for one person, kept by no cache."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
