"""Support acts as a citizen: for a reason, for some minutes, in the open, and never further than allowed."""

import re
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from sportello.accounts import middleware
from sportello.accounts.errors import OwnSupport
from sportello.accounts.forgetting import forget_expired_sessions
from sportello.accounts.granting import grant_role, revoke_role
from sportello.accounts.models import Account, OpenSession, Role, Scheme, SupportVisit
from sportello.accounts.rules import latest_birth
from sportello.accounts.suspending import suspend_account
from sportello.audit.acting import Acting
from sportello.audit.acting import acting as acting_as
from sportello.audit.models import Action, Event
from sportello.audit.recording import record
from sportello.kernel import clock
from sportello.notifications.models import Notice, OutboxMail
from tenants.current import in_schema
from tests.accounts.test_door import enter, put_in_session
from tests.accounts.test_sessions import entered
from tests.comuni import HostClient
from tests.factories import account, family, fiscal_code
from tests.spid_cie.browser import session_data

REASON = "Al telefono chiede aiuto per caricare l'ISEE"
BORN = date(1980, 5, 4)


def made_in(client: HostClient, *roles: Role, **fields: Any) -> Account:
    with in_schema(client.schema):
        return account(*roles, **fields)


@pytest.fixture
def citizen(bari_client: HostClient) -> Account:
    """A mother with two children in Bari."""
    with in_schema(bari_client.schema):
        made = family(children=2).account
        made.birth_date, made.given_name, made.family_name = BORN, "Marta", "Cittadini"
        made.save()
    return made


@pytest.fixture
def supporter(bari_client: HostClient) -> Account:
    """A person of the assistance of Bari."""
    return made_in(bari_client, Role.SUPPORT, given_name="Sara", family_name="Aiuti")


@pytest.fixture
def desk(bari_client: HostClient, supporter: Account) -> HostClient:
    """Her browser."""
    return entered(bari_client, supporter.identifier)


def start(client: HostClient, citizen: Account, *, reason: str = REASON, minutes: int = 10) -> Any:
    return client.post(f"/ufficio/assistenza/{citizen.public_id}/", {"reason": reason, "minutes": minutes})


@pytest.fixture
def acting(desk: HostClient, citizen: Account) -> HostClient:
    """Her browser, acting as the citizen."""
    answer = start(desk, citizen)
    assert (answer.status_code, answer["Location"]) == (302, "/area/")
    return desk


def banner(client: HostClient, path: str = "/area/") -> str:
    """What the banner says; empty without one."""
    found = re.search(r'<aside class="support-strip".*?</aside>', client.get(path).content.decode(), re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


def visit(client: HostClient) -> SupportVisit:
    with in_schema(client.schema):
        return SupportVisit.objects.get()


def events(client: HostClient, *actions: Action) -> list[tuple[str, int | None, int | None]]:
    """Action, actor, on whose behalf."""
    with in_schema(client.schema):
        found = Event.objects.filter(action__in=actions).order_by("pk")
        return list(found.values_list("action", "actor", "on_behalf_of"))


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    """The requests that follow are made at that moment."""
    monkeypatch.setattr(middleware.clock, "now", lambda: moment)


def test_she_acts_as_the_citizen_in_sight(acting: HostClient, citizen: Account) -> None:
    until = visit(acting).ends_at.astimezone(clock.ROME)
    assert banner(acting) == (
        f"Agisci come Marta Cittadini fino alle {until:%-H:%M} . Tutto resta registrato a tuo nome. Termina"
    ).replace(" .", ".")
    assert "Bimba" in acting.get("/area/").content.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/area/",
        "/area/avvisi/",
        "/area/domande/",
        "/appuntamento/",
        "/area/accessi/",
        "/ufficio/",
        "/non-esiste/",
    ],
)
def test_the_banner_is_on_every_page_also_of_refusals(acting: HostClient, path: str) -> None:
    assert banner(acting, path).startswith("Agisci come Marta Cittadini fino alle")


def test_nobody_else_sees_a_banner(bari_client: HostClient, desk: HostClient, acting: HostClient) -> None:
    assert [banner(bari_client, "/"), banner(entered(bari_client, fiscal_code()))] == ["", ""]


