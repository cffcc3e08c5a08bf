"""The sessions of a person: written down at the entrance, listed, ended one by one, all, or by somebody else."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sportello.accounts import middleware
from sportello.accounts.devices import Device, device_of
from sportello.accounts.forgetting import forget_expired_sessions
from sportello.accounts.granting import revoke_role
from sportello.accounts.local_accounts import renew_link
from sportello.accounts.models import Account, EndReason, OpenSession, Role, Scheme
from sportello.accounts.sessions import close_sessions
from sportello.accounts.suspending import readmit_account, suspend_account
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tests.accounts.test_door import enter
from tests.comuni import HostClient
from tests.factories import account, fiscal_code
from tests.spid_cie.browser import Login, session_data, signed_in

PHONE = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
LIST = "/area/accessi/"


def browser(client: HostClient, user_agent: str = PHONE) -> HostClient:
    """Another browser on the same host."""
    made = HostClient(client.host, client.schema)
    made.defaults["HTTP_USER_AGENT"] = user_agent
    return made


def entered(client: HostClient, code: str, user_agent: str = PHONE) -> HostClient:
    """Another browser in which that person has entered."""
    made = browser(client, user_agent)
    enter(made, code)
    return made


def ref_of(client: HostClient) -> UUID:
    return UUID(session_data(client)["open_session"])


def row_of(client: HostClient, ref: UUID) -> OpenSession:
    with in_schema(client.schema):
        return OpenSession.objects.get(public_id=ref)


def ended(client: HostClient, ref: UUID) -> str:
    """Why the session is over; empty while it is open."""
    return row_of(client, ref).end_reason


def closings(client: HostClient) -> list[tuple[int | None, str, dict[str, str]]]:
    with in_schema(client.schema):
        return [
            (event.actor, event.subject, event.details)
            for event in Event.objects.filter(action=Action.SESSION_CLOSED).order_by("pk")
        ]


@pytest.mark.parametrize(
    ("user_agent", "browser", "system"),
    [
        (PHONE, "Chrome", "Android"),
        (DESK, "Firefox", "Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari", "iPhone"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1", "Chrome", "iPhone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari", "Mac"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge", "Windows"),
        ("Mozilla/5.0 (Linux; Android 15) SamsungBrowser/28.0 Chrome/130.0 Mobile", "Samsung Internet", "Android"),
        ("curl/8.9", "", ""),
        ("", "", ""),
    ],
)
def test_a_device_is_two_words(user_agent: str, browser: str, system: str) -> None:
    assert device_of(user_agent) == Device(browser, system)


def test_the_entrance_is_written_down(bari_client: HostClient) -> None:
    phone = browser(bari_client)
    enter(phone, fiscal_code(), scheme="cie")
    row = row_of(phone, ref_of(phone))
    assert (row.provider, row.level, row.browser, row.system) == ("cie", 3, "Chrome", "Android")
    assert (row.session_key, row.ended_at, row.end_reason) == (phone.cookies["sessione"].value, None, "")
    assert row.opened_at == row.last_seen_at
    assert "Mozilla" not in str(row.__dict__)


def test_logging_out_ends_this_session_and_no_other(bari_client: HostClient) -> None:
    code = fiscal_code()
    phone, desk = entered(bari_client, code), entered(bari_client, code, DESK)
    left, kept = ref_of(phone), ref_of(desk)
    phone.post("/esci/")
    assert (ended(phone, left), ended(desk, kept)) == ("logout", "")
    assert signed_in(desk)
    assert closings(bari_client) == []  # the logout has an event of its own


def test_who_enters_over_another_ends_her_session(bari_client: HostClient) -> None:
    phone = entered(bari_client, fiscal_code())
    first = ref_of(phone)
    enter(phone, fiscal_code())
    assert (ended(phone, first), ended(phone, ref_of(phone))) == ("logout", "")


def test_the_list_shows_mine_and_marks_this_one(bari_client: HostClient) -> None:
    code = fiscal_code()
    entered(bari_client, fiscal_code(), "Mozilla/5.0 (iPad; CPU OS 18) Version/18.0 Safari/604.1")
    phone, desk = entered(bari_client, code), entered(bari_client, code, DESK)
    page = desk.get(LIST).content.decode()
    found = [name.strip() for name in re.findall(r'row-title">([^<]+)', page)]
    assert found == ["Firefox su Windows", "Chrome su Android"]
    assert page.count("Questo dispositivo") == 1
    assert page.index("Questo dispositivo") < page.index("Chrome su Android")
    assert "iPad" not in page
    assert "SPID (SPID dimostrativo), livello 2" in page
    assert str(ref_of(phone)) in page


def test_one_session_or_three_cost_the_same(bari_client: HostClient) -> None:
    code = fiscal_code()
    here = entered(bari_client, code)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert here.get(LIST).status_code == 200
        return len(captured)

    queries()
    one = queries()
    entered(bari_client, code)
    entered(bari_client, code)
    assert queries() == one


def test_she_puts_another_device_out(bari_client: HostClient) -> None:
    code = fiscal_code()
    phone, desk = entered(bari_client, code), entered(bari_client, code, DESK)
    lost = ref_of(phone)
    answer = desk.post(f"{LIST}{lost}/esci/")
    assert (answer.status_code, answer["Location"]) == (302, LIST)
    assert ended(desk, lost) == "closed_by_owner"
    with in_schema(desk.schema):
        assert not Session.objects.filter(session_key=phone.cookies["sessione"].value).exists()
    assert phone.get(LIST)["Location"] == "/accedi/?next=%2Farea%2Faccessi%2F"
    assert desk.get(LIST).status_code == 200
    owner = row_of(desk, lost).account_id
    assert closings(desk) == [(owner, str(lost), {"reason": "closed_by_owner"})]
    assert desk.post(f"{LIST}{lost}/esci/").status_code == 404


def test_out_of_this_device_is_a_logout(bari_client: HostClient) -> None:
    phone = entered(bari_client, fiscal_code())
    ref = ref_of(phone)
    answer = phone.post(f"{LIST}{ref}/esci/")
    assert (answer.status_code, answer["Location"], ended(phone, ref)) == (302, "/", "logout")
    assert not signed_in(phone)


def test_out_of_all_the_others(bari_client: HostClient) -> None:
    code = fiscal_code()
    stranger = entered(bari_client, fiscal_code())
    first, second, here = (entered(bari_client, code) for _ in range(3))
    refs = [ref_of(client) for client in (first, second, here, stranger)]
    assert here.post(f"{LIST}altri/esci/").status_code == 302
    assert [ended(here, ref) for ref in refs] == ["closed_by_owner", "closed_by_owner", "", ""]
    assert "Sei uscito da 2 altri dispositivi." in here.get(LIST).content.decode()
    assert [first.get(LIST).status_code, stranger.get(LIST).status_code] == [302, 200]


def test_the_session_of_somebody_else_is_not_mine_to_end(bari_client: HostClient) -> None:
    theirs, mine = entered(bari_client, fiscal_code()), entered(bari_client, fiscal_code())
    ref = ref_of(theirs)
    assert mine.post(f"{LIST}{ref}/esci/").status_code == 404
    assert ended(theirs, ref) == ""


@pytest.mark.parametrize("path", [f"{LIST}altri/esci/", f"{LIST}{UUID(int=7)}/esci/"])
def test_sessions_end_only_by_posting(bari_client: HostClient, path: str) -> None:
    assert entered(bari_client, fiscal_code()).get(path).status_code == 405


def test_the_list_is_for_who_has_entered(bari_client: HostClient) -> None:
    assert bari_client.get(LIST).status_code == 302


def test_sixteen_is_old_enough_to_see_her_own_sessions(bari_client: HostClient) -> None:
    phone, today = browser(bari_client), clock.today()
    enter(phone, fiscal_code(birth_date=today.replace(year=today.year - 16, day=1)))
    assert [phone.get("/area/").status_code, phone.get(LIST).status_code] == [403, 200]


def test_the_provider_ends_the_sessions_it_opened(bari_client: HostClient) -> None:
    code = fiscal_code()
    phone, desk = entered(bari_client, code), entered(bari_client, code, DESK)
    ref, kept = ref_of(phone), ref_of(desk)
    with in_schema(bari_client.schema):
        counts = [close_sessions(refs=[ref, uuid4()], reason=EndReason.PROVIDER, now=clock.now()) for _ in range(2)]
    assert (counts, ended(phone, ref), ended(desk, kept)) == ([1, 0], "provider", "")
    assert [phone.get(LIST).status_code, desk.get(LIST).status_code] == [302, 200]
    assert closings(phone) == [(None, str(ref), {"reason": "provider"})]


def test_the_reference_of_another_comune_ends_nothing(bari_client: HostClient, bitonto_client: HostClient) -> None:
    phone = entered(bari_client, fiscal_code())
    with in_schema(bitonto_client.schema):
        assert close_sessions(refs=[ref_of(phone)], reason=EndReason.PROVIDER, now=clock.now()) == 0
    assert phone.get(LIST).status_code == 200


def test_the_session_of_another_comune_is_not_in_the_list(bari_client: HostClient, bitonto_client: HostClient) -> None:
    code = fiscal_code()
    entered(bari_client, code)
    there = entered(bitonto_client, code, DESK)
    page = there.get(LIST).content.decode()
    assert ("Firefox su Windows" in page, "Android" in page) == (True, False)


def test_an_ended_session_opens_nothing_even_if_its_row_is_still_there(bari_client: HostClient) -> None:
    phone = entered(bari_client, fiscal_code())
    with in_schema(bari_client.schema):
        OpenSession.objects.update(ended_at=clock.now(), end_reason=EndReason.PROVIDER)
        assert Session.objects.filter(session_key=phone.cookies["sessione"].value).exists()
    assert phone.get(LIST).status_code == 302
    assert not signed_in(phone)


def test_a_session_whose_key_changes_stays_the_same(bari_client: HostClient) -> None:
    phone = entered(bari_client, fiscal_code())
    ref = ref_of(phone)
    with in_schema(bari_client.schema):
        session = phone.session
        session.cycle_key()
        session.save()
    phone.cookies["sessione"] = session.session_key
    phone.get(LIST)
    assert row_of(phone, ref).session_key == session.session_key


def test_it_is_noted_every_five_minutes_that_she_was_here(
    bari_client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = entered(bari_client, fiscal_code())
    ref, began = ref_of(phone), clock.now()

    def after(minutes: int) -> int:
        monkeypatch.setattr(middleware.clock, "now", lambda: began + timedelta(minutes=minutes))
        phone.get(LIST)
        return (row_of(phone, ref).last_seen_at - began) // timedelta(minutes=1)

    assert [after(minutes) for minutes in (4, 6, 10, 12)] == [-1, 6, 6, 12]


def test_the_style_sheet_does_not_vary_with_the_person(bari_client: HostClient) -> None:
    phone = entered(bari_client, fiscal_code())
    theme = re.search(r'href="(/[^"]+\.css)"', phone.get(LIST).content.decode().partition("print.css")[2])
    assert theme is not None
    assert "Cookie" not in phone.get(theme[1]).get("Vary", "")


def test_who_is_suspended_is_out_and_stays_out(bari_client: HostClient) -> None:
    code = fiscal_code()
    phone = entered(bari_client, code)
    ref = ref_of(phone)
    with in_schema(bari_client.schema):
        chief, person = account(Role.ADMINISTRATOR), Account.objects.get(identifier=code)
        suspend_account(account=person, reason="prova", actor=chief, now=clock.now())
    assert (ended(phone, ref), phone.get(LIST).status_code) == ("suspended", 302)
    assert closings(phone) == [(chief.pk, str(ref), {"reason": "suspended"})]
    assert Login(phone).enter(code).status_code == 403
    with in_schema(bari_client.schema):
        readmit_account(account=person, reason="prova", actor=chief, now=clock.now())
        events = Event.objects.filter(action__in=[Action.ACCOUNT_SUSPENDED, Action.ACCOUNT_READMITTED]).order_by("pk")
        assert [(event.action, event.actor, event.details) for event in events] == [
            ("account_suspended", chief.pk, {"reason": "prova"}),
            ("account_readmitted", chief.pk, {"reason": "prova"}),
        ]
    enter(phone, code)
    assert signed_in(phone)


def test_the_last_role_taken_ends_the_sessions(bari_client: HostClient) -> None:
    code = fiscal_code()
    with in_schema(bari_client.schema):
        chief, person = account(Role.ADMINISTRATOR), account(Role.CLERK, Role.SCHOOL, identifier=code)
    phone = entered(bari_client, code)
    ref, reasons = ref_of(phone), []
    for role in (Role.SCHOOL, Role.CLERK):
        with in_schema(bari_client.schema):
            revoke_role(grant=person.grants.get(role=role), actor=chief, now=clock.now())
        reasons.append(ended(phone, ref))
    assert reasons == ["", "role"]
    assert phone.get(LIST).status_code == 302


def test_a_new_link_ends_the_sessions_of_a_local_account(bari: None) -> None:
    chief, person = account(Role.ADMINISTRATOR), account(Role.CLERK, scheme=Scheme.LOCAL, identifier="ada")
    row = made_row(person)
    renew_link(account=person, actor=chief, now=clock.now())
    row.refresh_from_db()
    assert row.end_reason == "password"


def made_row(person: Account, **fields: object) -> OpenSession:
    now = clock.now()
    values = {"session_key": uuid4().hex, "provider": "local", "level": 2, "opened_at": now, "last_seen_at": now}
    return OpenSession.objects.create(account=person, **{**values, **fields})


def test_every_night_what_is_over_is_noted_and_what_is_old_is_dropped(
    bari_client: HostClient, client_of: Callable[..., HostClient]
) -> None:
    phone = entered(bari_client, fiscal_code())
    kept, now = ref_of(phone), clock.now()
    with in_schema(bari_client.schema):
        gone = made_row(account())
        long_ago = {"ended_at": now - timedelta(days=366), "end_reason": EndReason.LOGOUT}
        old = made_row(account(), **long_ago)
        recent = made_row(account(), **{**long_ago, "ended_at": now - timedelta(days=364)})
        forget_expired_sessions(now=now)
        left = dict(OpenSession.objects.values_list("public_id", "end_reason"))
    assert left == {kept: "", gone.public_id: "expired", recent.public_id: "logout"}
    assert old.public_id not in left
    assert signed_in(phone)
