"""The accounting office: what was collected by chapter, the chapters, the treasury's movements."""

from collections import Counter
from datetime import date, timedelta
from typing import Final

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from services_catalog.models import Service
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.accounting.chapters import Wanted, set_chapter
from sportello.billing.accounting.collecting import Collected, collected, without_chapter
from sportello.billing.accounting.crediting import load_journal, uncredited
from sportello.billing.accounting.forms import ChapterForm, JournalForm, PeriodForm
from sportello.billing.accounting.models import Chapter, Movement, MovementVerdict
from sportello.billing.bookkeepers import BOOKKEEPERS
from sportello.kernel import clock
from sportello.kernel.errors import DomainError
from sportello.kernel.money import Money
from sportello.ui.export import Column, file_response
from sportello.ui.listing import Tab, list_page

FORMATS: Final = ("csv", "xlsx")
TABS: Final = (
    Tab("", gettext_lazy("Da abbinare"), ~Q(verdict=MovementVerdict.MATCHED)),
    Tab("abbinate", gettext_lazy("Abbinate"), Q(verdict=MovementVerdict.MATCHED)),
)
COLUMNS: Final[tuple[Column[Collected], ...]] = (
    Column(gettext_lazy("Riversato il"), lambda row: row.flow.regulated_on),
    Column(gettext_lazy("Riferimento del bonifico (TRN)"), lambda row: row.flow.regulation),
    Column(gettext_lazy("Flusso"), lambda row: row.flow.fdr),
    Column(gettext_lazy("Codice prestatore"), lambda row: row.flow.psp_id),
    Column(gettext_lazy("Prestatore"), lambda row: row.flow.psp_name),
    Column(gettext_lazy("Pagato il"), lambda row: row.paid_on),
    Column(gettext_lazy("Servizio"), lambda row: row.service),
    Column(gettext_lazy("Causale"), lambda row: str(row.purpose)),
    Column(gettext_lazy("Capitolo"), lambda row: row.chapter.code if row.chapter else ""),
    Column(gettext_lazy("Anno dell'accertamento"), lambda row: row.chapter.assessment_year if row.chapter else None),
    Column(gettext_lazy("Numero dell'accertamento"), lambda row: row.chapter.assessment_number if row.chapter else ""),
    Column(gettext_lazy("Importo"), lambda row: row.amount),
    Column(gettext_lazy("Nota"), lambda row: str(row.note)),
)


@require_GET
@role_required(*BOOKKEEPERS)
def collections(request: IdentifiedRequest) -> HttpResponse:
    """The sums of a period by service and chapter; this month unless another is asked for."""
    form = _period(request)
    rows = collected(first=form.cleaned_data["dal"], last=form.cleaned_data["al"]) if form.is_valid() else []
    sums: Counter[tuple[str, str, str, str]] = Counter()
    for row in rows:
        sums[row.service, str(row.purpose), str(row.chapter or ""), str(row.note)] += row.amount.cents
    context = {
        "form": form,
        "sums": [(*key, Money(cents)) for key, cents in sorted(sums.items())],
        "total": Money.sum(row.amount for row in rows),
        "open": without_chapter(rows),
        "asked": request.GET.urlencode() if "dal" in request.GET else _asked(form),
    }
    return render(request, "accounting/collections.html", context, status=422 if form.errors else 200)


@require_GET
@role_required(*BOOKKEEPERS)
def export(request: IdentifiedRequest) -> HttpResponse:
    """The rows of a period as a file; who took it is on record."""
    form, file_format = PeriodForm(request.GET), request.GET.get("formato", "")
    if not form.is_valid() or file_format not in FORMATS:
        return HttpResponseBadRequest(_("Scegli il periodo e il formato."), content_type="text/plain; charset=utf-8")
    first, last = form.cleaned_data["dal"], form.cleaned_data["al"]
    rows = collected(first=first, last=last)
    record(
        action=Action.ACCOUNTS_EXPORTED,
        actor=request.user.pk,
        subject_kind="accounts",
        subject=f"{first}/{last}",
        now=clock.now(),
        details={"rows": len(rows), "cents": Money.sum(row.amount for row in rows).cents},
    )
    return file_response(rows, COLUMNS, file_format=file_format, filename=f"incassi-{first}-{last}")


@role_required(*BOOKKEEPERS)
def chapters(request: IdentifiedRequest) -> HttpResponse:
    """The chapters of every service with their days, and the form for another."""
    form = ChapterForm(request.POST or None, initial={"assessment_year": clock.today().year})
    if request.method == "POST" and form.is_valid():
        try:
            set_chapter(wanted=Wanted(**form.cleaned_data), actor=request.user.pk, now=clock.now())
        except DomainError as error:
            form.add_error("since", str(error))
        else:
            messages.success(request, _("Capitolo impostato."))
            return redirect("accounting:chapters")
    names = dict(Service.objects.order_by("pk").values_list("code", "name"))
    rows = [
        (one, names.get(one.service_code, one.service_code))
        for one in Chapter.objects.order_by("service_code", "-valid_during")
    ]
    missing = sorted(name for code, name in names.items() if code not in {one.service_code for one, _name in rows})
    context = {"form": form, "rows": rows, "missing": missing}
    return render(request, "accounting/chapters.html", context, status=422 if form.errors else 200)


@role_required(*BOOKKEEPERS)
def treasury(request: IdentifiedRequest) -> HttpResponse:
    """The movements that are no flow's with the reason, those that are, and the flows not credited yet."""
    form = JournalForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            done = load_journal(name=file.name or "", content=file.read(), actor=request.user.pk, now=clock.now())
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            messages.success(
                request,
                _("Giornale caricato: movimenti nuovi %(new)s su %(all)s.") % {"new": done.new, "all": done.lines},
            )
            return redirect("accounting:treasury")
    page = list_page(
        request,
        Movement.objects.select_related("flow"),
        sorts={"data": ("booked_on",), "importo": ("amount_cents",)},
        default_sort="-data",
        tabs=TABS,
        exports=False,
    )
    context = {"form": form, "page": page, "uncredited": uncredited(today=clock.today())}
    return render(request, "accounting/treasury.html", context, status=422 if form.errors else 200)


def _period(request: IdentifiedRequest) -> PeriodForm:
    """What the address asks for, else this month until today."""
    if "dal" in request.GET or "al" in request.GET:
        return PeriodForm(request.GET)
    today = clock.today()
    return PeriodForm({"dal": today.replace(day=1).isoformat(), "al": _end(today).isoformat()})


def _end(today: date) -> date:
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _asked(form: PeriodForm) -> str:
    return f"dal={form.data['dal']}&al={form.data['al']}"
