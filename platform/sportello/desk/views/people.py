"""The office's lists: children with class and balance, parents, classes."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Model, Q
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.desk.office_filters import AdultFilters, ChildFilters, SectionFilters
from sportello.desk.people import adults_for_office, children_for_office, sections_for_office
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.ui.export import Column, export_response
from sportello.ui.listing import ListPage, Tab, list_page, render_list

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
CHILD_TABS = (
    Tab("", _("Tutti")),
    Tab("a-debito", _("A debito"), Q(balance_cents__lt=0)),
    Tab("a-credito", _("A credito"), Q(balance_cents__gt=0)),
)
CHILD_SORTS = {
    "nome": ("family_name", "given_name"),
    "scuola": ("school_name", "class_year", "class_letter"),
    "saldo": ("balance_cents",),
}
CHILD_COLUMNS: Sequence[Column[Any]] = (
    Column(_("Cognome"), lambda row: row.family_name),
    Column(_("Nome"), lambda row: row.given_name),
    Column(_("Nascita"), lambda row: row.birth_date),
    Column(_("Codice scuola"), lambda row: row.school_code),
    Column(_("Scuola"), lambda row: row.school_name),
    Column(_("Classe"), lambda row: f"{row.class_year}{row.class_letter}" if row.class_year else ""),
    Column(_("Pagante"), lambda row: row.payer_name),
    Column(_("Saldo"), lambda row: None if row.balance_cents is None else Money(row.balance_cents)),
)
ADULT_COLUMNS: Sequence[Column[Any]] = (
    Column(_("Cognome"), lambda row: row.family_name),
    Column(_("Nome"), lambda row: row.given_name),
    Column(_("Posta elettronica"), lambda row: row.email),
    Column(_("Telefono"), lambda row: row.phone),
    Column(_("Figli"), lambda row: row.child_names),
)
SECTION_COLUMNS: Sequence[Column[Any]] = (
    Column(_("Scuola"), lambda row: row.school.name),
    Column(_("Codice scuola"), lambda row: row.school.school_code),
    Column(_("Ordine"), lambda row: row.school.get_level_display()),
    Column(_("Classe"), str),
    Column(_("Bambini"), lambda row: row.pupil_count),
)


@role_required(*OFFICE)
def children(request: IdentifiedRequest) -> HttpResponse:
    """The children of the Comune."""
    page = list_page(
        request,
        children_for_office(clock.today()),
        filters=ChildFilters,
        sorts=CHILD_SORTS,
        default_sort="nome",
        tabs=CHILD_TABS,
    )
    return _answer(request, page, CHILD_COLUMNS, "bambini", "desk/children.html")


@role_required(*OFFICE)
def adults(request: IdentifiedRequest) -> HttpResponse:
    """The parents and guardians."""
    page = list_page(
        request,
        adults_for_office(clock.today()),
        filters=AdultFilters,
        sorts={"nome": ("family_name", "given_name"), "figli": ("child_count",)},
        default_sort="nome",
    )
    return _answer(request, page, ADULT_COLUMNS, "genitori", "desk/adults.html")


@role_required(*OFFICE)
def sections(request: IdentifiedRequest) -> HttpResponse:
    """The classes, with how many children sit in each."""
    page = list_page(
        request,
        sections_for_office(clock.today()),
        filters=SectionFilters,
        sorts={"scuola": ("school__name", "class_year", "letter"), "bambini": ("pupil_count",)},
        default_sort="scuola",
    )
    return _answer(request, page, SECTION_COLUMNS, "classi", "desk/sections.html")


def _answer[T: Model](
    request: IdentifiedRequest, page: ListPage[T], columns: Sequence[Column[T]], name: str, template: str
) -> HttpResponse:
    """The list as a page or a file; either way it leaves an audit record."""
    record(
        action=Action.PERSON_LIST_EXPORTED if page.export_format else Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="list",
        subject=name,
        now=clock.now(),
        details={"rows": page.total},
    )
    if page.export_format:
        return export_response(page, columns, filename=name)
    return render_list(request, page, template, {"today": clock.today()})
