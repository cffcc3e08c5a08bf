"""Editions as the office sees them: the list, one edition, the editor of a draft."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from services_catalog import publication
from services_catalog.approvers import authors_of
from services_catalog.describing import changes, describe
from services_catalog.forms import RevisionForm
from services_catalog.history import history_of
from services_catalog.lint import lint
from services_catalog.models import Edition
from services_catalog.packs import export_edition
from services_catalog.queries import edition_before, services_with_editions
from sportello.accounts.models import Account, Role
from sportello.accounts.permissions import role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

reads = role_required(Role.CLERK, Role.ADMINISTRATOR)
changes_fees = role_required(Role.ADMINISTRATOR)


@require_GET
@reads
def office(request: HttpRequest) -> HttpResponse:
    """The services of the Comune with all their editions."""
    context = {"services": services_with_editions(), "may_change": _may_change(request)}
    return render(request, "services_catalog/office.html", context)


@require_GET
@reads
def edition(request: HttpRequest, edition_id: int) -> HttpResponse:
    """One edition: what it decides, what the linter asks, what it changes, who did what."""
    return _edition_page(request, _edition(edition_id))


@require_POST
@changes_fees
def revise(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Prepare a draft from an edition in force, to hold from a day on."""
    held = _edition(edition_id)
    form = RevisionForm(request.POST)
    if not form.is_valid():
        return _edition_page(request, held, revision_form=form, status=422)
    draft = publication.copy_as_draft(
        edition=held, valid_from=form.cleaned_data["valid_from"], actor=_account(request), now=clock.now()
    )
    return redirect("services_catalog:edit", draft.pk)


@require_POST
@changes_fees
def discard(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Throw a draft away."""
    try:
        publication.discard_draft(edition=_edition(edition_id), actor=_account(request), now=clock.now())
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Bozza eliminata."))
    return redirect("services_catalog:office")


@require_GET
@reads
def export(request: HttpRequest, edition_id: int) -> HttpResponse:
    """The edition as the service file of a pack."""
    held = _edition(edition_id)
    response = HttpResponse(export_edition(held), content_type="application/toml; charset=utf-8")
    name = f"{held.service.code}-{held.year.slug}-{held.revision}.toml"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _edition_page(
    request: HttpRequest, held: Edition, *, revision_form: RevisionForm | None = None, status: int = 200
) -> HttpResponse:
    before = edition_before(held)
    context: dict[str, Any] = {
        "edition": held,
        "sections": describe(held.rules),
        "findings": lint(held.rules, held.service.archetype),
        "before": before,
        "changes": changes(before.rules, held.rules) if before else [],
        "history": history_of(held),
        "revision_form": revision_form or RevisionForm(),
        "may_change": _may_change(request),
        "is_author": _account(request).pk in authors_of(held),
    }
    return render(request, "services_catalog/edition.html", context, status=status)


def _edition(edition_id: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("service", "proposed_by"), pk=edition_id)


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)  # noqa: S101  # the role was checked at the door
    return account


def _may_change(request: HttpRequest) -> bool:
    return Role.ADMINISTRATOR in _account(request).roles_on(clock.today())
