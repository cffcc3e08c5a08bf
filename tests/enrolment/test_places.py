"""Places are given while there are some: once each, by one clerk or by two, to the ages that come first."""

import threading
from datetime import date
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from services_catalog.admission.renewal import AutomaticRenewal, ConfirmedRenewal, NoRenewal, Renewal
from services_catalog.models import Edition
from services_catalog.reading import SchemaError
from sportello.accounts.models import Account, Role
from sportello.applications.admissibility.places import Seat, peak
from sportello.applications.models import Application, ApplicationState, Attachment
from sportello.applications.states import TransitionNotAllowed
from sportello.enrolment.admission import accept_application
from sportello.enrolment.giving_places import NoPlaceLeft, OthersFirst
from sportello.enrolment.models import Subscription
from sportello.enrolment.occupancy import taken_from
from sportello.enrolment.renewing import renews
from sportello.enrolment.workbench import dossier
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from tenants.current import in_schema
from tenants.models import Municipality
from tests import factories
from tests.factories.applications import sent_application
from tests.factories.editions import edition, edition_content

STARTS = date(2026, 12, 1)


def held(*places: dict[str, Any], order: str = "", **parts: Any) -> Edition:
    capacity: dict[str, Any] = {"places": [{"label": {"it": one["code"]}, **one} for one in places]}
    capacity |= {"order": order} if order else {}
    admission = {"capacity": capacity} if places else {}
    return edition(content=edition_content(**{"admission": {**admission, **parts.pop("admission", {})}, **parts}))


@pytest.fixture
def clerk(bari: Municipality) -> Account:
    return factories.account(Role.CLERK)


def accept(application: Application, clerk: Account, starts_on: date = STARTS) -> Subscription:
    return accept_application(public_id=application.public_id, actor=clerk, now=clock.now(), starts_on=starts_on)


def test_the_last_place_is_given_and_the_next_refused_with_the_reason(clerk: Account) -> None:
    rules = held({"code": "tutti", "places": 1})
    first = sent_application(rules)
    accept(first, clerk)
    second = sent_application(rules)
    with pytest.raises(NoPlaceLeft, match=r"Posti esauriti \(tutti\): oltre i posti la domanda va in lista d'attesa"):
        accept(second, clerk)
    with pytest.raises(TransitionNotAllowed):
        accept(first, clerk)
    second.refresh_from_db()
    assert (second.state, Subscription.objects.count()) == (ApplicationState.SUBMITTED, 1)


