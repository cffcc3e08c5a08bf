"""Notices in bulk: to the cent, each once, nobody left out in silence."""

import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.debts.changing import publish_position
from sportello.billing.debts.models import DebtPosition, PaymentOption, PositionLine, Purpose
from sportello.billing.debts.opening import Collected
from sportello.billing.issuing import printing, runs
from sportello.billing.issuing.allotting import Owed, Terms, plan
from sportello.billing.issuing.errors import AlreadyBegun, AlreadyIssued, NotCounted, NothingIssued, StillWorking
from sportello.billing.issuing.models import LeftOut, NoticeIssue, PaperPart
from sportello.billing.issuing.preparing import confirm_issue, count_again, prepare_issue, print_issue
from sportello.billing.issuing.runs import issue_notices, positions_of
from sportello.families.models import Child
from sportello.fees.models import PriceDecision
from sportello.jobs.models import Job, JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.notifications.models import Notice, OutboxMail
from tenants.models import Municipality
from tests.billing.books import close_the_books
from tests.comuni import HostClient
from tests.factories import account, adult, child, family
from tests.factories.charging import service_of
from tests.factories.meals import canteen_edition, price
from tests.factories.paying import charge, institution, position

DUE = clock.today() + timedelta(days=30)
LAST = DUE + timedelta(days=15)


class Quiet:
    """Progress that nobody looks at."""

    def advance(self, **_: Any) -> None:
        return


@pytest.fixture
def town(bari: Municipality) -> Municipality:
    institution(bari, cbill_code="AB12C")
    service_of("mensa", "meals")
    service_of("trasporto")
    return bari


def prepared(**fields: Any) -> NoticeIssue:
    """An issue of everything, counted."""
    values: dict[str, Any] = {
        "services": ["mensa", "trasporto"],
        "description": "Servizi scolastici, autunno",
        "due_on": DUE,
        "last_day": LAST,
        "minimum": Money(0),
        "instalments": 1,
        "instalments_from": Money(0),
        "skips_exempt": True,
        "actor": 1,
        "now": clock.now(),
    }
    made = prepare_issue(**{**values, **fields})
    work(made)
    return made


def work(issue: NoticeIssue) -> Job:
    """Runs what the issue waits for, as a worker would."""
    issue.refresh_from_db()
    assert issue.job
    run_job(public_id=issue.job.public_id, now=clock.now)
    issue.refresh_from_db()
    return Job.objects.get(pk=issue.job.pk)


def issued(**fields: Any) -> NoticeIssue:
    made = prepared(**fields)
    confirm_issue(issue=made, actor=1, now=clock.now())
    assert work(made).state == JobState.DONE
    return made


def asked(issue: NoticeIssue) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one in PositionLine.objects.filter(position__in=positions_of(issue)).order_by("position", "number"):
        found.setdefault(one.position.payer_id, []).append(one.amount_cents)
    return found


def test_looking_makes_nothing_and_issuing_makes_what_was_looked_at(town: Municipality) -> None:
    one, other = adult(), adult()
    charge(child(one), 500)
    charge(child(one), 700, service="trasporto")
    charge(child(other), 250)
    made = prepared()
    assert (made.counts["payers"], made.counts["notices"], made.total) == (2, 2, Money(1450))
    assert not DebtPosition.objects.exists()

    confirm_issue(issue=made, actor=1, now=clock.now())
    work(made)

    assert asked(made) == {one.pk: [500, 700], other.pk: [250]}
    assert Event.objects.filter(action=Action.NOTICES_ISSUED).get().details["cents"] == 1450
    close_the_books()


def test_everybody_left_out_is_told_with_the_reason(town: Municipality) -> None:
    coded, uncoded, small, done = adult(), adult(fiscal_code=None), adult(), adult()
    charge(child(coded), 5000)
    charge(child(uncoded), 1100)
    charge(child(small), 90)
    minor = child(done)
    charge(minor, 700)
    position(done, Collected(minor.pk, "mensa", 700))
    charge(child(), 333)
    made = prepared(minimum=Money(1000))
    assert made.counts["left_out_cents"] == {
        LeftOut.NO_PAYER: 333,
        LeftOut.NO_CODE: 1100,
        LeftOut.MINIMUM: 90,
        LeftOut.ASKED: 700,
    }
    assert (made.counts["notices"], made.total) == (1, Money(5000))


