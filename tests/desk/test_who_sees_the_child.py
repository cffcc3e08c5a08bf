"""Every page of the citizen that could show a child, asked by everybody who could ask: who reads the child's name.

The pages are those of the URL map, so that a new one is asked too, or the test fails until it is said how to ask it.
A file counts by what is written in it.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver
from django.urls.resolvers import URLResolver

from services_catalog.models import Edition
from sportello.accounts.models import Account
from sportello.applications.attaching import attach
from sportello.applications.models import Application, ApplicationState
from sportello.billing.carts.models import Cart
from sportello.billing.debts.opening import Collected
from sportello.billing.receipts.settling import settle
from sportello.enrolment.models import Subscription
from sportello.families.models import Act, Child, Delegation, DelegationEnd
from sportello.kernel import clock
from sportello.notifications.models import Notice
from sportello.notifications.notifying import notify
from tenants.models import Municipality
from tests.applications.enrolling import enrolment_edition, family_at_school
from tests.comuni import HostClient
from tests.factories import adult, citizen, delegation, guardianship
from tests.factories.applications import sent_application
from tests.factories.meals import place
from tests.factories.numbering import TODAY
from tests.factories.paying import charge, institution, position, receipt

NAME: Final = "Serafina"
PDF: Final = b"%PDF-1.7\n"
YESTERDAY: Final = TODAY - timedelta(days=1)
A_WEEK: Final = timedelta(days=7)


@dataclass
class Person:
    """Somebody with what she left behind when she still could: an application sent for the child, and a draft."""

    account: Account
    sent: Application
    draft: Application
    notice: Notice


@dataclass
class Town:
    """One child, and everybody around it."""

    child: Child
    edition: Edition
    paying: dict[str, UUID]
    people: dict[str, Person] = field(default_factory=dict)
    delegations: dict[str, Delegation] = field(default_factory=dict)


@pytest.fixture
def town(bari: Municipality, monkeypatch: pytest.MonkeyPatch) -> Town:
    papers = (f"sportello.billing.papers.{name}" for name in ("notices", "settlements", "certificates"))
    for module in ("sportello.canteen.documents", "sportello.applications.receipts", *papers):
        monkeypatch.setattr(f"{module}.render_pdf", lambda _template, data, **_: json.dumps(data).encode())
    edition, home = enrolment_edition(), family_at_school()
    minor = home.children[0]
    minor.given_name = NAME
    minor.save()
    place(minor, edition)
    institution(bari, cbill_code="ABCDE")
    charge(minor, 500)
    asked = position(home.parent, Collected(minor.pk, "mensa", 500))
    paid = receipt(asked.options.get())
    settle(receipt_id=paid.pk, now=clock.now())
    cart = Cart.objects.create(account=home.account, key="-", created_at=clock.now())
    made = Town(minor, edition, {"avviso": asked.public_id, "ricevuta": paid.public_id, "carrello": cart.public_id})
    mother, father, barred = home.parent, adult(), adult()
    guardianship(father, minor)
    guardianship(barred, minor, barred=True)
    made.people = {
        "mother": _person(made, home.account),
        "father": _person(made, citizen(father)),
        "barred": _person(made, citizen(barred)),
        "stranger": _person(made, citizen()),
    }
    for act in Act:
        _delegate(made, act.value, mother, act)
    ended = {"revoked_at": clock.now(), "revoked_by": home.account, "end_reason": DelegationEnd.REVOKED}
    _delegate(made, "revoked", mother, *Act, **ended)
    _delegate(made, "expired", mother, *Act, valid_during=(TODAY - A_WEEK, TODAY))
    _delegate(made, "not yet", mother, *Act, valid_during=(TODAY + A_WEEK, TODAY + 2 * A_WEEK))
    _delegate(made, "of the barred", barred, *Act)
    made.delegations["barred and delegated"] = delegation(minor, mother, barred)
    return made


def _delegate(town: Town, name: str, giver: Any, *acts: Act, **fields: Any) -> None:
    holder = adult()
    town.people[name] = _person(town, citizen(holder))
    town.delegations[name] = delegation(town.child, giver, holder, *acts, **fields)


def _person(town: Town, account: Account) -> Person:
    """Her application is closed, so that each may have one for the same child."""
    sent = sent_application(town.edition, town.child, applicant=account, state=ApplicationState.REJECTED, reason="-")
    attach(application=sent, upload=ContentFile(PDF, name="c.pdf"), purpose="completion", now=clock.now())
    draft = Application.objects.create(
        applicant=account, child=town.child, service=town.edition.service, edition=town.edition,
        school_year=2027, created_at=clock.now(), changed_at=clock.now(),
        answers={"privacy": {"complete": True, "values": {"read": "on"}}},
    )  # fmt: skip
    notice = notify(
        account=account, topic="application", subject="Protocollo 12", body="-", link="/area/domande/", email="",
        key="sent", now=clock.now(),
    )  # fmt: skip
    return Person(account, sent, draft, notice)


type Ways = Callable[[Town, Person], list[tuple[str, dict[str, Any]]]]


def _plain(_town: Town, _asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [("", {})]


def _child(town: Town, _asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [("", {"public_id": town.child.public_id})]


def _account(town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [(whose, {**known, "service_code": "mensa"}) for whose, known in _child(town, asks)]


def _mensa(_town: Town, _asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [("", {"code": "mensa"})]


def _whose(town: Town, asks: Person) -> list[tuple[str, Person]]:
    """Her own, and the mother's where she is another."""
    mother = town.people["mother"]
    return [(" (own)", asks)] + ([(" (mother's)", mother)] if mother is not asks else [])


