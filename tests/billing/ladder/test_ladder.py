"""The ladder from the rules of the Comune to the list: each once, the right people, nothing twice after a crash."""

import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from sportello.accounts.models import Role
from sportello.audit.models import Action, Event
from sportello.billing.debts.models import DebtPosition
from sportello.billing.debts.opening import Collected
from sportello.billing.debts.writing_off import ReliefAct, write_off
from sportello.billing.documents.facing import ourselves
from sportello.billing.ladder import running
from sportello.billing.ladder.errors import AlreadyDone, NoRules, NotEnded, PauseWrong, RulesWrong
from sportello.billing.ladder.letters import injunction_rows, letter_of
from sportello.billing.ladder.models import LadderRules, LadderRun, LetterPack, StepTaken
from sportello.billing.ladder.packing import pack_letters, start_pack
from sportello.billing.ladder.pausing import end_pause, pause_ladder, record_need_check
from sportello.billing.ladder.reading import facts_of, overdue_on
from sportello.billing.ladder.rules import Step, StepRule
from sportello.billing.ladder.running import climb, confirm_run, look, start_look
from sportello.billing.ladder.setting import DEFAULT_WAY_OUT, DEFAULTS, rules_on, set_rules
from sportello.billing.receipts.settling import settle
from sportello.families.models import Adult
from sportello.jobs.models import JobState
from sportello.jobs.running import run_job
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.notifications.models import Notice
from tenants.models import Municipality
from tests.billing.books import close_the_books
from tests.comuni import HostClient
from tests.factories import account, adult, child, family
from tests.factories.charging import service_of
from tests.factories.paying import charge, instalments, institution, position, receipt

NOW = clock.now()
TODAY = NOW.date()


class Quiet:
    """Progress that nobody looks at."""

    def advance(self, **_: Any) -> None:
        return


def ruled(**fields: Any) -> LadderRules:
    values: dict[str, Any] = {
        "steps": DEFAULTS,
        "in_force_from": TODAY - timedelta(days=400),
        "act": "Delibera 7",
        "officer": "dott.ssa Anna Bianchi",
        "way_out": DEFAULT_WAY_OUT,
        "days_to_pay": 30,
        "actor": 1,
        "now": NOW,
    }
    return set_rules(**{**values, **fields})


@pytest.fixture
def town(bari: Municipality) -> Municipality:
    institution(bari, cbill_code="AB12C")
    service_of("mensa", "meals")
    ruled()
    return bari


def late(payer: Adult, cents: int = 5000, days: int = 40, **fields: Any) -> DebtPosition:
    """A notice of a charge of hers, due so many days ago."""
    minor = child(payer)
    charge(minor, cents)
    due_on = TODAY - timedelta(days=days)
    return position(payer, Collected(minor.pk, "mensa", cents), due_on=due_on, last_day=due_on, **fields)


def run_on(now: datetime = NOW) -> LadderRun:
    """Looks and lets move, as the jobs would."""
    made = start_look(actor=1, now=now)
    look(run=made, now=now, progress=Quiet())
    climb(run=made, actor=1, now=now, progress=Quiet())
    made.refresh_from_db()
    return made


def taken() -> list[tuple[int, str]]:
    return list(StepTaken.objects.order_by("pk").values_list("position", "step"))


def test_looking_moves_nobody_and_moving_is_told_once(town: Municipality) -> None:
    home = family()
    one, two = late(home.parent), late(home.parent, 700, 60)
    made = start_look(actor=1, now=NOW)
    look(run=made, now=NOW, progress=Quiet())
    assert ([row[3] for row in made.decisions], taken()) == (["reminder", "reminder"], [])
    climb(run=made, actor=1, now=NOW, progress=Quiet())
    climb(run=made, actor=1, now=NOW, progress=Quiet())
    assert taken() == [(one.pk, "reminder"), (two.pk, "reminder")]
    told = Notice.objects.get()
    assert (told.account, told.link) == (home.account, reverse("desk:dues"))
    assert not any(word in told.body for word in ("50,00", home.children[0].given_name, "mensa"))
    assert Event.objects.get(action=Action.LADDER_CLIMBED).details == {"reminder": 2}
    LadderRun.objects.update(job=None)
    with pytest.raises(AlreadyDone):
        confirm_run(run=made, actor=1, now=NOW)


