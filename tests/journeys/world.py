"""One of everything that has a page, in Bari: made once for the running site, of a family and a roster of its own."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from django.core.files.base import ContentFile
from django.db import transaction
from django.test import override_settings

from integrations.tributi.types import Reason, TaxVerdict, Verdict
from onboarding.assessment.answering import save_area
from onboarding.assessment.models import AssessmentRound, PlanTask
from onboarding.assessment.questionnaire_files import latest
from onboarding.assessment.rounds import open_round
from onboarding.board.gathering import gather_signs
from onboarding.checking import check_roster
from onboarding.confirming import confirm_mapping, correct_mapping
from onboarding.models import LoadState, RosterLoad
from onboarding.reading_in import read_export
from onboarding.shadow.comparing import compare_month
from onboarding.shadow.models import ShadowFamily, ShadowRun
from onboarding.uploading import upload_roster
from services_catalog.approval import propose_edition
from services_catalog.examples import Example
from services_catalog.metropolitan import latest_templates
from services_catalog.models import Edition, TemplateLineage
from services_catalog.proposing import propose
from services_catalog.publication import copy_as_draft, draft_edition, register_service
from services_catalog.queries import edition_on
from services_catalog.reading import from_builtins, to_builtins
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account, Role
from sportello.applications.models import Application, ApplicationState
from sportello.billing.credits.models import RefundRequest
from sportello.billing.credits.refunding import ask_refund
from sportello.billing.models import Entry, EntryKind, LedgerAccount
from sportello.billing.posting import EntryLine, post_entries
from sportello.canteen.month import Month
from sportello.enrolment.charging import charge_month
from sportello.families.models import Adult, Child, Delegation, PayerAssignment
from sportello.fees.examples import accepted, judged, write_examples
from sportello.jobs.models import Job, JobState
from sportello.kernel import clock
from sportello.kernel.money import Money
from sportello.means.asking_taxes import keep_position
from sportello.means.models import TaxFileLoad
from sportello.means.tax_handing_in import hand_in_tax_file
from sportello.means.tax_loading import check_tax_file
from sportello.notifications.models import Notice
from sportello.notifications.notifying import notify
from sportello.schools.models import Section, StaffScope
from tenants.current import current_municipality
from tests.factories import account, adult, citizen, delegation, family, isee, pupil
from tests.factories.applications import sent_application
from tests.factories.charging import charged_edition, decide, rider, written_down
from tests.factories.meals import meals, place, price
from tests.factories.people import Family
from tests.factories.progress import Silent
from tests.journeys.site import Site
from tests.onboarding.assessment.rounds import CENTRAL as CENTRAL_HAND
from tests.onboarding.assessment.rounds import closed_round
from tests.onboarding.rosters import HEADER, SOURCE, YEAR, mapping_for, roster, row
from tests.services_catalog.templates import FASTER, version
from tests.tributi.files import detail, extract

SLUG = "bari"
STAFF = (Role.CLERK, Role.ADMINISTRATOR, Role.SCHOOL, Role.SUPPORT)


@dataclass(frozen=True, slots=True)
class World:
    """What the pages are about."""

    parent: Account
    delegate: Account
    clerk: Account
    administrator: Account
    teacher: Account
    supporter: Account
    child: Child
    delegation: Delegation
    section: Section
    day: date
    month: Month
    entry: Entry
    edition: Edition
    draft_edition: Edition
    proposed_edition: Edition
    unpriced: Edition
    applications: dict[str, Application]  # by state
    notice: Notice
    job: Job
    refund: RefundRequest
    load: RosterLoad
    unread_load: RosterLoad
    shadow_family: ShadowFamily
    tax_load: TaxFileLoad
    assessment: AssessmentRound
    task: PlanTask


@cache
def world_of(site: Site) -> World:
    """The world of that site."""
    people = {role: site.account(SLUG, role) for role in STAFF}
    with site.inside(SLUG), transaction.atomic():
        edition = edition_on("mensa", clock.today())
        section = (
            StaffScope.objects.filter(account=people[Role.SCHOOL])
            .select_related("section__school")
            .order_by("pk")[0]
            .section
        )
        assert section is not None
        made = family(children=5)
        for minor in made.children:
            pupil(minor, section)
        child, *others = made.children
        isee(child)
        _ride(child, section)
        grandmother = adult(given_name="Rosa")
        return World(
            parent=made.account,
            delegate=citizen(grandmother),
            clerk=people[Role.CLERK],
            administrator=people[Role.ADMINISTRATOR],
            teacher=people[Role.SCHOOL],
            supporter=people[Role.SUPPORT],
            child=child,
            delegation=delegation(child, made.parent, grandmother),
            section=section,
            day=_eat(child, section, edition),
            month=Month.of(clock.today()),
            entry=_owe(child),
            edition=edition,
            draft_edition=_draft(edition),
            proposed_edition=_propose(edition),
            unpriced=_begin(),
            applications=_apply(made.account, others, edition),
            notice=_tell(made.account),
            job=_work(people[Role.CLERK]),
            refund=_ask_back(made, others[0]),
            load=(load := _load(people[Role.CLERK], site)),
            shadow_family=_shadow(load, child, people[Role.CLERK]),
            unread_load=_unread_load(people[Role.CLERK], site),
            tax_load=_load_taxes(people[Role.CLERK], made.parent, site),
            assessment=(assessed := _assess()),
            task=PlanTask.objects.filter(round__municipality=assessed.municipality, gap="no_lead")[0],
        )


def _ask_back(made: Family, minor: Child) -> RefundRequest:
    """Credit on the bus of a sibling, asked back."""
    line = EntryLine(
        minor.pk, "trasporto", EntryKind.PAYMENT, Money(1500), clock.today(), "Pagamento", "world:credit",
        payer_id=made.parent.pk,
    )  # fmt: skip
    post_entries(lines=[line], now=clock.now(), actor=None)
    ledger = LedgerAccount.objects.get(child=minor, service_code="trasporto")
    return ask_refund(
        ledger=ledger.pk, iban="IT60X0542811101000000123456", holder="Prova", person=made.account, now=clock.now()
    )


def _shadow(load: RosterLoad, child: Child, clerk: Account) -> ShadowFamily:
    """October compared with a file that does not know the family of the child."""
    month = date(2026, 10, 1)
    asked = ShadowRun.objects.create(
        load=load,
        month=month,
        exported_on=date(2026, 10, 31),
        service_code="mensa",
        asked_by=clerk,
        asked_at=clock.now(),
    )
    run = compare_month(run=asked, now=clock.now(), progress=Silent())
    paid = PayerAssignment.objects.select_related("adult").filter(child=child)[0]
    return ShadowFamily.objects.select_related("run").get(run=run, payer_code=paid.adult.fiscal_code)


def _assess() -> AssessmentRound:
    """Bari assessed with many gaps, and the round after, open, in which some are closed."""
    bari = current_municipality()
    gaps = {"project_lead": "nobody", "processor_act": "draft", "spid": "undecided", "known_troubles": ("doubles",)}
    closed_round(bari, {**gaps, "cie": "?", "supplier_ends": "2026-12-31", "school_product": "Mensa facile"})
    opened = open_round(municipality=bari, hand=CENTRAL_HAND, now=clock.now())
    answers = {"project_lead": "with_act", "regulations": None}
    area = latest().areas[0]
    save_area(round_=opened, area=area, answers=answers, version=1, hand=CENTRAL_HAND, now=clock.now())
    gather_signs(municipality=bari, now=clock.now())
    return opened


def _draft(edition: Edition) -> Edition:
    """A draft with an example that comes out and one that does not."""
    draft = copy_as_draft(edition=edition, valid_from=clock.today(), actor=None, now=clock.now())
    right = accepted(
        judged(Example(isee=Money(1_250_000), pays=Money(0), because="Il caso del volantino"), draft.rules.fees)
    )
    wrong = Example(sibling_rank=2, children_using=2, pays=Money(99_900), because="Da rivedere con l'ufficio")
    examples = (right, wrong)
    author = account(Role.ADMINISTRATOR)
    return write_examples(edition=draft, examples=examples, seen=draft.fingerprint, actor=author, now=clock.now())


def _propose(edition: Edition) -> Edition:
    """A draft that somebody else has proposed."""
    draft = copy_as_draft(edition=edition, valid_from=clock.today(), actor=None, now=clock.now())
    author = account(Role.ADMINISTRATOR, given_name="Piera", family_name="Proponente")
    return propose_edition(edition=draft, actor=author, note="Come da bozza di delibera", now=clock.now())


def _eat(child: Child, section: Section, edition: Edition) -> date:
    """A place, a price, and the meals of three days of October, the last missed; that day."""
    place(child, edition)
    price(child, edition, 190)
    days = [date(2026, 10, day) for day in (6, 7, 8)]
    meals(section, {child: days[:-1]}, absent=days)
    return days[-1]


def _begin() -> Edition:
    """A service that begins with a metropolitan template, its fees to confirm; and a newer template proposed."""
    now, template = clock.now(), latest_templates()["trasporto"]
    plain = to_builtins(template.content)
    for sheet, title in (("it", "Asilo nido"), ("en", "Nursery")):
        plain["sheet"][sheet]["title"] = title
    service = register_service(code="nido", name="Asilo nido", archetype="place")
    content = from_builtins(plain, EditionContent)
    drafted = draft_edition(service=service, school_year=template.year, content=content, actor=None, now=now)
    lineage = TemplateLineage.objects.get(service__code="mensa")
    sheets = to_builtins(latest_templates()["mensa"].content)["sheet"]
    newer = {**FASTER, "sheet": {**sheets, "it": {**sheets["it"], "timing": "Ricevi subito il protocollo."}}}
    propose(lineage=lineage, template=version(2, **newer), now=now)
    return drafted


def _ride(child: Child, section: Section) -> None:
    """The school bus by the month, less so much for each day of sickness: ours in October, another child ever since."""
    sick = {"kind": "each_time", "counted": "days_sick", "amount": "0.50"}
    bus = charged_edition({"base": {"kind": "single_price", "amount": "17.00"}, "proration": [sick]})
    october = Month(2026, 10)
    place(child, bus, valid_during=(YEAR.period.start, october.next.first_day))
    rider(bus, section)
    decide(bus)
    written_down(child, bus, october, days_sick=2)
    charge_month(service=bus.service, month=october, actor=None, now=clock.now(), progress=Silent())


def _owe(child: Child) -> Entry:
    line = EntryLine(
        child_id=child.pk,
        service_code="mensa",
        kind=EntryKind.OPENING_BALANCE,
        amount=Money(-1905),
        competence_on=clock.today().replace(day=1),
        description="Saldo riportato dall'archivio precedente",
        key=f"world:{child.pk}",
    )
    post_entries(lines=[line], now=clock.now(), actor=None)
    return Entry.objects.get(account__child=child, account__service_code="mensa")


def _apply(parent: Account, children: list[Child], edition: Edition) -> dict[str, Application]:
    """One application of the parent in each state that has a page of its own."""
    made = {
        state: sent_application(edition, child, applicant=parent, state=state, reason=reason)
        for child, (state, reason) in zip(
            children,
            (
                (ApplicationState.SUBMITTED, ""),
                (ApplicationState.TO_COMPLETE, "Conferma la scuola e la classe del bambino."),
                (ApplicationState.ACCEPTED, ""),
                (ApplicationState.REJECTED, "Il bambino non frequenta una scuola servita."),
            ),
            strict=True,
        )
    }
    now = clock.now()
    made[ApplicationState.DRAFT] = Application.objects.create(
        applicant=parent,
        service=edition.service,
        edition=edition,
        school_year=edition.school_year,
        created_at=now,
        changed_at=now,
    )
    return {state.value: application for state, application in made.items()}


def _tell(parent: Account) -> Notice:
    return notify(
        account=parent,
        topic="applications",
        subject="Protocollo 12/2026",
        body="Abbiamo ricevuto la tua domanda.",
        link="/area/domande/",
        email="",
        key="world",
        now=clock.now(),
    )


def _work(clerk: Account) -> Job:
    now = clock.now()
    return Job.objects.create(
        kind="mese",
        state=JobState.RUNNING,
        done=40,
        total=100,
        message="Addebito dei pasti",
        requested_by=clerk.pk,
        created_at=now,
        started_at=now,
        heartbeat_at=now,
    )


def _load_taxes(clerk: Account, parent: Adult, site: Site) -> TaxFileLoad:
    """A file of the tax office about the parent, with a row to review and sums that are off; and what is known."""
    rows = [detail(1, str(parent.fiscal_code)), detail(2, "X", tax="ICI"), detail(3, "Y", paid_on="31022025")]
    with override_settings(MEDIA_ROOT=str(site.logs / "media")):
        handed = hand_in_tax_file(
            content=extract(rows, off_by=100), file_name="tributi.txt", as_of=None, actor=clerk, now=clock.now()
        )
        load = check_tax_file(load=handed, now=clock.now())
        Job.objects.filter(pk=handed.job_id).update(state=JobState.DONE, finished_at=clock.now())
    keep_position(
        adult=parent,
        verdict=TaxVerdict(
            Verdict.REGULAR, Reason.PAID, (), clock.today(), clock.today() + timedelta(days=90), "Regolamento, art. 9"
        ),
        source="file",
        actor=None,
        now=clock.now(),
    )
    return load


def _load(clerk: Account, site: Site) -> RosterLoad:
    """A roster with a good row and a bad one, looked through; its file lies where the site looks for it."""
    load = _handed_in(roster(row(), row(COD_FISCALE="")), clerk, site)
    with override_settings(MEDIA_ROOT=str(site.logs / "media")):
        if load.state == LoadState.MAPPING:
            correct_mapping(load=load, mapping=mapping_for(load), source_name=SOURCE, actor=clerk, now=clock.now())
            load = confirm_mapping(load=load, actor=clerk, now=clock.now())
        return check_roster(load=load, today=clock.today(), progress=Silent())


def _unread_load(clerk: Account, site: Site) -> RosterLoad:
    """A file with headings that nobody has confirmed."""
    return _handed_in(roster(row(), header=HEADER.replace("EMAIL", "POSTA")), clerk, site)


def _handed_in(content: bytes, clerk: Account, site: Site) -> RosterLoad:
    with override_settings(MEDIA_ROOT=str(site.logs / "media")):
        load = upload_roster(
            file=ContentFile(content), file_name="elenco.csv", school_year=YEAR, actor=clerk, now=clock.now()
        )
        return read_export(load=load, today=clock.today(), now=clock.now(), progress=Silent())
