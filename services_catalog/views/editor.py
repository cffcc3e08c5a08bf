"""The editor of a draft: grids that are typed or pasted, the linter beside them, what changes in words; or a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from services_catalog import publication
from services_catalog.describing import changes
from services_catalog.fee_upload import EditionFileForm
from services_catalog.grids.editing import EditionForms
from services_catalog.lint import lint
from services_catalog.models import Edition
from services_catalog.queries import edition_before
from services_catalog.schema import EditionContent
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

changes_fees = role_required(Role.ADMINISTRATOR)


@require_http_methods(["GET", "POST"])
@changes_fees
def edit(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """The editor of a draft; saving keeps the draft even with holes, and shows them beside the rows."""
    held = _edition(edition_id)
    if not held.is_draft:
        return redirect("services_catalog:edition", held.pk)
    if request.method != "POST":
        return _page(request, held, EditionForms(held.rules))
    forms = EditionForms(held.rules, request.POST)
    if forms.is_reshaping:
        return _page(request, held, forms, status=422 if forms.misread else 200)
    if not _saved(request, held, forms):
        return _page(request, held, forms, status=422)
    messages.success(request, _("Bozza salvata."))
    return redirect("services_catalog:edit", held.pk)


def _saved(request: IdentifiedRequest, held: Edition, forms: EditionForms) -> bool:
    """Whether the page became the content of the draft; otherwise the forms say why not, and nothing is lost."""
    if request.POST.get("fingerprint", held.fingerprint) != held.fingerprint:
        forms.errors.append(_("Intanto la bozza è stata cambiata da un'altra pagina: riaprila e riporta le modifiche."))
        return False
    content = forms.content()
    if content is None:
        return False
    try:
        publication.revise_draft(edition=held, content=content, actor=request.user, now=clock.now())
    except DomainError as refusal:  # meanwhile it was proposed, or put in force
        forms.errors.append(refusal.message)
        return False
    return True


@require_POST
@changes_fees
def check(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """What the linter asks and what would change, of the page as it is typed; nothing is saved."""
    held = _edition(edition_id)
    forms = EditionForms(held.rules, request.POST)
    content = None if forms.is_reshaping or not held.is_draft else forms.content()
    context = _beside(held, forms, content)
    return render(request, "services_catalog/_beside.html", {**context, "answers": True})


@require_POST
@changes_fees
def upload(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """The content of a draft from the file of an edition; an error says the place and the nearest key."""
    held = _edition(edition_id)
    if not held.is_draft:
        return redirect("services_catalog:edition", held.pk)
    form = EditionFileForm(request.POST, request.FILES, edition=held)
    if not form.is_valid():
        return _page(request, held, EditionForms(held.rules), upload_form=form, status=422)
    publication.revise_draft(edition=held, content=form.content, actor=request.user, now=clock.now())
    messages.success(request, _("Il file è diventato il contenuto della bozza."))
    return redirect("services_catalog:edit", held.pk)


def _page(
    request: HttpRequest,
    held: Edition,
    forms: EditionForms,
    *,
    upload_form: EditionFileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "edition": held,
        "forms": forms,
        "upload_form": upload_form or EditionFileForm(edition=held),
        "refused": forms.data is not None and not forms.is_reshaping,
        "has_errors": status == 422,
        **_beside(held, forms, held.rules if forms.data is None else None),
    }
    return render(request, "services_catalog/edit.html", context, status=status)


def _beside(held: Edition, forms: EditionForms, content: EditionContent | None) -> dict[str, object]:
    """The findings and the changes of a content; neither while a page cannot be read."""
    before = edition_before(held)
    return {
        "edition": held,
        "forms": forms,
        "readable": content is not None,
        "findings": forms.show(lint(content, held.service.archetype)) if content is not None else [],
        "before": before,
        "changes": changes(before.rules, content) if before and content is not None else [],
    }


def _edition(edition_id: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("service"), pk=edition_id)
