"""GPD and ACA by REST, first version: one set of calls, two stores (P23)."""

from datetime import datetime, time
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.dateparse import parse_date, parse_datetime

from integrations.pagopa.simulator.happened import note
from integrations.pagopa.simulator.models import Option, Position
from integrations.pagopa.simulator.positions import keeping
from integrations.pagopa.simulator.positions.judging import zoned
from integrations.pagopa.simulator.positions.keeping import Refused
from integrations.pagopa.simulator.positions.showing import option_shown, position_shown
from integrations.pagopa.simulator.positions.structs import AlreadyPaid, NewIban, PaymentPosition
from integrations.pagopa.simulator.views.answers import called_by_machines, gone_wrong, number, problem
from sportello.kernel import clock
from sportello.kernel.clock import ROME

type Answer = tuple[int, Any]
MOST = 50


@called_by_machines("GET", "POST")
def positions(request: HttpRequest, product: str, fiscal_code: str) -> HttpResponse:
    """The list, or a new position."""
    if request.method == "POST":
        return _answered(_create, request, product, fiscal_code)
    return _answered(_list, request, product, fiscal_code)


@called_by_machines("GET", "PUT", "DELETE")
def position(request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> HttpResponse:
    """One position: read, written anew, thrown away."""
    does = {"GET": _read, "PUT": _update, "DELETE": _delete}[str(request.method)]
    return _answered(does, request, product, fiscal_code, iupd)


@called_by_machines("POST")
def publish(request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> HttpResponse:
    """From the draft to the payers."""
    return _answered(_publish, request, product, fiscal_code, iupd)


@called_by_machines("POST")
def invalidate(request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> HttpResponse:
    """Not to be paid any more."""
    return _answered(_invalidate, request, product, fiscal_code, iupd)


@called_by_machines("PATCH")
def transfers(request: HttpRequest, product: str, fiscal_code: str) -> HttpResponse:
    """Another account in all positions."""
    return _answered(_change_iban, request, product, fiscal_code)


@called_by_machines("POST")
def paids(request: HttpRequest, product: str, fiscal_code: str, nav: str) -> HttpResponse:
    """Paid elsewhere."""
    return _answered(_paids, request, product, fiscal_code, nav)


def _answered(does: Any, request: HttpRequest, product: str, *args: str) -> HttpResponse:
    return gone_wrong(
        request,
        lambda: _done(does, request, product, *args),
        lambda: problem(400, "Bad request", "armed at the desk"),
    )


def _done(does: Any, request: HttpRequest, product: str, *args: str) -> HttpResponse:
    """Runs it, tells what happened, and puts refusals into words."""
    what, code = f"{product} {request.method}", args[0]
    try:
        status, content = does(request, product, *args)
    except msgspec.MsgspecError as error:
        status, content = 400, problem(400, "Bad request", str(error))
    except ValueError as error:
        status, content = 400, problem(400, "Bad request", str(error))
    except Refused as error:
        status, content = error.status, problem(error.status, error.title, error.detail)
    if request.method != "GET":
        words = content.content.decode() if isinstance(content, HttpResponse) else ""
        note(what, f"{status} {words}".strip(), fiscal_code=code, good=status < 500)
    return content if isinstance(content, HttpResponse) else JsonResponse(content, status=status, safe=False)


def _sent(request: HttpRequest) -> PaymentPosition:
    return msgspec.json.decode(request.body, type=PaymentPosition)


def _to_publish(request: HttpRequest) -> bool:
    return request.GET.get("toPublish", "false").lower() == "true"


def _create(request: HttpRequest, product: str, fiscal_code: str) -> Answer:
    sent = _sent(request)
    keeping.create(product=product, fiscal_code=fiscal_code, sent=sent, publish=_to_publish(request), now=clock.now())
    return 201, _echo(product, fiscal_code, sent.iupd)


def _update(request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> Answer:
    keeping.update(
        product=product,
        fiscal_code=fiscal_code,
        iupd=iupd,
        sent=_sent(request),
        publish=_to_publish(request),
        now=clock.now(),
    )
    return 200, _echo(product, fiscal_code, iupd)


def _read(_request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> Answer:
    return 200, position_shown(keeping.find(product=product, fiscal_code=fiscal_code, iupd=iupd, now=clock.now()))


def _delete(_request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> Answer:
    keeping.delete(product=product, fiscal_code=fiscal_code, iupd=iupd, now=clock.now())
    return 200, "Operation executed successfully"


def _publish(_request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> Answer:
    keeping.publish(product=product, fiscal_code=fiscal_code, iupd=iupd, now=clock.now())
    return 200, _echo(product, fiscal_code, iupd)


def _invalidate(_request: HttpRequest, product: str, fiscal_code: str, iupd: str) -> Answer:
    keeping.invalidate(product=product, fiscal_code=fiscal_code, iupd=iupd, now=clock.now())
    return 200, _echo(product, fiscal_code, iupd)


def _change_iban(request: HttpRequest, product: str, fiscal_code: str) -> Answer:
    if product != "gpd":
        raise Refused(404, "Not found", "ACA has no such call")
    new = msgspec.json.decode(request.body, type=NewIban).new_iban
    old = request.GET.get("oldIban", "")
    changed = keeping.change_iban(product=product, fiscal_code=fiscal_code, old=old, new=new, now=clock.now())
    return 200, {"description": f"IBAN updated on {changed} transfers", "updatedTransfers": changed}


def _paids(request: HttpRequest, product: str, fiscal_code: str, nav: str) -> Answer:
    told = msgspec.json.decode(request.body or b"{}", type=AlreadyPaid)
    now = clock.now()
    paid_at = zoned(told.payment_date) if isinstance(told.payment_date, datetime) else now
    option: Option = keeping.mark_paid(product=product, fiscal_code=fiscal_code, nav=nav, paid_at=paid_at, now=now)
    return 200, option_shown(option)


def _list(request: HttpRequest, product: str, fiscal_code: str) -> Answer:
    page, limit = number(request, "page", 0, least=0, most=10**6), number(request, "limit", MOST, least=1, most=MOST)
    held = Position.objects.filter(product=product, fiscal_code=fiscal_code).order_by("id")
    for name, lookup in (("due_date", "options__due_at"), ("payment_date", "options__paid_at")):
        for end, compared in (("from", "gte"), ("to", "lte")):
            day = parse_date(request.GET.get(f"{name}_{end}", ""))
            if day is not None:
                moment = datetime.combine(day, time.min if end == "from" else time.max, ROME)
                held = held.filter(**{f"{lookup}__{compared}": moment})
            exactly = parse_datetime(request.GET.get(f"{name}_time_{end}", ""))
            if exactly is not None:
                held = held.filter(**{f"{lookup}__{compared}": zoned(exactly)})
    rows = [keeping.aged(row, clock.now()) for row in held.distinct()]
    state = request.GET.get("status")
    rows = [row for row in rows if not state or row.state == state]
    info = {"page": page, "limit": limit, "items_found": len(rows), "total_pages": -(-len(rows) // limit)}
    shown = rows[page * limit : (page + 1) * limit]
    return 200, {"payment_position_list": [position_shown(row) for row in shown], "page_info": info}


def _echo(product: str, fiscal_code: str, iupd: str) -> dict[str, Any]:
    """What was sent, with the state it has now."""
    held = keeping.find(product=product, fiscal_code=fiscal_code, iupd=iupd, now=clock.now())
    return {**held.content, "status": held.state}