def test_what_another_notice_asks_for_in_part_is_asked_for_the_rest(town: Municipality) -> None:
    parent = adult()
    minor = child(parent)
    charge(minor, 700)
    position(parent, Collected(minor.pk, "mensa", 300))
    assert asked(issued()) == {parent.pk: [400]}


def test_the_exempt_are_left_out_where_the_office_says_so() -> None:
    owed = [Owed(1, 10, "mensa", 500), Owed(2, 20, "mensa", 300)]
    found = plan(Terms("k:", "Mensa", DUE, LAST), owed, with_code={1, 2}, exempt={(20, "mensa")})
    assert [one.payer_id for one in found.asked] == [1]
    assert [(one.reason, one.payer_id) for one in found.omitted] == [(LeftOut.EXEMPT, 2)]


def test_an_exemption_in_force_leaves_out(town: Municipality) -> None:
    edition = canteen_edition()
    free, paying = child(adult()), child(adult())
    for minor in (free, paying):
        charge(minor, 500)
    held = price(paying, edition, 0)
    step = {"code": "exemption", "place": "fees.reductions", "before_cents": 300, "after_cents": 0, "params": {}}
    PriceDecision.objects.create(
        child=free,
        service=held.service,
        edition=edition,
        valid_during=held.valid_during,
        unit_price_cents=0,
        unit=held.unit,
        inputs=held.inputs,
        steps=[*held.steps, step],
        decided_at=held.decided_at,
        status=held.status,
        version=1,
        sent_at=held.sent_at,
    )
    assert prepared().counts["left_out"] == {LeftOut.EXEMPT: 1}
    assert prepared(skips_exempt=False).counts["notices"] == 2


def test_months_of_the_nido_stand_alone() -> None:
    months = [date(2026, 9, 1), date(2026, 10, 1)]
    owed = [*(Owed(1, 10, "nido", 200, month) for month in months), Owed(1, 11, "mensa", 50)]
    found = plan(Terms("k:", "Servizi", DUE, LAST), owed, with_code={1})
    assert [(one.purpose, one.cents) for one in found.asked] == [
        (Purpose.MONTHLY_FEE, 200),
        (Purpose.MONTHLY_FEE, 200),
        (Purpose.DUES, 50),
    ]
    assert len({one.key for one in found.asked}) == 3


def test_the_nido_is_asked_by_month(town: Municipality) -> None:
    service_of("nido", "place")
    parent = adult()
    minor = child(parent)
    charge(minor, 20000, service="nido", on=date(2026, 9, 30))
    charge(minor, 21000, service="nido", on=date(2026, 10, 31))
    made = issued(services=["nido"])
    lines = PositionLine.objects.filter(position__in=positions_of(made)).order_by("month")
    assert [(one.month, one.amount_cents) for one in lines] == [(date(2026, 9, 1), 20000), (date(2026, 10, 1), 21000)]
    close_the_books()


def test_large_sums_may_be_paid_in_parts(town: Municipality) -> None:
    large, small = adult(), adult()
    charge(child(large), 10000)
    charge(child(small), 9999)
    made = issued(instalments=3, instalments_from=Money(10000))
    options = PaymentOption.objects.filter(position__payer=large).order_by("number")
    assert [one.amount_cents for one in options] == [10000, 3334, 3333, 3333]
    assert PaymentOption.objects.filter(position__payer=small).count() == 1
    assert made.counts["in_instalments"] == 1
    close_the_books()


def test_run_again_it_asks_for_nothing_twice(town: Municipality) -> None:
    charge(child(adult()), 500)
    made = issued()
    with pytest.raises(AlreadyIssued):
        confirm_issue(issue=made, actor=1, now=clock.now())
    issue_notices(issue=made, actor=1, now=clock.now(), progress=Quiet())
    assert positions_of(made).count() == 1
    assert prepared().counts["notices"] == 0, "another issue finds the sums asked already"


