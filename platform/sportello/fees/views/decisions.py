"""The decisions on prices, at the office: what is to send and why, what was sent; sending some or all of them."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from sportello.accounts.models import Role
from sportello.accounts.permissions import IdentifiedRequest, role_required
from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.fees.forms import CHANGES, DecisionFilters
from sportello.fees.models import DecisionStatus, PriceDecision
from sportello.fees.reasons import UNDECIDED, sentences_of
from sportello.fees.sending import send_prices
from sportello.fees.telling_families import price_in_words
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.ui.export import Column, export_response
from sportello.ui.listing import ListPage, Tab, list_page, render_list

OFFICE = (Role.CLERK, Role.ADMINISTRATOR)
SORTS = {
    "bambino": ("child__family_name", "child__given_name", "valid_during"),
    "dal": ("valid_during",),
    "prezzo": ("unit_price_cents",),
    "inviata": ("sent_at",),
}
DRAFT = Q(status=DecisionStatus.DRAFT)
STUCK = Q(reasons__contains=[UNDECIDED])
TABS = (
    Tab("", gettext_lazy("Da inviare"), DRAFT & ~STUCK),
    Tab("da-risolvere", gettext_lazy("Da risolvere"), DRAFT & STUCK),
    Tab("inviate", gettext_lazy("Inviate"), ~DRAFT & Q(sending__isnull=False)),
)
COLUMNS: tuple[Column[PriceDecision], ...] = (
    Column(gettext_lazy("Cognome"), lambda row: row.child.family_name),
    Column(gettext_lazy("Nome"), lambda row: row.child.given_name),
    Column(gettext_lazy("Servizio"), lambda row: row.service.name),
    Column(gettext_lazy("Dal"), lambda row: row.period.start),
    Column(gettext_lazy("Al"), lambda row: row.period.last_day),
    Column(gettext_lazy("Prima"), lambda row: "" if row.before_cents is None else Money(row.before_cents).format()),
    Column(gettext_lazy("Prezzo"), lambda row: "" if row.ends else price_in_words(row)),
    Column(gettext_lazy("Motivi"), lambda row: " ".join(sentences_of(row.reasons))),
    Column(gettext_lazy("Atto"), lambda row: row.edition.act_number),
    Column(gettext_lazy("Stato"), lambda row: row.get_status_display()),
    Column(gettext_lazy("Inviata"), lambda row: row.sent_at),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A decision as the page says it."""

    row: PriceDecision
    price: str
    before: str
    reasons: list[str]
    tone: str


@role_required(*OFFICE)
@require_GET
def to_send(request: IdentifiedRequest) -> HttpResponse:
    """The decisions: those to send first, with what changes and why."""
    page = _page(request)
    record(
        action=Action.PERSON_LIST_EXPORTED if page.export_format else Action.PERSON_LIST_READ,
        actor=request.user.pk,
        subject_kind="list",
        subject="price_decisions",
        now=clock.now(),
        details={"rows": page.total},
    )
    if page.export_format:
        return export_response(page, COLUMNS, filename="decisioni")
    context = {"shown": [_shown(row) for row in page.rows], "totals": _totals(page.matching)}
    return render_list(request, page, "fees/to_send.html", {**context, "may_send": request.GET.get("vista", "") == ""})


@role_required(*OFFICE)
@require_POST
def send(request: IdentifiedRequest) -> HttpResponse:
    """Sends the ticked decisions, or all those of the list as it was shown; a second click finds nothing to send."""
    if request.POST.get("tutte"):
        drafts = _all_shown(request)
    else:
        chosen = [int(value) for value in request.POST.getlist("decisione") if value.isascii() and value.isdigit()]
        drafts = PriceDecision.objects.filter(pk__in=chosen)
    done = send_prices(drafts=drafts, actor=request.user.pk, now=clock.now())
    if done.sent:
        text = ngettext(
            "%(count)d decisione inviata: la famiglia riceve l'avviso.",
            "%(count)d decisioni inviate: le famiglie ricevono l'avviso.",
            done.sent,
        )
        messages.success(request, text % {"count": done.sent})
    else:
        messages.warning(request, _("Nessuna decisione da inviare: spuntane almeno una, o sono già state inviate."))
    return redirect("fees:to_send")


def _all_shown(request: IdentifiedRequest) -> QuerySet[PriceDecision]:
    """All the rows of the filters, up to the newest that the page knew: what came later was seen by nobody."""
    newest = request.POST.get("ultima", "")
    form = DecisionFilters(QueryDict(request.POST.get("filtri", "")))
    if not (newest.isascii() and newest.isdigit()) or form.errors:
        return PriceDecision.objects.none()
    return form.apply(PriceDecision.objects.to_send()).filter(pk__lte=int(newest))


def _page(request: IdentifiedRequest) -> ListPage[PriceDecision]:
    rows = PriceDecision.objects.select_related("child", "service", "edition")
    return list_page(request, rows, filters=DecisionFilters, sorts=SORTS, default_sort="bambino", tabs=TABS)


def _totals(rows: QuerySet[PriceDecision]) -> dict[str, int]:
    """How many decisions do what to the price, how many children, the newest row; one query."""
    counts = {name: Count("pk", filter=effect) for name, effect in CHANGES.items()}
    found: dict[str, int] = rows.order_by().aggregate(
        children=Count("child", distinct=True), newest=Max("pk"), **counts
    )
    return found


def _shown(row: PriceDecision) -> Shown:
    before = "" if row.before_cents is None else Money(row.before_cents).format()
    cents = row.before_cents
    tone = "neutral" if cents is None or row.ends or cents == row.unit_price_cents else ""
    tone = tone or ("attention" if row.unit_price_cents > (cents or 0) else "success")
    return Shown(row, "" if row.ends else price_in_words(row), before, sentences_of(row.reasons), tone)
