"""The examples of an edition: what they give, and in a draft how they are written, changed and taken away."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from services_catalog.examples import Example
from services_catalog.models import Edition
from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.fees.example_form import ExampleForm
from sportello.fees.example_words import example_rows
from sportello.fees.examples import accepted, judged, write_examples
from sportello.kernel import clock
from sportello.kernel.errors import DomainError

type Change = Callable[[tuple[Example, ...]], tuple[Example, ...]]

changes_fees = role_required(Role.ADMINISTRATOR)


@role_required(Role.CLERK, Role.ADMINISTRATOR)
@require_GET
def examples(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """Every example of an edition, and what came out."""
    held = _edition(edition_id)
    rows = example_rows(held.rules)
    context = {
        "edition": held,
        "rows": rows,
        "wrong": sum(not row.agrees for row in rows),
        "may_change": held.is_draft and Role.ADMINISTRATOR in request.user.roles_on(clock.today()),
    }
    return render(request, "fees/examples.html", context)


@changes_fees
@require_http_methods(["GET", "POST"])
def add(request: IdentifiedRequest, edition_id: int) -> HttpResponse:
    """Write one more."""
    held = _draft(edition_id)
    form = ExampleForm(held.rules, request.POST or None)
    return _written(request, held, form, lambda known: (*known, form.example()), number=None)


@changes_fees
@require_http_methods(["GET", "POST"])
def change(request: IdentifiedRequest, edition_id: int, number: int) -> HttpResponse:
    """Write one anew."""
    held = _draft(edition_id)
    form = ExampleForm(held.rules, request.POST or None, example=_example(held, number))
    return _written(
        request, held, form, lambda known: (*known[: number - 1], form.example(), *known[number:]), number=number
    )


@changes_fees
@require_POST
def remove(request: IdentifiedRequest, edition_id: int, number: int) -> HttpResponse:
    """Take one away."""
    held = _draft(edition_id)
    _example(held, number)
    _write(request, held, lambda known: (*known[: number - 1], *known[number:]), _("Esempio tolto."))
    return redirect("fees:examples", held.pk)


@changes_fees
@require_POST
def accept(request: IdentifiedRequest, edition_id: int, number: int) -> HttpResponse:
    """Take what came out for what is expected."""
    held = _draft(edition_id)
    right = accepted(judged(_example(held, number), held.rules.fees))
    _write(request, held, lambda known: (*known[: number - 1], right, *known[number:]), _("Esempio aggiornato."))
    return redirect("fees:examples", held.pk)


def _written(
    request: IdentifiedRequest, held: Edition, form: ExampleForm, change: Change, *, number: int | None
) -> HttpResponse:
    """The page of one example, or back to the list once it is saved."""
    if form.is_valid():
        error = _saved(request, held, change)
        if error is None:
            messages.success(request, _("Esempio salvato."))
            return redirect("fees:examples", held.pk)
        form.add_error(None, error.message)
    context: dict[str, Any] = {"edition": held, "form": form, "number": number, "seen": _seen(request, held)}
    return render(request, "fees/example.html", context, status=422 if form.errors else 200)


def _write(request: IdentifiedRequest, held: Edition, change: Change, done: str) -> None:
    error = _saved(request, held, change)
    if error is None:
        messages.success(request, done)
    else:
        messages.error(request, error.message)


def _saved(request: IdentifiedRequest, held: Edition, change: Change) -> DomainError | None:
    try:
        write_examples(
            edition=held,
            examples=change(held.rules.examples),
            seen=_seen(request, held),
            actor=request.user,
            now=clock.now(),
        )
    except DomainError as error:
        return error
    return None


def _seen(request: IdentifiedRequest, held: Edition) -> str:
    """The fingerprint of the draft that the page showed."""
    return request.POST.get("seen", held.fingerprint)


def _edition(edition_id: int) -> Edition:
    return get_object_or_404(Edition.objects.select_related("service"), pk=edition_id)


def _draft(edition_id: int) -> Edition:
    held = _edition(edition_id)
    if not held.is_draft:
        raise Http404
    return held


def _example(held: Edition, number: int) -> Example:
    if not 1 <= number <= len(held.rules.examples):
        raise Http404
    return held.rules.examples[number - 1]
