"""Arrears refuse a reduction or an enrolment only where the Comune says so, and only as long as they last."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from integrations.tributi.types import Reason, Tax, TaxVerdict, Verdict
from services_catalog.models import Edition
from services_catalog.reading import SchemaError
from sportello.accounts.models import Account, Role
from sportello.applications.arrears import RefusedForArrears, arrears_warning
from sportello.applications.models import Application, ApplicationState
from sportello.billing.models import EntryKind
from sportello.billing.posting import EntryLine, post_entries
from sportello.enrolment.admission import accept_application, accept_many
from sportello.enrolment.models import Subscription, SubscriptionOrigin
from sportello.enrolment.pricing import reprice_household, review_arrears
from sportello.enrolment.workbench import dossier
from sportello.families.models import Child
from sportello.fees.deciding import steps_from_json
from sportello.fees.explanation import explain
from sportello.fees.models import PriceDecision
from sportello.fees.recognising import recognise_condition
from sportello.kernel.money import Money
from sportello.means.asking_taxes import keep_position
from tenants.models import Municipality
from tests import factories
from tests.factories.applications import sent_application
from tests.factories.deciding import send
from tests.factories.editions import edition as edition_in_force
from tests.factories.editions import edition_content
from tests.factories.numbering import YEAR

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
CONDITIONS = [
    {"code": "arrears", "label": {"it": "pagamenti arretrati"}},
    {"code": "instalment_plan", "label": {"it": "rateizzazione"}},
]
HALF = {"kind": "sibling_discounts", "rows": [{"rank_from": 1, "discount_percent": 50}]}


def edition(**arrears: Any) -> Edition:
    """A canteen at 3,00 a meal, half for everybody, with those words on arrears."""
    content = edition_content(conditions=CONDITIONS, fees={"reductions": [HALF], "arrears": arrears})
    return edition_in_force(content=content)


def enrolled(held: Edition) -> Child:
    minor = factories.child(factories.adult())
    factories.pupil(minor, factories.section(factories.school(level="primaria")))
    place = {"service": held.service, "edition": held, "origin": SubscriptionOrigin.ROSTER}
    Subscription.objects.create(child=minor, valid_during=YEAR.period.bounds, **place)
    reprice_household(child=minor, service=held.service, within=YEAR.period, now=datetime(2026, 9, 1, 9, tzinfo=UTC))
    send(minor)
    return minor


def post(minor: Child, cents: int, on: date) -> None:
    kind = EntryKind.CHARGE if cents < 0 else EntryKind.PAYMENT
    line = EntryLine(minor.pk, "nido", kind, Money(cents), on, "Prova", f"{minor.pk}:{on}:{cents}")
    post_entries(lines=[line], now=datetime.combine(on, datetime.min.time(), UTC), actor=None)


def prices(minor: Child) -> list[tuple[date, int, list[str]]]:
    rows = PriceDecision.objects.in_force().filter(child=minor).order_by("valid_during")
    return [(row.period.start, row.unit_price_cents, row.reasons) for row in rows]


@pytest.fixture
def clerk(bari: Municipality) -> Account:
    return factories.account(Role.CLERK)


def test_a_reduction_is_refused_from_the_day_and_given_back_from_the_payment(bari: Municipality) -> None:
    held = edition(refuses="reductions", overdue_after_days=30)
    minor = enrolled(held)
    post(minor, -4000, date(2026, 9, 30))
    assert review_arrears(now=datetime(2026, 10, 30, 5, tzinfo=UTC)) == 0, "thirty days are not over"
    assert review_arrears(now=datetime(2026, 10, 31, 5, tzinfo=UTC)) == 1
    assert prices(minor) == [(date(2026, 9, 1), 150, ["first"])], "a draft until it is sent"
    send()
    assert prices(minor)[-1] == (date(2026, 10, 31), 300, ["arrears"])
    dearer = PriceDecision.objects.in_force().get(unit_price_cents=300)
    lines = [line.text for line in explain(steps_from_json(dearer.steps), held.rules)]
    assert lines[-1].startswith("Le riduzioni non spettano (pagamenti arretrati)")
    post(minor, 4000, date(2026, 11, 20))
    assert review_arrears(now=NOW) == 1
    assert review_arrears(now=NOW) == 0
    send()
    assert [(start, cents) for start, cents, _reasons in prices(minor)] == [
        (date(2026, 9, 1), 150),
        (date(2026, 10, 31), 300),
        (date(2026, 11, 20), 150),
    ]
    assert prices(minor)[-1][2] == ["arrears_settled"]


def test_the_ledger_is_not_asked_where_the_edition_says_nothing(
    bari: Municipality, django_assert_num_queries: Any
) -> None:
    minor = enrolled(edition(refuses="reductions"))
    post(minor, -4000, date(2026, 9, 30))
    with django_assert_num_queries(1):
        assert review_arrears(now=NOW) == 0


def test_a_condition_that_is_spared_keeps_its_reduction(bari: Municipality) -> None:
    minor = enrolled(edition(refuses="reductions", overdue_after_days=30, spared=["instalment_plan"]))
    words: dict[str, Any] = {"condition": "instalment_plan", "reason": "delibera", "actor": None}
    recognise_condition(child=minor, during=YEAR.period, now=NOW, **words)
    post(minor, -4000, date(2026, 9, 30))
    review_arrears(now=NOW)
    send()
    assert {cents for _start, cents, _reasons in prices(minor)} == {150}


def test_unpaid_local_taxes_refuse_the_reduction_until_their_word_expires(bari: Municipality) -> None:
    """From the day they are known: what families were told of the days gone by stays, also when the taxes are paid."""
    minor = enrolled(edition(refuses="reductions", local_taxes=True))
    mother = factories.adult()
    factories.guardianship(mother, minor)
    before = prices(minor)
    known, paid = NOW, NOW + timedelta(days=20)
    keep_position(adult=mother, verdict=standing(Verdict.IN_ARREARS, known), source="test", actor=None, now=known)
    review_arrears(now=known)
    send()
    until = known.date() + timedelta(days=30)
    assert [start for start, _cents, _reasons in prices(minor)] == [before[0][0], known.date(), until]
    assert [cents for _start, cents, _reasons in prices(minor)] == [150, 300, 150]
    keep_position(adult=mother, verdict=standing(Verdict.REGULAR, paid), source="test", actor=None, now=paid)
    review_arrears(now=paid)
    send()
    assert [(start, cents) for start, cents, _reasons in prices(minor)] == [
        (before[0][0], 150),
        (known.date(), 300),
        (paid.date(), 150),
        (until, 150),  # as it was sent before: what still holds is not sent again
    ]


def standing(verdict: Verdict, told: datetime) -> TaxVerdict:
    """What the tax office says on a day, for thirty days."""
    unpaid = verdict is Verdict.IN_ARREARS
    reason = Reason.UNPAID if unpaid else Reason.PAID
    taxes = (Tax.TARI,) if unpaid else ()
    return TaxVerdict(verdict, reason, taxes, told.date(), told.date() + timedelta(days=30), "Regolamento")


def owing(held: Edition, *, by: str = "ledger") -> Application:
    parent = factories.adult()
    minor = factories.child(parent)
    factories.pupil(minor)
    if by == "ledger":
        post(minor, -4000, date(2026, 9, 30))
    elif by == "office":
        words: dict[str, Any] = {"condition": "arrears", "reason": "ragioneria", "actor": None}
        recognise_condition(child=minor, during=YEAR.period, now=NOW, **words)
    else:
        until = NOW.date() + timedelta(days=30)
        said = TaxVerdict(Verdict.IN_ARREARS, Reason.UNPAID, (Tax.TARI,), NOW.date(), until, "Regolamento")
        keep_position(adult=parent, verdict=said, source="test", actor=None, now=NOW)
    application = sent_application(held)
    application.child = minor
    application.save()
    return application


@pytest.mark.parametrize("by", ["ledger", "office"])
def test_an_enrolment_is_refused_only_where_the_act_says_so(bari: Municipality, clerk: Account, by: str) -> None:
    blocking = edition(blocks_enrolment=True, overdue_after_days=30)
    application = owing(blocking, by=by)
    with pytest.raises(RefusedForArrears, match="pagamenti scaduti") as failure:
        accept_application(public_id=application.public_id, actor=clerk, now=NOW)
    assert f"l'atto {blocking.act_number} del 30/04/2026" in str(failure.value)
    assert "Da pagare" in str(failure.value)
    application.refresh_from_db()
    assert application.state == ApplicationState.SUBMITTED
    outcome = accept_many(public_ids=[application.public_id], actor=clerk, now=NOW)
    assert "pagamenti scaduti" in outcome.refused[0].sentence
    if by == "ledger" and application.child is not None:
        post(application.child, 4000, date(2026, 11, 22))
        assert accept_application(public_id=application.public_id, actor=clerk, now=NOW).pk


@pytest.mark.parametrize("by", ["ledger", "office"])
def test_elsewhere_nobody_is_refused(bari: Municipality, clerk: Account, by: str) -> None:
    application = owing(edition(refuses="reductions", overdue_after_days=30), by=by)
    assert accept_application(public_id=application.public_id, actor=clerk, now=NOW).pk


@pytest.mark.parametrize("reads", [True, False])
def test_unpaid_local_taxes_block_where_the_edition_reads_them(
    bari: Municipality, clerk: Account, *, reads: bool
) -> None:
    application = owing(edition(blocks_enrolment=True, local_taxes=reads), by="taxes")
    if not reads:
        assert accept_application(public_id=application.public_id, actor=clerk, now=NOW).pk
        return
    with pytest.raises(RefusedForArrears, match=r"tributi comunali non pagati \(TARI\)"):
        accept_application(public_id=application.public_id, actor=clerk, now=NOW)


@pytest.mark.parametrize(
    ("by", "warning"),
    [
        ("ledger", "Ci sono pagamenti scaduti dei servizi scolastici. La domanda si può fare lo stesso"),
        ("office", "secondo l'atto"),
        ("taxes", "Ci sono tributi comunali non pagati (TARI). La domanda si può fare lo stesso"),
    ],
)
def test_where_the_edition_only_warns_the_office_reads_it_and_may_accept(
    bari: Municipality, clerk: Account, by: str, warning: str
) -> None:
    application = owing(edition(warns_enrolment=True, overdue_after_days=30, local_taxes=True), by=by)
    checks = dossier(application, NOW.date()).checks
    assert [one.holds for one in checks if warning in one.sentence] == [False]
    assert accept_application(public_id=application.public_id, actor=clerk, now=NOW).pk


def test_who_is_spared_or_in_order_reads_no_warning(bari: Municipality, clerk: Account) -> None:
    held = edition(warns_enrolment=True, overdue_after_days=30, spared=["instalment_plan"])
    application = owing(held, by="office")
    assert application.child is not None
    words: dict[str, Any] = {"reason": "ragioneria", "actor": None, "condition": "instalment_plan"}
    assert arrears_warning(child=application.child, edition=held, today=NOW.date())
    recognise_condition(child=application.child, during=YEAR.period, now=NOW, **words)
    assert arrears_warning(child=application.child, edition=held, today=NOW.date()) == ""
    assert arrears_warning(child=factories.child(), edition=held, today=NOW.date()) == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"blocks_enrolment": True, "warns_enrolment": True}, "warns_enrolment"),
        ({"refuses": "reductions", "above": "20.00"}, "overdue_after_days"),
        ({"local_taxes": True}, "blocks_enrolment"),
    ],
)
def test_words_that_say_nothing_are_errors(bari: Municipality, words: dict[str, Any], said: str) -> None:
    with pytest.raises(SchemaError, match=said):
        edition(**words)