def test_what_is_reminded_can_be_paid_until_the_letter_says(town: Municipality) -> None:
    held = late(adult())
    running_out = held.options.get()
    run_on()
    option = held.options.get()
    assert (option.due_on, option.last_day) == (running_out.due_on, TODAY + timedelta(days=30))
    settle(receipt_id=receipt(option).pk, now=NOW)
    assert overdue_on(TODAY) == []
    close_the_books()


def test_only_what_is_owed_and_asked_by_nothing_newer_is_overdue(town: Municipality) -> None:
    payer = adult()
    minor = child(payer)
    charge(minor, 1000)
    line = Collected(minor.pk, "mensa", 1000)
    day = TODAY - timedelta(days=40)
    old = position(payer, line, due_on=day, last_day=day)
    assert [(one.position, one.cents) for one in overdue_on(TODAY)] == [(old.pk, 1000)]
    position(payer, Collected(minor.pk, "mensa", 600))
    assert [one.cents for one in overdue_on(TODAY)] == [400]
    write_off(position=old, act=ReliefAct("1", TODAY, "x"), actor=1, now=NOW)
    assert overdue_on(TODAY) == []


def test_of_a_plan_the_instalments_whose_day_has_passed_are_overdue(town: Municipality) -> None:
    payer = adult()
    minor = child(payer)
    charge(minor, 600)
    plan = position(payer, Collected(minor.pk, "mensa", 600), instalments=instalments(100, 200, 300), key="plan:x")
    assert facts_of([payer.pk], TODAY)[payer.pk].has_plan
    second = plan.options.get(number=2)
    day = second.due_on + timedelta(days=1)
    assert [one.cents for one in overdue_on(day)] == [300]
    assert not facts_of([payer.pk], day)[payer.pk].has_plan


def test_the_whole_way_up_needs_the_word_of_the_social_services(town: Municipality) -> None:
    payer = adult()
    held = late(payer)
    for days, step in ((0, "reminder"), (30, "plan_offer"), (60, "social_check")):
        run_on(NOW + timedelta(days=days))
        assert taken()[-1] == (held.pk, step)
    later = NOW + timedelta(days=130)
    assert [row[4] for row in run_on(later).decisions] == ["unchecked"]
    word: dict[str, Any] = {"payer": payer, "checked_on": later.date(), "actor": 1, "now": later}
    record_need_check(collectable=False, reference="Prot. 8", **word)
    assert [row[4] for row in run_on(later).decisions] == ["in_need"]
    record_need_check(collectable=True, reference="Prot. 9", **word)
    listed = run_on(later)
    assert taken()[-1] == (held.pk, "injunction")
    (row,) = injunction_rows(listed)
    assert (row[1], row[6], row[7].count("/")) == (payer.fiscal_code, 50, 4)  # type: ignore[attr-defined]
    assert [one[4] for one in run_on(later + timedelta(days=400)).decisions] == ["ended"]


def test_a_pause_stops_until_its_day_or_until_it_is_ended(town: Municipality) -> None:
    payer = adult()
    late(payer)
    with pytest.raises(PauseWrong):
        pause_ladder(payer=payer, reason="x", until=TODAY - timedelta(days=1), actor=1, now=NOW)
    with pytest.raises(PauseWrong):
        pause_ladder(payer=payer, reason=" ", until=TODAY, actor=1, now=NOW)
    pause = pause_ladder(payer=payer, reason="Contesta i pasti", until=TODAY + timedelta(days=5), actor=1, now=NOW)
    assert [row[4] for row in run_on().decisions] == ["paused"]
    assert not facts_of([payer.pk], TODAY + timedelta(days=6))[payer.pk].paused
    end_pause(pause=pause, actor=1, now=NOW)
    assert [row[3] for row in run_on().decisions] == ["reminder"]


def test_who_pays_between_look_and_step_gets_nothing(town: Municipality) -> None:
    home = family()
    held = late(home.parent)
    made = start_look(actor=1, now=NOW)
    look(run=made, now=NOW, progress=Quiet())
    settle(receipt_id=receipt(held.options.get()).pk, now=NOW)
    climb(run=made, actor=1, now=NOW, progress=Quiet())
    assert (taken(), Notice.objects.count()) == ([], 0)


