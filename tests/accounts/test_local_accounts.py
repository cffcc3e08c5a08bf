"""Staff with a local account: a password and a code, always both."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import RequestFactory, override_settings
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from sportello.accounts.errors import TooManyAttempts, WrongCredentials
from sportello.accounts.local_accounts import activation_tokens, check_password, choose_password
from sportello.accounts.models import Account, Role, Scheme
from sportello.accounts.throttling import PER_ACCOUNT, PER_ADDRESS, Bucket, address_of
from sportello.audit.models import Action, Event
from sportello.kernel import clock
from tenants.current import in_schema
from tests.comuni import HostClient
from tests.factories import account

PASSWORD = "un cavallo blu sul molo"
NAME = "anna.rossi"


@pytest.fixture
def clerk(bari_client: HostClient) -> Account:
    """A clerk of Bari with a local account; no authenticator yet. The user name is new for each test."""
    with in_schema(bari_client.schema):
        made = account(Role.CLERK, scheme=Scheme.LOCAL, identifier=f"{NAME}{uuid4().hex[:8]}")
        made.set_password(PASSWORD)
        made.save(update_fields=["password"])
    return made


def enrolled(client: HostClient, clerk: Account) -> TOTPDevice:
    """Her authenticator, confirmed."""
    with in_schema(client.schema):
        return TOTPDevice.objects.create(user=clerk, confirmed=True, name="local")


def code_of(device: TOTPDevice, *, later: int = 0) -> str:
    """The six digits that the app shows, `later` steps from now."""
    counter = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift + later)
    return f"{counter.token():06d}"


def sign_in(client: HostClient, clerk: Account, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/accedi/utenza-locale/", {"identifier": clerk.identifier, "password": password, **more})


def device_of(client: HostClient, clerk: Account) -> TOTPDevice:
    with in_schema(client.schema):
        return TOTPDevice.objects.get(user=clerk)


def test_the_password_alone_opens_nothing(bari_client: HostClient, clerk: Account) -> None:
    enrolled(bari_client, clerk)
    answer = sign_in(bari_client, clerk)
    assert (answer.status_code, answer["Location"]) == (302, "/accedi/codice/")
    assert bari_client.get("/area/avvisi/").status_code == 302


def test_password_and_code_lead_to_the_page_wanted(bari_client: HostClient, clerk: Account) -> None:
    device = enrolled(bari_client, clerk)
    sign_in(bari_client, clerk, next="/area/avvisi/")
    answer = bari_client.post("/accedi/codice/", {"code": code_of(device)})
    assert (answer.status_code, answer["Location"]) == (302, "/area/avvisi/")
    assert bari_client.get("/area/avvisi/").status_code == 200
    with in_schema(bari_client.schema):
        event = Event.objects.get(action=Action.LOGIN)
    assert (event.actor, event.details) == (clerk.pk, {"provider": "local", "level": 2})


def test_another_site_is_no_page_wanted(bari_client: HostClient, clerk: Account) -> None:
    device = enrolled(bari_client, clerk)
    sign_in(bari_client, clerk, next="https://example.org/")
    answer = bari_client.post("/accedi/codice/", {"code": code_of(device)})
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith("//")


def test_the_first_time_she_enrols_her_phone(bari_client: HostClient, clerk: Account) -> None:
    sign_in(bari_client, clerk)
    page = bari_client.get("/accedi/codice/").content.decode()
    assert 'src="data:image/svg+xml' in page
    shown = re.search(r'<span class="code">([A-Z2-7 ]+)</span>', page)
    assert shown is not None
    device = device_of(bari_client, clerk)
    assert not device.confirmed
    assert bari_client.post("/accedi/codice/", {"code": code_of(device)}).status_code == 302
    assert device_of(bari_client, clerk).confirmed
    assert bari_client.get("/area/avvisi/").status_code == 200


def test_the_key_is_never_shown_again(bari_client: HostClient, clerk: Account) -> None:
    enrolled(bari_client, clerk)
    sign_in(bari_client, clerk)
    assert "data:image" not in bari_client.get("/accedi/codice/").content.decode()


def test_a_code_is_good_once(bari_client: HostClient, clerk: Account) -> None:
    device = enrolled(bari_client, clerk)
    code = code_of(device)
    sign_in(bari_client, clerk)
    bari_client.post("/accedi/codice/", {"code": code})
    bari_client.post("/esci/")
    sign_in(bari_client, clerk)
    assert bari_client.post("/accedi/codice/", {"code": code}).status_code == 422


def test_a_wrong_code_is_refused_and_recorded(bari_client: HostClient, clerk: Account) -> None:
    enrolled(bari_client, clerk)
    sign_in(bari_client, clerk)
    answer = bari_client.post("/accedi/codice/", {"code": "000 000"})
    assert answer.status_code == 422
    assert "<title>Errore:" in answer.content.decode()
    with in_schema(bari_client.schema):
        assert Event.objects.get(action=Action.LOGIN_REFUSED).details == {"reason": "wrong_code", "provider": "local"}


def test_the_code_page_needs_the_password_first(bari_client: HostClient) -> None:
    answer = bari_client.post("/accedi/codice/", {"code": "123456"})
    assert (answer.status_code, answer["Location"]) == (302, "/accedi/utenza-locale/")


def test_a_right_password_waits_ten_minutes_for_its_code(bari_client: HostClient, clerk: Account) -> None:
    device = enrolled(bari_client, clerk)
    sign_in(bari_client, clerk)
    with in_schema(bari_client.schema):
        session = bari_client.session
        session["local_login"][1] -= 601
        session.save()
    answer = bari_client.post("/accedi/codice/", {"code": code_of(device)})
    assert answer["Location"] == "/accedi/utenza-locale/"


def test_a_session_without_the_code_counts_for_nothing(bari_client: HostClient, clerk: Account) -> None:
    bari_client.force_login(clerk)
    answer = bari_client.get("/area/avvisi/")
    assert (answer.status_code, answer["Location"]) == (302, "/accedi/?next=%2Farea%2Favvisi%2F")


def test_nobody_learns_which_accounts_exist(bari_client: HostClient, clerk: Account) -> None:
    wrong = sign_in(bari_client, clerk, "sbagliata")
    unknown = bari_client.post("/accedi/utenza-locale/", {"identifier": "nessuno", "password": "sbagliata"})
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    for answer in (wrong, unknown):
        assert "I dati inseriti non sono corretti" in answer.content.decode()
        assert "sbagliata" not in answer.content.decode()


def test_after_five_attempts_even_the_right_password_waits(bari_client: HostClient, clerk: Account) -> None:
    for _ in range(5):
        assert sign_in(bari_client, clerk, "sbagliata").status_code == 422
    answer = sign_in(bari_client, clerk)
    assert answer.status_code == 422
    assert "Troppi tentativi. Riprova tra 3 minuti." in answer.content.decode()


def test_time_gives_attempts_back(bari: None, clerk: Account) -> None:
    now = clock.now()
    address = uuid4().hex
    for _ in range(5):
        with pytest.raises(WrongCredentials):
            check_password(identifier=clerk.identifier, password="no", address=address, now=now)
    with pytest.raises(TooManyAttempts):
        check_password(identifier=clerk.identifier, password=PASSWORD, address=address, now=now)
    later = now + timedelta(minutes=3, seconds=1)
    found = check_password(identifier=clerk.identifier.upper(), password=PASSWORD, address=address, now=later)
    assert found == clerk
    PER_ADDRESS.refill(address)


def test_one_address_cannot_try_all_accounts(bari: None) -> None:
    now, address = clock.now(), uuid4().hex
    for attempt in range(PER_ADDRESS.size):
        with pytest.raises(WrongCredentials):
            check_password(identifier=f"{address}{attempt}", password="no", address=address, now=now)
    with pytest.raises(TooManyAttempts):
        check_password(identifier=f"{address}-another", password="no", address=address, now=now)


def test_the_buckets_of_two_comuni_are_apart(bari_client: HostClient, bitonto_client: HostClient) -> None:
    bucket, who, now = Bucket("prova", 1), uuid4().hex, clock.now()
    with in_schema(bari_client.schema):
        bucket.take(who, now=now)
        with pytest.raises(TooManyAttempts):
            bucket.take(who, now=now)
    with in_schema(bitonto_client.schema):
        bucket.take(who, now=now)


def test_the_address_is_the_one_the_proxy_wrote(rf: RequestFactory) -> None:
    request = rf.get("/", headers={"X-Forwarded-For": "203.0.113.1, 198.51.100.7"}, REMOTE_ADDR="10.0.0.1")
    with override_settings(BEHIND_TLS=True):
        assert address_of(request) == "198.51.100.7"
    assert address_of(request) == "10.0.0.1"


def test_the_activation_link_is_good_once(bari_client: HostClient, clerk: Account) -> None:
    token = activation_tokens.make_token(clerk)
    address = f"/accedi/attiva/{clerk.public_id}/{token}/"
    assert bari_client.get(address).status_code == 200
    short = bari_client.post(address, {"password": "corta", "again": "corta"})
    assert short.status_code == 422
    differs = bari_client.post(address, {"password": PASSWORD + "!", "again": PASSWORD})
    assert "diverse" in differs.content.decode()
    chosen = bari_client.post(address, {"password": PASSWORD + "!", "again": PASSWORD + "!"})
    assert (chosen.status_code, chosen["Location"]) == (302, "/accedi/utenza-locale/")
    assert bari_client.get(address).status_code == 403
    assert sign_in(bari_client, clerk, PASSWORD + "!").status_code == 302


def test_a_link_of_another_comune_opens_nothing(
    bari_client: HostClient, bitonto_client: HostClient, clerk: Account
) -> None:
    token = activation_tokens.make_token(clerk)
    assert bitonto_client.get(f"/accedi/attiva/{clerk.public_id}/{token}/").status_code == 403


def test_a_new_password_forgets_the_old_phone(bari_client: HostClient, clerk: Account) -> None:
    enrolled(bari_client, clerk)
    with in_schema(bari_client.schema):
        token = activation_tokens.make_token(clerk)
        choose_password(account=clerk, token=token, password=PASSWORD, now=datetime(2026, 11, 23, tzinfo=clock.ROME))
        assert not TOTPDevice.objects.filter(user=clerk).exists()
        assert Event.objects.get(action=Action.PASSWORD_CHOSEN).actor == clerk.pk


def test_passwords_rest_as_argon2(clerk: Account) -> None:
    assert clerk.password.startswith("argon2$argon2id$")


def test_attempts_of_an_account_are_counted_by_hashed_name() -> None:
    assert PER_ACCOUNT.size == 5
    assert PER_ACCOUNT.seconds == 900


@pytest.mark.parametrize("test", ["one", "the next"])
def test_no_test_takes_the_attempts_of_the_next(bari: None, test: str) -> None:
    for _attempt in range(PER_ACCOUNT.size):
        PER_ACCOUNT.take("somebody", now=clock.now())
    with pytest.raises(TooManyAttempts):
        PER_ACCOUNT.take("somebody", now=clock.now())