def test_two_clerks_at_once_never_give_the_same_place(transactional_db: None) -> None:
    schema = Municipality.objects.get(slug="bari").schema_name
    with in_schema(schema):
        rules = held({"code": "tutti", "places": 1})
        clerks = [factories.account(Role.CLERK) for _ in range(2)]
        waiting = [sent_application(rules) for _ in range(2)]
    start, outcomes = threading.Barrier(2), []

    def give(application: Application, clerk: Account) -> None:
        with in_schema(schema):
            start.wait(timeout=10)
            try:
                accept(application, clerk)
                outcomes.append("given")
            except NoPlaceLeft:
                outcomes.append("full")
        connection.close()

    threads = [threading.Thread(target=give, args=pair) for pair in zip(waiting, clerks, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    with in_schema(schema):
        assert sorted(outcomes) == ["full", "given"]
        assert Subscription.objects.count() == 1


def test_places_are_counted_for_a_school_a_class_and_a_line_apart(clerk: Account) -> None:
    school = factories.school()
    rules = held(
        {"code": "scuola", "places": 1, "schools": [school.school_code]},
        {"code": "prime", "places": 5, "class_to": 1},
        {"code": "rossa", "places": 1, "lines": ["rossa"]},
        questions=[
            {
                "code": "linea",
                "kind": "choice",
                "read_by": "capacity.line",
                "label": {"it": "Linea"},
                "choices": [{"code": "rossa", "label": {"it": "Rossa"}}, {"code": "blu", "label": {"it": "Blu"}}],
            }
        ],
    )

    def asking(class_year: str, line: str, at: str = school.school_code) -> Application:
        stated = {"values": {"school": at, "class_year": class_year, "letter": "A"}, "complete": True}
        answers = {"scuola": stated, "requisiti": {"values": {"linea": line}, "complete": True}}
        return sent_application(rules, answers=answers)

    accept(asking("2", "rossa"), clerk)
    assert taken_from(rules, rules.rules, STARTS) == {"scuola": 1, "prime": 0, "rossa": 1}
    with pytest.raises(NoPlaceLeft, match="scuola"):
        accept(asking("1", "blu"), clerk)
    elsewhere = factories.school().school_code
    with pytest.raises(NoPlaceLeft, match="rossa"):
        accept(asking("1", "rossa", elsewhere), clerk)
    accept(asking("1", "blu", elsewhere), clerk)
    assert taken_from(rules, rules.rules, STARTS) == {"scuola": 1, "prime": 1, "rossa": 1}


def test_a_place_given_back_is_free_from_that_day(clerk: Account) -> None:
    rules = held({"code": "tutti", "places": 1})
    place = accept(sent_application(rules), clerk)
    place.valid_during = (STARTS, date(2027, 2, 1))
    place.save()
    early = sent_application(rules)
    with pytest.raises(NoPlaceLeft):
        accept(early, clerk, date(2027, 1, 31))
    assert accept(early, clerk, date(2027, 2, 1)).valid_during[0] == date(2027, 2, 1)


@pytest.mark.parametrize(
    ("periods", "most"),
    [
        ([], 0),
        ([(1, 10), (10, 20)], 1),
        ([(1, 11), (10, 20)], 2),
        ([(1, 30), (3, 5), (6, 8)], 2),
    ],
)
def test_the_fullest_day_counts(periods: list[tuple[int, int]], most: int) -> None:
    spans = [DateRange(date(2026, 9, low), date(2026, 9, high)) for low, high in periods]
    assert peak(spans, DateRange(date(2026, 9, 2), date(2026, 10, 1))) == most


BANDS = [
    {
        "code": "ordinary",
        "label": {"it": "Ordinari"},
        "on": {"kind": "day_of_year", "day": "12-31"},
        "at_least": {"years": 3},
    },
    {
        "code": "early",
        "label": {"it": "Anticipatari"},
        "on": {"kind": "day_of_year", "day": "04-30", "year": "end"},
        "at_least": {"years": 3},
        "admitted": "if_places_remain",
    },
]


def test_an_early_entrant_waits_for_the_others_even_with_free_places(clerk: Account) -> None:
    """Bari, scuola dell'infanzia: three places free and one child waiting, the early entrant is not admitted."""
    rule = {"kind": "age", "code": "eta", "bands": BANDS}
    rules = held({"code": "tutti", "places": 3}, admission={"rules": [rule]})
    early = sent_application(rules, factories.child(factories.adult(), birth_date=date(2024, 2, 10)))
    waiting = sent_application(rules, factories.child(factories.adult(), birth_date=date(2023, 5, 1)))
    with pytest.raises(OthersFirst, match="Domande in attesa: 1"):
        accept(early, clerk)
    accept(waiting, clerk)
    accept(early, clerk)
    assert Subscription.objects.count() == 2


def test_a_late_enrolment_starts_after_its_working_days(clerk: Account) -> None:
    today = clock.today()
    window = {
        "code": "tardi",
        "label": {"it": "Fuori termine"},
        "opens": today.isoformat(),
        "closes": today.isoformat(),
        "late": True,
        "first_use": {"working_days": 60},
    }
    rules = edition(content=edition_content(windows=[window]))
    place = accept(sent_application(rules), clerk, today)
    assert (place.valid_during[0] - today).days >= 82


@pytest.mark.parametrize(
    ("renewal", "confirmed", "then", "expected"),
    [
        (None, None, Seat(level="primaria"), None),
        (NoRenewal(), date(2027, 1, 1), Seat(level="primaria"), False),
        (AutomaticRenewal(), None, Seat(level="primaria", school="B"), True),
        (AutomaticRenewal(), None, Seat(level="secondaria_1"), False),
        (AutomaticRenewal(), None, Seat(), None),
        (AutomaticRenewal(until="end_of_school"), None, Seat(level="primaria", school="B"), False),
        (AutomaticRenewal(until="end_of_school"), None, Seat(level="primaria", school="A"), True),
        (ConfirmedRenewal(by="03-31"), date(2027, 3, 31), Seat(), True),
        (ConfirmedRenewal(by="03-31"), date(2027, 4, 1), Seat(), False),
        (ConfirmedRenewal(by="03-31"), None, Seat(), False),
    ],
)
def test_a_place_goes_on_as_the_edition_says(
    renewal: Renewal | None, confirmed: date | None, then: Seat, expected: bool | None
) -> None:
    now = Seat(level="primaria", school="A")
    assert renews(renewal, now=now, then=then, confirmed_on=confirmed, year=SchoolYear(2026)) is expected


def page_of(client: Client, application: Application) -> str:
    response = client.get(reverse("enrolment:workbench", args=[application.public_id]))
    assert response.status_code == 200
    return " ".join(unescape(response.content.decode()).split())


def test_the_clerk_sees_each_rule_each_document_and_the_places(bari_client: Client, clerk: Account) -> None:
    bari_client.force_login(clerk)
    rules = held(
        {"code": "tutti", "places": 2},
        admission={
            "rules": [
                {"kind": "age", "code": "eta", "bands": BANDS[:1]},
                {"kind": "residence", "code": "casa", "source": "art. 2"},
            ],
            "documents": [
                {"code": "certificato", "label": {"it": "certificato"}, "valid_months": 12},
                {"code": "foto", "label": {"it": "fotografia"}, "due": "later", "within_days": 30},
            ],
        },
    )
    child = factories.child(factories.adult(), residence_code="H501", birth_date=date(2020, 1, 1))
    application = sent_application(rules, child)
    Attachment.objects.create(
        application=application,
        purpose="doc_certificato",
        name="c.pdf",
        media_type="application/pdf",
        size=1,
        file="domande/c.pdf",
        uploaded_at=clock.now(),
    )
    page = page_of(bari_client, application)
    assert "Età: va bene" in page
    assert "Residenza: la regola chiede «il bambino vive nel Comune». Regola: art. 2, Atto " in page
    assert "C'è il documento: certificato. Vale fino al giorno prima del" in page
    assert "Manca il documento: fotografia (entro il" in page
    assert "Tutti: 0 posti occupati su 2." in page
    assert "H501" not in page


def test_the_workbench_asks_as_many_queries_for_three_places_taken_as_for_one(
    bari_client: Client, clerk: Account
) -> None:
    bari_client.force_login(clerk)
    rules = held({"code": "prime", "places": 9, "class_to": 5})
    application, counts = sent_application(rules), []
    for _ in (1, 3):
        for _more in range(len(counts) + 1):
            child = factories.child(factories.adult())
            factories.pupil(child)
            Subscription.objects.create(
                child=child,
                service=rules.service,
                edition=rules,
                origin="roster",
                valid_during=(date(2026, 9, 1), date(2027, 9, 1)),
            )
        with CaptureQueriesContext(connection) as queries:
            page_of(bari_client, application)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_full_service_is_told_to_the_clerk_who_accepts(bari_client: Client, clerk: Account) -> None:
    bari_client.force_login(clerk)
    rules = held({"code": "tutti", "places": 0})
    application = sent_application(rules)
    response = bari_client.post(reverse("enrolment:accept", args=[application.public_id]), follow=True)
    assert "Posti esauriti (tutti)" in unescape(response.content.decode())
    assert not Subscription.objects.exists()


def test_a_stated_order_gives_the_last_places_to_who_comes_before(clerk: Account) -> None:
    rules = held({"code": "tutti", "places": 2}, order="as_sent")
    first, second, third = (sent_application(rules) for _number in range(3))
    with pytest.raises(OthersFirst, match="in ordine di protocollo: 2 domande vengono prima, posti liberi 2"):
        accept(third, clerk)
    accept(second, clerk)  # two places, and only one comes before
    with pytest.raises(OthersFirst, match="1 domanda viene prima, posti liberi 1"):
        accept(third, clerk)
    accept(first, clerk)
    with pytest.raises(NoPlaceLeft, match="lista d'attesa, in ordine di protocollo"):
        accept(third, clerk)


@pytest.mark.parametrize(("order", "who"), [("eldest_first", 0), ("youngest_first", 2)])
def test_the_list_may_go_by_age(clerk: Account, order: str, who: int) -> None:
    rules = held({"code": "tutti", "places": 1}, order=order)
    sent = [
        sent_application(rules, factories.child(factories.adult(), birth_date=date(year, 3, 1)))
        for year in (2017, 2018, 2019)
    ]
    for number, application in enumerate(sent):
        if number != who:
            with pytest.raises(OthersFirst):
                accept(application, clerk)
    assert accept(sent[who], clerk).child == sent[who].child


def test_the_office_reads_the_turn_and_nothing_where_no_order_is_stated(clerk: Account) -> None:
    rules = held({"code": "tutti", "places": 1}, order="as_sent")
    first, second = sent_application(rules), sent_application(rules)
    said = [[(one.holds, one.sentence) for one in dossier(sent, STARTS).checks if "Lista" in one.sentence]
            for sent in (first, second)]  # fmt: skip
    assert said == [
        [(True, "Lista d'attesa (tutti), in ordine di protocollo: 0 domande vengono prima, posti liberi 1.")],
        [(False, "Lista d'attesa (tutti), in ordine di protocollo: 1 domanda viene prima, posti liberi 1.")],
    ]
    free = sent_application(edition(content=edition_content(), valid_from=date(2027, 1, 1)))
    assert not [one for one in dossier(free, STARTS).checks if "Lista" in one.sentence]


def test_an_order_wants_a_list(bari: Municipality) -> None:
    capacity = {"places": [{"code": "t", "label": {"it": "t"}, "places": 1}], "beyond": "refused", "order": "as_sent"}
    with pytest.raises(SchemaError, match="waiting_list"):
        edition_content(admission={"capacity": capacity})