def test_killed_in_the_middle_it_goes_on(town: Municipality, monkeypatch: pytest.MonkeyPatch) -> None:
    homes = [family() for _ in range(3)]
    held = [late(home.parent) for home in homes]
    made = start_look(actor=1, now=NOW)
    assert made.job
    run_job(public_id=made.job.public_id, now=clock.now)
    job = confirm_run(run=made, actor=1, now=NOW)
    telling, calls = running._tell, []

    def die(*arguments: Any) -> None:
        telling(*arguments)
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "PIECE", 1)
    monkeypatch.setattr(running, "_tell", die)
    with pytest.raises(KeyboardInterrupt):
        run_job(public_id=job.public_id, now=clock.now)
    assert (len(taken()), Notice.objects.count()) == (1, 1)
    monkeypatch.setattr(running, "_tell", telling)
    run_job(public_id=job.public_id, now=clock.now)
    job.refresh_from_db()
    made.refresh_from_db()
    assert (job.state, job.done, made.counts) == (JobState.DONE, 3, {"reminder": 3})
    assert sorted(taken()) == sorted((one.pk, "reminder") for one in held)
    assert Notice.objects.count() == 3


def test_the_rules_are_revisions_and_a_run_keeps_its_own(town: Municipality) -> None:
    first = rules_on(TODAY)
    second = ruled(in_force_from=TODAY + timedelta(days=10))
    assert (rules_on(TODAY), rules_on(TODAY + timedelta(days=10))) == (first, second)
    with pytest.raises(NoRules):
        rules_on(TODAY - timedelta(days=500))


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": DEFAULTS[:3]},
        {"steps": tuple(reversed(DEFAULTS))},
        {"steps": (StepRule(Step.REMINDER, 60, 0, "a", "b"), *DEFAULTS[1:])},
        {"steps": (StepRule(Step.REMINDER, 30, 0, "a", "Gentile {cognome}"), *DEFAULTS[1:])},
        {"steps": (StepRule(Step.REMINDER, 30, 0, " ", "b"), *DEFAULTS[1:])},
        {"way_out": " "},
        {"act": ""},
    ],
)
def test_rules_that_contradict_themselves_are_refused(bari: Municipality, wrong: dict[str, Any]) -> None:
    with pytest.raises(RulesWrong):
        ruled(**wrong)
    assert not LadderRules.objects.exists()


def test_a_letter_tells_the_sums_and_the_way_out(town: Municipality) -> None:
    payer = adult()
    late(payer)
    late(payer, 700)
    letter = letter_of(run_on(), payer, ourselves())
    assert letter
    assert (letter.total, letter.way_out, len(letter.unpaid)) == (Money(5700), DEFAULT_WAY_OUT, 2)
    assert payer.full_name in letter.paragraphs[0]
    assert "57,00" in letter.paragraphs[0]