def _sent(town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [(whose, {"public_id": one.sent.public_id}) for whose, one in _whose(town, asks)]


def _sent_mensa(town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [(whose, {"code": "mensa", **known}) for whose, known in _sent(town, asks)]


def _draft(town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [(whose, {"public_id": one.draft.public_id}) for whose, one in _whose(town, asks)]


def _draft_mensa(town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [(whose, {"code": "mensa", **known}) for whose, known in _draft(town, asks)]


def _step(town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [(whose, {**known, "step": "figlio"}) for whose, known in _draft_mensa(town, asks)]


def _attachment(town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [(whose, {"public_id": one.sent.attachments.get().public_id}) for whose, one in _whose(town, asks)]


def _notice(_town: Town, asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [("", {"public_id": asks.notice.public_id})]


def _delegations(town: Town, _asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [("", {"public_id": one.public_id}) for one in town.delegations.values()]


def _paying(what: str, **more: str) -> Ways:
    """What the mother paid for the child."""
    return lambda town, _asks: [("", {"public_id": town.paying[what], **more})]


def _year(_town: Town, _asks: Person) -> list[tuple[str, dict[str, Any]]]:
    return [("", {"year": TODAY.year})]


CREDIT_PAGES: Final = ("", "ricarica/", "avviso/", "sposta/", "rimborso/")
CREDIT: Final = "area/figli/<uuid:public_id>/credito/<slug:service_code>/"
CERTIFICATES: Final = {
    "area/pagamenti/attestazioni/<int:year>/attestazione.pdf",
    "area/pagamenti/bonus-nido/<int:year>/fascicolo.zip",
}
WAYS: Final[dict[str, Ways]] = {
    "area/": _plain,
    "area/figli/<uuid:public_id>/": _child,
    "area/accessi/": _plain,
    "area/accessi/altri/esci/": _plain,
    "area/accessi/<uuid:public_id>/esci/": _delegations,  # any reference: it names sessions, never a child
    "area/avvisi/": _plain,
    "area/avvisi/<uuid:public_id>/": _notice,
    "area/deleghe/": _plain,
    "area/deleghe/nuova/": _plain,
    "area/deleghe/<uuid:public_id>/revoca/": _delegations,
    "area/domande/": _plain,
    "area/domande/<uuid:public_id>/": _sent,
    "area/domande/<uuid:public_id>/completa/": _sent,
    "area/domande/<uuid:public_id>/ritira/": _sent,
    "area/domande/<uuid:public_id>/elimina/": _draft,
    "area/domande/<uuid:public_id>/ricevuta.pdf": _sent,
    "area/domande/<uuid:public_id>/documenti/": _sent,
    "area/allegati/<uuid:public_id>/": _attachment,
    "area/dovuto/": _plain,
    "area/dovuto/estratto-conto.pdf": _plain,
    "area/dovuto/estratto-conto.csv": _plain,
    "area/dovuto/visura.pdf": _plain,
    "area/pagamenti/": _plain,
    "area/pagamenti/rate/": _plain,
    "area/pagamenti/<uuid:public_id>/": _paying("carrello"),
    "area/pagamenti/<uuid:public_id>/riprendi/": _paying("carrello"),
    "area/pagamenti/<uuid:public_id>/vai/": _paying("carrello"),
    "area/pagamenti/<uuid:public_id>/esito/<slug:how>/": _paying("carrello", how="ok"),
    "area/pagamenti/avvisi/<uuid:public_id>/avviso.pdf": _paying("avviso"),
    "area/pagamenti/ricevute/<uuid:public_id>/ricevuta.pdf": _paying("ricevuta"),
    **dict.fromkeys(CERTIFICATES, _year),
    **{f"{CREDIT}{page}": _account for page in CREDIT_PAGES},
    "area/figli/<uuid:public_id>/isee/": _child,
    "area/figli/<uuid:public_id>/mensa/": _child,
    "area/figli/<uuid:public_id>/mensa/estratto-conto.pdf": _child,
    "area/figli/<uuid:public_id>/mensa/estratto-conto.csv": _child,
    "area/figli/<uuid:public_id>/mensa/blocchetti/": _child,
    "area/figli/<uuid:public_id>/conto/<slug:service_code>/": _account,
    "servizi/<slug:code>/domanda/": _mensa,
    "servizi/<slug:code>/domanda/<uuid:public_id>/": _draft_mensa,
    "servizi/<slug:code>/domanda/<uuid:public_id>/riepilogo/": _draft_mensa,
    "servizi/<slug:code>/domanda/<uuid:public_id>/inviata/": _sent_mensa,
    "servizi/<slug:code>/domanda/<uuid:public_id>/<slug:step>/": _step,
    "servizi/<slug:code>/": _mensa,
    "appuntamento/": _plain,
    "verifica/<uuid:public_id>/": _sent,
}
ONLY_POSTS: Final = {"area/domande/<uuid:public_id>/completa/", "area/pagamenti/", "area/pagamenti/rate/"}
CARTS: Final = {f"area/pagamenti/<uuid:public_id>/{page}" for page in ("", "vai/", "esito/<slug:how>/")}
WITHOUT_A_NAME: Final = {"area/domande/<uuid:public_id>/ritira/", "area/domande/<uuid:public_id>/elimina/"}
"""They ask about an application without naming its child: to open them is to see it."""
FILES: Final = {
    "area/allegati/<uuid:public_id>/",
    "area/pagamenti/avvisi/<uuid:public_id>/avviso.pdf",
    "area/pagamenti/ricevute/<uuid:public_id>/ricevuta.pdf",
} | CARTS
CITIZEN: Final = ("area/", "servizi/<slug:code>/domanda/")


def _routes(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)


def test_no_page_of_the_citizen_is_forgotten() -> None:
    routes = set(_routes(get_resolver("sportello.config.urls_municipality")))
    assert {route for route in routes if route.startswith(CITIZEN)} - WAYS.keys() == set()
    assert WAYS.keys() - routes == set()


def seen(client: HostClient, town: Town, who: str) -> set[str]:
    """The pages, each with whose matter it was asked for, that tell the person the child's name."""
    asks = town.people[who]
    client.force_login(asks.account)
    found = set()
    for route, ways in WAYS.items():
        for whose, known in ways(town, asks):
            path = "/" + route
            for name, value in known.items():
                path = path.replace(f"<{_kind(name)}:{name}>", str(value))
            answer = client.post(path) if route in ONLY_POSTS else client.get(path, follow=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            opens = route in WITHOUT_A_NAME | FILES and answer.status_code == 200
            if opens or NAME in body.decode(errors="replace"):
                found.add(route.replace("<uuid:public_id>", "…").replace("<slug:code>", "mensa") + whose)
    return found


def _kind(name: str) -> str:
    return {"public_id": "uuid", "year": "int"}.get(name, "slug")


SENT: Final = {
    f"area/domande/…/{page}" for page in ("", "completa/", "ritira/", "ricevuta.pdf")
} | {"area/allegati/…/", "servizi/mensa/domanda/…/inviata/"}  # fmt: skip
DRAFT: Final = {
    "area/domande/…/elimina/",
    "servizi/mensa/domanda/…/",
    "servizi/mensa/domanda/…/<slug:step>/",
    "servizi/mensa/domanda/…/riepilogo/",
}
STATEMENT: Final = {
    f"area/{of}/estratto-conto.{kind}" for of in ("dovuto", "figli/…/mensa") for kind in ("pdf", "csv")
} | {
    "area/dovuto/", "area/dovuto/visura.pdf", "area/figli/…/mensa/", "area/figli/…/conto/<slug:service_code>/",
    "area/pagamenti/avvisi/…/avviso.pdf", "area/pagamenti/ricevute/…/ricevuta.pdf",
} | {f"{CREDIT}{page}".replace("<uuid:public_id>", "…") for page in CREDIT_PAGES}  # fmt: skip
OWN: Final = {f"{page} (own)" for page in SENT | DRAFT} | {"area/domande/", "servizi/mensa/domanda/"}
OF_THE_MOTHER: Final = {f"{page} (mother's)" for page in SENT}
GUARDIAN: Final = OWN | STATEMENT | CERTIFICATES | {
    "area/",
    "area/figli/…/",
    "area/figli/…/isee/",
    "area/figli/…/mensa/blocchetti/",
    "area/deleghe/",
    "area/deleghe/nuova/",
    "area/deleghe/…/revoca/",
}  # fmt: skip
DELEGATE: Final = {"area/", "area/deleghe/", "area/deleghe/nuova/"}
"""The last leads back to the list, for she gives no delegation; the page to renounce names no child."""
WHO_SEES: Final[dict[str, set[str]]] = {
    "mother": GUARDIAN | {page.replace("<uuid:public_id>", "…") for page in CARTS},
    "father": GUARDIAN | OF_THE_MOTHER,
    "barred": set(),
    "see": DELEGATE | {"area/figli/…/"},
    "pay": DELEGATE | STATEMENT | CERTIFICATES,  # these lead her back to the statement
    "apply": DELEGATE | OWN,
    "revoked": set(),
    "expired": set(),
    "not yet": set(),
    "of the barred": set(),
    "stranger": set(),
}


@pytest.mark.parametrize("who", WHO_SEES)
def test_who_sees_the_child(town: Town, bari_client: HostClient, who: str) -> None:
    assert seen(bari_client, town, who) == WHO_SEES[who]


@pytest.mark.parametrize("who", WHO_SEES)
def test_who_may_change_something(town: Town, bari_client: HostClient, who: str) -> None:
    """A page that one may not see takes no post either."""
    asks, mother = town.people[who], town.people["mother"]
    bari_client.force_login(asks.account)
    own, hers = asks.sent.public_id, mother.sent.public_id
    posts = {
        "complete own": f"/area/domande/{own}/completa/",
        "complete hers": f"/area/domande/{hers}/completa/",
        "withdraw own": f"/area/domande/{own}/ritira/",
        "withdraw hers": f"/area/domande/{hers}/ritira/",
        "blocks": f"/area/figli/{town.child.public_id}/mensa/blocchetti/",
        "revoke": f"/area/deleghe/{town.delegations['see'].public_id}/revoca/",
        "delete hers": f"/area/domande/{mother.draft.public_id}/elimina/",
        "delete own": f"/area/domande/{asks.draft.public_id}/elimina/",
    }
    taken = {what for what, path in posts.items() if bari_client.post(path).status_code != 404}
    both = {"complete own", "withdraw own", "delete own"}
    expected = {
        "mother": set(posts) - {"delete own"},  # it was hers, and is gone
        "father": set(posts) - {"delete hers"},
        "see": {"revoke"},
        "apply": both,
    }
    assert taken == expected.get(who, set())


def test_a_child_who_is_chosen_by_hand_is_refused(town: Town, bari_client: HostClient) -> None:
    """The form offers only the children for whom she may apply; a posted one is no better."""
    Subscription.objects.all().delete()  # nothing else keeps the child from being chosen
    for who in ("barred", "see", "pay", "revoked", "expired", "not yet", "of the barred", "stranger", "apply"):
        bari_client.force_login(town.people[who].account)
        bari_client.post("/servizi/mensa/domanda/", {"read": "on", "action": "next"})
        begun = Application.objects.filter(applicant=town.people[who].account).latest("id")
        path = f"/servizi/mensa/domanda/{begun.public_id}/figlio/"
        answer = bari_client.post(path, {"child": town.child.public_id, "contact_email": "x@example.org"})
        begun.refresh_from_db()
        chosen = (302, town.child) if who == "apply" else (422, None)
        assert (who, answer.status_code, begun.child) == (who, *chosen)


def test_what_was_sent_before_is_read_again_when_the_bar_is_lifted(town: Town, bari_client: HostClient) -> None:
    town.child.guardianships.filter(barred=True).update(barred=False, valid_during=(date(2020, 1, 1), None))
    assert {f"{page} (own)" for page in SENT} <= seen(bari_client, town, "barred")