def dies_in_the_second_piece(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> Callable[[], None]:
    """Two payers in a piece; the second is interrupted once its notices are written. Returns what ends that."""
    opening, calls = runs.open_positions, []

    def die(**arguments: Any) -> int:
        made = opening(**arguments)
        calls.append(made)
        if len(calls) == 2:
            raise error
        return made

    monkeypatch.setattr(runs, "PIECE", 2)
    monkeypatch.setattr(runs, "open_positions", die)
    return lambda: monkeypatch.setattr(runs, "open_positions", opening)


class Seen(Quiet):
    """Progress that keeps what was shown."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, int]] = []
        self.total = 0

    def advance(self, **news: Any) -> None:
        self.total = news.get("total") or self.total
        if "done" in news:
            self.shown.append((news["done"], self.total))


def test_a_worker_that_dies_loses_one_piece_and_the_next_goes_on(
    town: Municipality, monkeypatch: pytest.MonkeyPatch
) -> None:
    parents = [family().parent for _ in range(5)]
    for parent in parents:
        charge(parent.guardianships.get().child, 500)
    charge(child(), 333)
    made = prepared()
    job = confirm_issue(issue=made, actor=1, now=clock.now())
    mend = dies_in_the_second_piece(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        run_job(public_id=job.public_id, now=clock.now)
    made.refresh_from_db()
    assert (positions_of(made).count(), made.is_begun, made.so_far["counts"]["cents"]) == (2, True, 1000)
    first = set(positions_of(made).values_list("pk", "created_at"))
    assert Notice.objects.count() == 2, "a piece that is lost has told nobody"
    with pytest.raises(StillWorking):
        count_again(issue=made, actor=1, now=clock.now())

    mend()
    progress = Seen()
    issue_notices(issue=made, actor=1, now=clock.now() + timedelta(minutes=5), progress=progress)
    made.refresh_from_db()
    assert progress.shown[-3:] == [(2, 5), (4, 5), (5, 5)], "it goes on from where it was"
    assert asked(made) == {parent.pk: [500] for parent in parents}
    assert first < set(positions_of(made).values_list("pk", "created_at")), "what was done is not done again"
    assert (made.counts["notices"], made.counts["payers"], made.counts["cents"]) == (5, 5, 2500)
    assert made.left_out == {LeftOut.NO_PAYER: [[None, Child.objects.latest("pk").pk, 333]]}
    assert Notice.objects.count() == OutboxMail.objects.count() == 5
    close_the_books()


def test_an_issue_that_stopped_is_gone_on_with_from_its_page(
    town: Municipality, bari_client: HostClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        charge(child(adult()), 500)
    made = prepared()
    confirm_issue(issue=made, actor=1, now=clock.now())
    mend = dies_in_the_second_piece(monkeypatch, NothingIssued())
    assert work(made).state == JobState.FAILED
    with pytest.raises(AlreadyBegun):
        count_again(issue=made, actor=1, now=clock.now())
    bari_client.force_login(account(Role.CLERK))
    page = f"/ufficio/emissioni/{made.public_id}/"
    assert "si è fermata dopo 2 avvisi" in bari_client.get(page).content.decode()
    mend()
    bari_client.post(page, {"passo": "emetti"})
    assert work(made).state == JobState.DONE
    assert (positions_of(made).count(), made.counts["cents"]) == (3, 1500)


def test_a_description_that_names_a_child_stops_it_before_anything_is_made(town: Municipality) -> None:
    for _ in range(2):
        charge(child(adult()), 500)
    named = child(adult(), given_name="Zoe", family_name="Mensa")
    charge(named, 500)
    made = prepared(description="Zoe Mensa")
    confirm_issue(issue=made, actor=1, now=clock.now())
    assert work(made).state == JobState.FAILED
    assert (made.is_begun, DebtPosition.objects.exists()) == (False, False)


def test_who_pays_is_told_once_with_no_name_and_no_sum(town: Municipality) -> None:
    home, unknown = family(children=2), adult()
    for minor in (*home.children, child(unknown)):
        charge(minor, 4550)
    made = issued()
    issue_notices(issue=made, actor=1, now=clock.now(), progress=Quiet())
    told, mail = Notice.objects.get(), OutboxMail.objects.get()
    assert (told.account, told.link) == (home.account, reverse("desk:dues"))
    assert mail.recipient == home.account.email
    words = f"{told.subject} {told.body} {mail.subject} {mail.body}"
    for secret in ("45,50", "91,00", *(minor.given_name for minor in home.children), home.children[0].family_name):
        assert secret not in words
    assert Job.objects.get(pk=made.job_id).arguments == {"issue": str(made.public_id)}


def test_a_draft_that_is_published_tells_its_payer(town: Municipality) -> None:
    home = family()
    line = Collected(home.children[0].pk, "mensa", 700)
    draft = position(home.parent, line, publish=False)
    assert not Notice.objects.exists()
    publish_position(position=draft, actor=7, now=clock.now())
    assert Notice.objects.get().account == home.account


def test_one_thing_at_a_time_and_in_order(town: Municipality) -> None:
    charge(child(adult()), 500)
    made = prepared()
    with pytest.raises(NothingIssued):
        print_issue(issue=made, actor=1, now=clock.now())
    count_again(issue=made, actor=1, now=clock.now())
    with pytest.raises(StillWorking):
        confirm_issue(issue=made, actor=1, now=clock.now())
    fresh = NoticeIssue.objects.create(
        services=["mensa"], description="Mensa", due_on=DUE, last_day=LAST, created_at=clock.now()
    )
    with pytest.raises(NotCounted):
        confirm_issue(issue=fresh, actor=1, now=clock.now())


def test_papers_come_in_parts_and_whole_parts_are_kept(
    town: Municipality, settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MEDIA_ROOT = str(tmp_path)
    monkeypatch.setattr(printing, "PER_PART", 2)
    for _ in range(3):
        charge(child(adult()), 500)
    made = issued()
    print_issue(issue=made, actor=1, now=clock.now())
    job = work(made)
    assert (job.message, job.result) == ("Documenti pronti", {"notices": 3, "parts": 2})
    first, second = made.parts.order_by("number")
    with first.file.open("rb") as held, zipfile.ZipFile(held) as archive:
        numbers = {f"avviso-{one.notice_number}.pdf" for one in PaymentOption.objects.order_by("pk")[:2]}
        assert set(archive.namelist()) == numbers
        assert all(archive.read(name).startswith(b"%PDF-") for name in archive.namelist())
    assert second.notices == 1

    PaperPart.objects.all().delete()
    with default_storage.open(second.file.name, "wb") as torn:
        torn.write(b"PK half a file")
    before = default_storage.get_modified_time(first.file.name)
    print_issue(issue=made, actor=1, now=clock.now())
    work(made)
    assert default_storage.get_modified_time(first.file.name) == before
    with made.parts.get(number=2).file.open("rb") as held:
        assert zipfile.is_zipfile(held)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CLERK, 200), (Role.ADMINISTRATOR, 200), (Role.SCHOOL, 403), (Role.SUPPORT, 403), (None, 403)],
)
def test_it_is_the_office_that_issues(
    town: Municipality, bari_client: HostClient, role: Role | None, status: int
) -> None:
    charge(child(adult(fiscal_code=None)), 500)
    charge(child(adult()), 500)
    made = issued()
    bari_client.force_login(account(*([role] if role else [])))
    base = f"/ufficio/emissioni/{made.public_id}/"
    for path in ("/ufficio/emissioni/", "/ufficio/emissioni/nuova/", base, f"{base}avvisi/", f"{base}esclusi/no_code/"):
        assert bari_client.get(path).status_code == status, path


def test_the_clerk_walks_from_the_terms_to_the_notices(town: Municipality, bari_client: HostClient) -> None:
    parent = adult()
    charge(child(parent), 4550)
    bari_client.force_login(account(Role.CLERK))
    days = {
        f"{name}_{part}": str(getattr(day, word))
        for name, day in (("due_on", DUE), ("last_day", LAST))
        for part, word in (("day", "day"), ("month", "month"), ("year", "year"))
    }
    wrong = bari_client.post("/ufficio/emissioni/nuova/", {"services": ["mensa"], "instalments": "1"})
    assert wrong.status_code == 422
    sent = bari_client.post(
        "/ufficio/emissioni/nuova/",
        {"services": ["mensa"], "description": "Mensa, autunno", "instalments": "1", **days},
    )
    made = NoticeIssue.objects.get()
    assert made.job
    assert (sent.status_code, sent["Location"]) == (302, f"/ufficio/lavori/{made.job.public_id}/")
    work(made)
    page = f"/ufficio/emissioni/{made.public_id}/"
    assert "45,50" in bari_client.get(page).content.decode()
    bari_client.post(page, {"passo": "emetti"})
    work(made)
    text = bari_client.get(f"{page}avvisi/").content.decode()
    assert DebtPosition.objects.get().debtor_name in text
    assert bari_client.post(page, {"passo": "altro"}).status_code == 404


def test_the_list_costs_the_same_with_one_and_three(town: Municipality, bari_client: HostClient) -> None:
    bari_client.force_login(account(Role.CLERK))
    spent = []
    for _ in range(2):
        prepared()
        with CaptureQueriesContext(connection) as queries:
            bari_client.get("/ufficio/emissioni/")
        spent.append(len(queries))
        prepared()
    assert spent[0] == spent[1]