@pytest.fixture
def media(settings: Any, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def names_in(pack: LetterPack) -> list[str]:
    with pack.file.open("rb") as held, zipfile.ZipFile(held) as archive:
        assert archive.testzip() is None
        assert all(archive.read(name).startswith(b"%PDF") for name in archive.namelist())
        return archive.namelist()


def test_the_letters_of_a_run_are_one_file(town: Municipality, media: Path) -> None:
    for _ in range(3):
        late(adult())
    late(adult(), days=5)
    made = start_look(actor=1, now=NOW)
    LadderRun.objects.update(job=None)
    with pytest.raises(NotEnded):
        start_pack(run=made, actor=1, now=NOW)
    look(run=made, now=NOW, progress=Quiet())
    climb(run=made, actor=1, now=NOW, progress=Quiet())
    made.refresh_from_db()
    default_storage.save(f"solleciti/{made.public_id}.zip", ContentFile(b"PK half a file"))  # a worker died here
    assert pack_letters(run=made, now=NOW, progress=Quiet()) == {"letters": 3}
    pack = LetterPack.objects.get()
    assert names_in(pack) == ["lettera-0001.pdf", "lettera-0002.pdf", "lettera-0003.pdf"]
    assert pack_letters(run=made, now=NOW, progress=Quiet()) == {"letters": 3}
    assert len(list(media.rglob("*.zip"))) == 1


def test_the_office_downloads_them(town: Municipality, media: Path, bari_client: HostClient) -> None:
    late(adult())
    made = run_on()
    LadderRun.objects.update(job=None)
    address = reverse("ladder:letters", args=[made.public_id])
    bari_client.force_login(account(Role.SCHOOL))
    assert bari_client.get(address).status_code == 403
    bari_client.force_login(account(Role.CLERK))
    assert bari_client.get(address).status_code == 404
    assert "Prepara tutte le lettere" in bari_client.get(reverse("ladder:run", args=[made.public_id])).content.decode()
    assert bari_client.post(address).status_code == 302
    made.refresh_from_db()
    assert made.job is not None
    run_job(public_id=made.job.public_id, now=clock.now)
    assert LetterPack.objects.get(run=made).letters == 1
    page = bari_client.get(reverse("ladder:run", args=[made.public_id])).content.decode()
    assert "Scarica la lettera (zip)" in page
    answer = bari_client.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("application/zip", "private, no-store")
    assert b"".join(answer.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("count", [1, 3])
def test_the_queries_do_not_grow(town: Municipality, django_assert_num_queries: Any, count: int) -> None:
    for _ in range(count):
        late(adult())
    with django_assert_num_queries(16):
        debts = overdue_on(TODAY)
        facts_of({one.payer for one in debts}, TODAY)
    assert len(debts) == count


@pytest.mark.parametrize(
    ("role", "status", "rules"),
    [(Role.CLERK, 200, 403), (Role.ADMINISTRATOR, 200, 200), (Role.SCHOOL, 403, 403), (None, 403, 403)],
)
def test_whose_pages_they_are(
    town: Municipality, bari_client: HostClient, role: Role | None, status: int, rules: int
) -> None:
    payer = adult()
    late(payer)
    made = run_on()
    bari_client.force_login(account(*([role] if role else [])))
    base = f"/ufficio/solleciti/{made.public_id}/"
    for path in (
        "/ufficio/solleciti/",
        base,
        f"{base}elenco/csv/",
        f"{base}elenco/xlsx/",
        f"{base}lettere/{payer.public_id}/",
        f"/ufficio/solleciti/persone/{payer.public_id}/",
    ):
        assert bari_client.get(path).status_code == status, path
    assert bari_client.get("/ufficio/solleciti/regole/").status_code == rules


def test_the_office_walks_it(bari: Municipality, bari_client: HostClient) -> None:
    institution(bari, cbill_code="AB12C")
    service_of("mensa", "meals")
    payer = adult()
    late(payer)
    bari_client.force_login(account(Role.ADMINISTRATOR))
    assert "Nessuna regola" in bari_client.post("/ufficio/solleciti/", follow=True).content.decode()
    fields = {f"{one.step}_{name}": value for one in DEFAULTS for name, value in
              (("days", one.days), ("minimum", ""), ("title", one.title), ("text", one.text))}  # fmt: skip
    sent = {
        **fields,
        "act": "Delibera 7",
        "officer": "dott.ssa Bianchi",
        "way_out": DEFAULT_WAY_OUT,
        "days_to_pay": 30,
        "in_force_from_day": TODAY.day,
        "in_force_from_month": TODAY.month,
        "in_force_from_year": TODAY.year,
    }
    assert bari_client.post("/ufficio/solleciti/regole/", sent | {"reminder_text": "{x}"}).status_code == 422
    assert bari_client.post("/ufficio/solleciti/regole/", sent).status_code == 302
    bari_client.post("/ufficio/solleciti/")
    made = LadderRun.objects.get()
    assert made.job
    run_job(public_id=made.job.public_id, now=clock.now)
    page = f"/ufficio/solleciti/{made.public_id}/"
    assert payer.listed_name in bari_client.get(page).content.decode()
    bari_client.post(page)
    made.refresh_from_db()
    run_job(public_id=made.job.public_id, now=clock.now)
    assert "Chi si è mosso" in bari_client.get(page).content.decode()
    person = f"/ufficio/solleciti/persone/{payer.public_id}/"
    assert bari_client.post(person, {"passo": "pausa"}).status_code == 422
    day = TODAY + timedelta(days=9)
    until = {"pausa-until_day": day.day, "pausa-until_month": day.month, "pausa-until_year": day.year}
    paused = bari_client.post(person, {"passo": "pausa", "pausa-reason": "Contesta", **until}, follow=True)
    assert "Contesta" in paused.content.decode()
    bari_client.post(person, {"passo": "riprendi"})
    assert not facts_of([payer.pk], TODAY)[payer.pk].paused
    day = TODAY
    when = {"checked_on_day": day.day, "checked_on_month": day.month, "checked_on_year": day.year}
    word = {f"verifica-{name}": value for name, value in (when | {"collectable": "no", "reference": "Prot. 1"}).items()}
    assert bari_client.post(person, {"passo": "verifica", **word}).status_code == 302
    assert facts_of([payer.pk], TODAY)[payer.pk].collectable is False
    assert bari_client.post(person, {"passo": "altro"}).status_code == 404