def test_the_limit_is_kept_by_the_clock_of_the_server(acting: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    held = visit(acting)
    assert held.ends_at - held.started_at == timedelta(minutes=10)
    at(monkeypatch, held.ends_at - timedelta(seconds=1))
    assert banner(acting) != ""
    at(monkeypatch, held.ends_at)
    answer = acting.get("/area/")
    assert (answer.status_code, answer["Location"]) == (302, "/ufficio/assistenza/")
    page = acting.get("/ufficio/assistenza/").content.decode()
    assert "è finita: ora lavori di nuovo a tuo nome." in page
    assert (visit(acting).end_reason, visit(acting).ended_at, banner(acting)) == ("time_over", held.ends_at, "")


def test_what_was_posted_too_late_is_done_in_nobody_s_name(
    acting: HostClient, citizen: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = session_data(acting)["open_session"]
    at(monkeypatch, visit(acting).ends_at)
    assert acting.post(f"/area/accessi/{ref}/esci/")["Location"] == "/ufficio/assistenza/"
    assert session_data(acting)["open_session"] == ref


def test_an_answer_to_htmx_sends_the_whole_page_back(acting: HostClient, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, visit(acting).ends_at)
    assert acting.get("/area/", headers={"HX-Request": "true"})["HX-Redirect"] == "/ufficio/assistenza/"


def test_termina_makes_her_herself_again(acting: HostClient, supporter: Account) -> None:
    assert acting.post("/assistenza/termina/")["Location"] == "/ufficio/assistenza/"
    page = acting.get("/ufficio/assistenza/").content.decode()
    assert "Non agisci più come Marta Cittadini" in page
    assert (banner(acting), visit(acting).end_reason) == ("", "finished")
    assert acting.post("/assistenza/termina/")["Location"] == "/"


@pytest.mark.parametrize("path", ["/ufficio/", "/ufficio/assistenza/", "/ufficio/personale/", "/ufficio/bambini/"])
def test_the_office_is_out_of_reach_while_she_acts(bari_client: HostClient, citizen: Account, path: str) -> None:
    everything = made_in(bari_client, Role.SUPPORT, Role.ADMINISTRATOR, Role.CLERK, Role.SCHOOL)
    desk = entered(bari_client, everything.identifier)
    before = desk.get(path).status_code
    start(desk, citizen)
    other_tab = HostClient(desk.host, desk.schema)
    other_tab.cookies = desk.cookies
    assert [before, desk.get(path).status_code, other_tab.get(path).status_code] == [200, 403, 403]


def test_from_one_citizen_she_gets_to_no_other(acting: HostClient, bari_client: HostClient, citizen: Account) -> None:
    other = made_in(bari_client, birth_date=BORN)
    assert start(acting, other).status_code == 403
    assert visit(acting).citizen_id == citizen.pk


def test_one_visit_at_a_time_whatever_the_browser(
    acting: HostClient, supporter: Account, bari_client: HostClient
) -> None:
    second = entered(bari_client, supporter.identifier)
    answer = start(second, made_in(bari_client, birth_date=BORN))
    assert (answer.status_code, "Agisci già come" in answer.content.decode()) == (422, True)
    with in_schema(bari_client.schema):
        assert SupportVisit.objects.count() == 1


def test_a_visit_left_open_does_not_bar_the_next_one(
    acting: HostClient, supporter: Account, bari_client: HostClient
) -> None:
    with in_schema(bari_client.schema):
        SupportVisit.objects.update(
            started_at=clock.now() - timedelta(minutes=20), ends_at=clock.now() - timedelta(minutes=10)
        )
    second = entered(bari_client, supporter.identifier)
    assert start(second, made_in(bari_client, birth_date=BORN)).status_code == 302
    with in_schema(bari_client.schema):
        assert sorted(SupportVisit.objects.values_list("end_reason", flat=True)) == ["", "time_over"]


@pytest.mark.parametrize("role", [Role.CLERK, Role.ADMINISTRATOR, Role.SCHOOL])
def test_only_support_may(bari_client: HostClient, citizen: Account, role: Role) -> None:
    desk = entered(bari_client, made_in(bari_client, role).identifier)
    assert [desk.get("/ufficio/assistenza/").status_code, start(desk, citizen).status_code] == [403, 403]


@pytest.mark.parametrize(
    ("roles", "fields"),
    [
        ((Role.SCHOOL,), {"birth_date": BORN}),
        ((Role.SUPPORT,), {"birth_date": BORN}),
        ((), {"birth_date": date(2010, 1, 1)}),
        ((), {"birth_date": BORN, "is_active": False}),
        ((), {"birth_date": BORN, "scheme": Scheme.LOCAL}),
    ],
)
def test_staff_minors_suspended_and_local_accounts_are_not_for_support(
    desk: HostClient, roles: tuple[Role, ...], fields: dict[str, Any]
) -> None:
    person = made_in(desk, *roles, **fields)
    assert [start(desk, person).status_code, "support_visit" in session_data(desk)] == [404, False]


def test_a_minor_known_by_the_fiscal_code_alone_is_refused(desk: HostClient) -> None:
    answer = start(desk, made_in(desk, identifier=fiscal_code(birth_date=date(2010, 1, 1))))
    assert (answer.status_code, "persona adulta" in answer.content.decode()) == (422, True)


def test_nobody_acts_as_herself(desk: HostClient, supporter: Account) -> None:
    assert start(desk, supporter).status_code == 404
    with in_schema(desk.schema), pytest.raises(IntegrityError), transaction.atomic():
        SupportVisit.objects.create(
            supporter=supporter, citizen=supporter, reason="x", started_at=clock.now(), ends_at=clock.now()
        )


def test_the_database_knows_no_visit_longer_than_half_an_hour(
    desk: HostClient, supporter: Account, citizen: Account
) -> None:
    now, late = clock.now(), clock.now() + timedelta(minutes=31)
    with in_schema(desk.schema), pytest.raises(IntegrityError), transaction.atomic():
        SupportVisit.objects.create(supporter=supporter, citizen=citizen, reason="x", started_at=now, ends_at=late)


@pytest.mark.parametrize(("reason", "minutes"), [("", 10), ("aiuto", 10), (" " * 40, 10), (REASON, 45), (REASON, 0)])
def test_without_a_reason_or_with_another_time_nothing_starts(
    desk: HostClient, citizen: Account, reason: str, minutes: int
) -> None:
    assert start(desk, citizen, reason=reason, minutes=minutes).status_code == 422
    with in_schema(desk.schema):
        assert SupportVisit.objects.count() == 0


def test_everything_is_on_record_with_both_people(acting: HostClient, supporter: Account, citizen: Account) -> None:
    acting.get("/area/")
    acting.post("/assistenza/termina/")
    held = str(visit(acting).public_id)
    assert events(acting, Action.SUPPORT_STARTED, Action.SUPPORT_PAGE, Action.SUPPORT_ENDED) == [
        ("support_started", supporter.pk, None),
        ("support_page", supporter.pk, citizen.pk),
        ("support_ended", supporter.pk, None),
    ]
    with in_schema(acting.schema):
        found = Event.objects.filter(subject=str(citizen.public_id)).order_by("pk").values_list("details", flat=True)
        assert list(found) == [
            {"visit": held, "minutes": 10, "reason": REASON},
            {"page": "desk:area", "method": "GET", "status": 200},
            {"visit": held, "why": "finished", "reason": REASON},
        ]


def test_a_page_about_a_child_names_the_child_on_record(acting: HostClient, citizen: Account) -> None:
    link = re.search(r"/area/figli/([0-9a-f-]{36})/", acting.get("/area/").content.decode())
    assert link is not None
    acting.get(link[0])
    with in_schema(acting.schema):
        last = Event.objects.filter(action=Action.SUPPORT_PAGE).latest("pk")
    assert last.details == {"page": "desk:child", "method": "GET", "status": 200, "about": link[1]}


def test_a_record_outside_a_visit_is_her_own(desk: HostClient, supporter: Account) -> None:
    desk.get("/ufficio/assistenza/", {"cerca": "Cittadini"})
    assert events(desk, Action.PERSON_LIST_READ) == [("person_list_read", supporter.pk, None)]


def test_the_citizen_is_told_and_support_cannot_hide_it(acting: HostClient, citizen: Account) -> None:
    held = visit(acting)
    with in_schema(acting.schema):
        told = Notice.objects.get(account=citizen)
        sent = OutboxMail.objects.get()
    begun, until = (moment.astimezone(clock.ROME) for moment in (held.started_at, held.ends_at))
    assert told.body.splitlines()[0] == (
        f"Il {begun:%d/%m/%Y} dalle {begun:%H:%M}, al massimo fino alle {until:%H:%M}, Prova Cittadina dell'assistenza "
        f"ha agito nella tua area personale. Motivo: {REASON}"
    )
    assert (sent.recipient, sent.subject) == (citizen.email, "L'assistenza del Comune ha aperto la tua area personale")
    assert acting.get(f"/area/avvisi/{told.public_id}/").status_code == 200
    with in_schema(acting.schema):
        assert Notice.objects.get(account=citizen).read_at is None
    hers = entered(acting, citizen.identifier)
    hers.get(f"/area/avvisi/{told.public_id}/")
    with in_schema(acting.schema):
        assert Notice.objects.get(account=citizen).read_at is not None
    mail.outbox.clear()


def test_her_sessions_do_not_show_support_and_support_does_not_see_them(acting: HostClient, citizen: Account) -> None:
    hers = entered(acting, citizen.identifier)
    page = hers.get("/area/accessi/").content.decode()
    with in_schema(acting.schema):
        own = OpenSession.objects.get(account=citizen).public_id
    assert page.count("Questo dispositivo") == 1
    assert "altri" not in page.partition("<main")[2]
    refusals = [
        acting.get("/area/accessi/"),
        acting.post("/area/accessi/altri/esci/"),
        acting.post(f"/area/accessi/{own}/esci/"),
    ]
    assert [answer.status_code for answer in refusals] == [403, 403, 403]
    assert "Questo può farlo solo Prova Cittadina di persona" in refusals[0].content.decode()
    assert hers.get("/area/accessi/").status_code == 200


def test_logging_out_while_acting_ends_everything(acting: HostClient, supporter: Account) -> None:
    ref = UUID(session_data(acting)["open_session"])
    acting.post("/esci/")
    with in_schema(acting.schema):
        assert OpenSession.objects.get(public_id=ref).end_reason == "logout"
    assert visit(acting).end_reason == "session_over"
    assert events(acting, Action.LOGOUT, Action.SUPPORT_ENDED) == [
        ("logout", supporter.pk, None),
        ("support_ended", supporter.pk, None),
    ]
    assert acting.get("/area/")["Location"].startswith("/accedi/")


def test_who_enters_in_her_browser_is_herself(acting: HostClient, citizen: Account, supporter: Account) -> None:
    enter(acting, citizen.identifier)
    assert (banner(acting), visit(acting).end_reason) == ("", "session_over")
    assert events(acting, Action.LOGIN) == [("login", supporter.pk, None), ("login", citizen.pk, None)]


def test_the_role_taken_ends_the_visit(bari_client: HostClient, citizen: Account) -> None:
    chief, person = made_in(bari_client, Role.ADMINISTRATOR), made_in(bari_client, Role.SUPPORT, Role.CLERK)
    desk = entered(bari_client, person.identifier)
    start(desk, citizen)
    with in_schema(desk.schema):
        revoke_role(grant=person.grants.get(role=Role.SUPPORT), actor=chief, now=clock.now())
    assert desk.get("/area/")["Location"] == "/ufficio/assistenza/"
    assert (banner(desk), visit(desk).end_reason) == ("", "revoked")


def test_the_only_role_taken_ends_her_session_and_the_visit(
    acting: HostClient, bari_client: HostClient, supporter: Account
) -> None:
    chief = made_in(bari_client, Role.ADMINISTRATOR)
    with in_schema(acting.schema):
        revoke_role(grant=supporter.grants.get(), actor=chief, now=clock.now())
    assert acting.get("/area/")["Location"].startswith("/accedi/")
    assert visit(acting).end_reason == "session_over"


def test_the_visit_ends_with_the_account_or_when_she_gets_a_role(
    acting: HostClient, bari_client: HostClient, citizen: Account
) -> None:
    chief = made_in(bari_client, Role.ADMINISTRATOR)
    with in_schema(acting.schema):
        grant_role(account=citizen, role=Role.CLERK, reason="", actor=chief, now=clock.now())
    assert acting.get("/ufficio/")["Location"] == "/ufficio/assistenza/"
    assert visit(acting).end_reason == "citizen"


def test_the_visit_ends_when_the_citizen_is_suspended(
    acting: HostClient, bari_client: HostClient, citizen: Account
) -> None:
    chief = made_in(bari_client, Role.ADMINISTRATOR)
    with in_schema(acting.schema):
        suspend_account(account=citizen, reason="prova", actor=chief, now=clock.now())
    assert acting.get("/area/")["Location"] == "/ufficio/assistenza/"
    assert visit(acting).end_reason == "citizen"


def test_the_visit_of_another_browser_or_comune_is_worth_nothing(
    acting: HostClient, bari_client: HostClient, bitonto_client: HostClient, supporter: Account
) -> None:
    held = str(visit(acting).public_id)
    strangers = [entered(bari_client, fiscal_code()), entered(bitonto_client, fiscal_code())]
    strangers.append(entered(bari_client, supporter.identifier))  # another browser of her own
    for stranger in strangers:
        put_in_session(stranger, support_visit=held)
    bitonto_client.cookies["sessione"] = acting.cookies["sessione"].value
    assert [banner(browser) for browser in strangers] == ["", "", ""]
    assert (banner(bitonto_client, "/"), banner(acting) == "", visit(acting).end_reason) == ("", False, "")
    assert bitonto_client.get("/area/")["Location"].startswith("/accedi/")


def test_a_form_drawn_in_another_name_is_worth_nothing(
    bari_client: HostClient, supporter: Account, citizen: Account
) -> None:
    desk = HostClient(bari_client.host, bari_client.schema, enforce_csrf_checks=True)

    def token(path: str) -> str:
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', desk.get(path).content.decode())
        assert found is not None
        return found[1]

    loose = entered(bari_client, supporter.identifier)
    desk.cookies = loose.cookies
    address = f"/ufficio/assistenza/{citizen.public_id}/"
    before = token(address)
    posted = {"reason": REASON, "minutes": 10, "csrfmiddlewaretoken": before}
    assert desk.post(address, posted).status_code == 302
    during = token("/area/")
    assert desk.post("/assistenza/termina/", {"csrfmiddlewaretoken": before}).status_code == 403
    assert desk.post("/assistenza/termina/", {"csrfmiddlewaretoken": during}).status_code == 302
    assert desk.post("/appuntamento/", {"csrfmiddlewaretoken": during}).status_code == 403


def test_an_account_switched_off_by_hand_ends_the_visit(acting: HostClient, supporter: Account) -> None:
    with in_schema(acting.schema):
        Account.objects.filter(pk=supporter.pk).update(is_active=False)
    acting.get("/area/")
    assert (visit(acting).end_reason, banner(acting, "/")) == ("revoked", "")


def test_every_night_the_visits_left_open_are_ended(acting: HostClient) -> None:
    held = visit(acting)
    with in_schema(acting.schema):
        forget_expired_sessions(now=held.ends_at - timedelta(seconds=1))
        before = visit(acting).end_reason
        forget_expired_sessions(now=held.ends_at)
    assert [before, visit(acting).end_reason] == ["", "time_over"]
    assert len(events(acting, Action.SUPPORT_ENDED)) == 1


def test_support_is_given_by_somebody_else(bari: None) -> None:
    chief, person = account(Role.ADMINISTRATOR), account()
    with pytest.raises(OwnSupport):
        grant_role(account=chief, role=Role.SUPPORT, reason="", actor=chief, now=clock.now())
    grant_role(account=person, role=Role.SUPPORT, reason="", actor=chief, now=clock.now())
    assert Account.objects.get(pk=person.pk).roles_on(clock.today()) == {Role.SUPPORT}


def test_nobody_is_listed_before_a_name_is_given(desk: HostClient, citizen: Account) -> None:
    empty = desk.get("/ufficio/assistenza/").content.decode()
    found = desk.get("/ufficio/assistenza/", {"cerca": "cittad"}).content.decode()
    assert ["Cittadini" in page for page in (empty, found)] == [False, True]
    assert f"/ufficio/assistenza/{citizen.public_id}/" in found


def test_what_another_does_in_the_same_moment_stays_hers(bari: None) -> None:
    clerk, helped, helper = account(), account(), account()
    with acting_as(Acting(actor=helper.pk, on_behalf_of=helped.pk)):
        for actor in (clerk.pk, helped.pk, None):
            record(action=Action.LOGIN, actor=actor, subject_kind="account", subject="x", now=clock.now())
    found = Event.objects.order_by("pk").values_list("actor", "on_behalf_of")
    assert list(found) == [(clerk.pk, None), (helper.pk, helped.pk), (None, None)]


def test_support_lands_at_its_desk(desk: HostClient, bari_client: HostClient, supporter: Account) -> None:
    assert enter(entered(bari_client, supporter.identifier), supporter.identifier) == "/ufficio/assistenza/"


@pytest.mark.parametrize(
    ("day", "born"),
    [
        (date(2026, 11, 23), date(2008, 11, 23)),
        (date(2024, 2, 29), date(2006, 2, 28)),
        (date(2026, 3, 1), date(2008, 3, 1)),
    ],
)
def test_who_is_eighteen_today(day: date, born: date) -> None:
    assert latest_birth(18, day) == born
