"""Who works for the services: the administrator gives and takes roles and classes. The central team uses it too."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sportello.accounts.engaging import engage_local, engage_person
from sportello.accounts.granting import grant_role, revoke_role
from sportello.accounts.local_accounts import renew_link
from sportello.accounts.models import Account, Role, RoleGrant
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.desk.staff import member, staff_on
from sportello.desk.staff_forms import NewLocalAccountForm, NewPersonForm, RoleForm, ScopeForm, StaffFilters
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import StaffScope
from sportello.schools.scoping import assign_scope
from sportello.schools.scoping import end_scope as end_scope_of
from sportello.ui.listing import Tab, list_page, render_list

KEEPERS = (Role.ADMINISTRATOR, Role.CENTRAL)
SORTS = {"nome": ("family_name", "given_name")}
TAB_ROLES = (
    ("operatori", gettext_lazy("Operatori"), Role.CLERK),
    ("scuole", gettext_lazy("Scuole"), Role.SCHOOL),
    ("ragioneria", gettext_lazy("Ragioneria"), Role.ACCOUNTANT),
    ("assistenza", gettext_lazy("Assistenza"), Role.SUPPORT),
    ("amministratori", gettext_lazy("Amministratori"), Role.ADMINISTRATOR),
)


@require_GET
@role_required(*KEEPERS)
def people(request: IdentifiedRequest) -> HttpResponse:
    """Everybody who holds a role today."""
    page = list_page(
        request,
        staff_on(clock.today()),
        filters=StaffFilters,
        sorts=SORTS,
        default_sort="nome",
        tabs=_tabs() if getattr(request, "municipality", None) else (),
        exports=False,
    )
    record(
        action=Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="list",
        subject="staff",
        now=clock.now(),
        details={"rows": page.total},
    )
    return render_list(request, page, "accounts/staff.html")


@require_http_methods(["GET", "POST"])
@role_required(*KEEPERS)
def add(request: IdentifiedRequest) -> HttpResponse:
    """A new person with a digital identity, and her first role."""
    form = NewPersonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            account = engage_person(**_engagement(form), actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error("role", str(error))
        else:
            messages.success(
                request, _("%(name)s può entrare con la propria identità digitale.") % {"name": account.full_name}
            )
            return _to(account)
    return render(request, "accounts/staff_add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@role_required(*KEEPERS)
def add_local(request: IdentifiedRequest) -> HttpResponse:
    """A new local account: the page shows its activation link, once."""
    form = NewLocalAccountForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            account, token = engage_local(**_engagement(form), actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error("identifier", str(error))
        else:
            return _link(request, account, token)
    return render(request, "accounts/staff_add_local.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@role_required(*KEEPERS)
def person(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """One person: roles, classes."""
    return _page(request, _find(public_id))


@require_POST
@role_required(*KEEPERS)
def renew(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """A new activation link for a local account, shown once."""
    account = _find(public_id)
    try:
        token = renew_link(account=account, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, account, status=422)
    return _link(request, account, token)


@require_POST
@role_required(*KEEPERS)
def grant(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Gives a role."""
    account = _find(public_id)
    form = RoleForm(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        try:
            grant_role(
                account=account, role=role, reason=form.cleaned_data["reason"], actor=request.user, now=clock.now()
            )
        except DomainError as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, _("Ruolo assegnato."))
            return _to(account)
    return _page(request, account, role_form=form)


@require_POST
@role_required(*KEEPERS)
def revoke(request: IdentifiedRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Takes a role away."""
    account = _find(public_id)
    held = get_object_or_404(RoleGrant, pk=pk, account=account)
    try:
        revoke_role(grant=held, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, account, status=422)
    messages.success(request, _("Ruolo tolto."))
    return _to(account)


@require_POST
@role_required(Role.ADMINISTRATOR)
def assign(request: IdentifiedRequest, public_id: UUID) -> HttpResponse:
    """Lets a person of a school see it, or one class."""
    account = _find(public_id)
    form = _scope_form(request)
    if form.is_valid():
        school, section = form.cleaned_data["school"], form.cleaned_data["section"]
        try:
            assign_scope(account=account, school=school, section=section, actor=request.user, now=clock.now())
        except DomainError as error:
            form.add_error("school", str(error))
        else:
            messages.success(request, _("Classe assegnata.") if section else _("Scuola assegnata."))
            return _to(account)
    return _page(request, account, scope_form=form)


@require_POST
@role_required(Role.ADMINISTRATOR)
def end_scope(request: IdentifiedRequest, public_id: UUID, pk: int) -> HttpResponse:
    """Takes a school or a class away."""
    account = _find(public_id)
    scope = get_object_or_404(StaffScope, pk=pk, account=account)
    try:
        end_scope_of(scope=scope, actor=request.user, now=clock.now())
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, account, status=422)
    messages.success(request, _("Assegnazione tolta."))
    return _to(account)


def _tabs() -> list[Tab]:
    current = RoleGrant.objects.filter(account=OuterRef("pk"), valid_during__contains=clock.today())
    roles = (Tab(name, label, Q(Exists(current.filter(role=role)))) for name, label, role in TAB_ROLES)
    return [Tab("", gettext_lazy("Tutti")), *roles]


def _engagement(form: NewPersonForm | NewLocalAccountForm) -> dict[str, Any]:
    return {**form.cleaned_data, "role": Role(form.cleaned_data["role"])}


def _find(public_id: UUID) -> Account:
    return get_object_or_404(Account, public_id=public_id)


def _scope_form(request: HttpRequest | None = None) -> ScopeForm:
    return ScopeForm(request.POST if request else None, school_year=SchoolYear.of(clock.today()))


def _page(request: HttpRequest, account: Account, *, status: int = 200, **bound: forms.Form) -> HttpResponse:
    context: dict[str, Any] = {
        "member": member(account, clock.today()),
        "role_form": RoleForm(),
        "scope_form": _scope_form() if getattr(request, "municipality", None) else None,
        **bound,
    }
    wrong = any(form.errors for form in bound.values())
    context |= {"form": next(iter(bound.values()), None), "has_errors": wrong}
    return render(request, "accounts/staff_person.html", context, status=422 if wrong else status)


def _link(request: HttpRequest, account: Account, token: str) -> HttpResponse:
    address = request.build_absolute_uri(reverse("accounts:activate", args=[account.public_id, token]))
    return render(request, "accounts/staff_link.html", {"account": account, "link": address})


def _to(account: Account) -> HttpResponse:
    return HttpResponseRedirect(reverse("staff:person", args=[account.public_id]))
