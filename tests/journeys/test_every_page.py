"""Every page of every role is good: on a phone and at a desk, in Italian and in English."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from django.conf import settings
from django.urls import URLPattern, get_resolver, reverse
from django.urls.resolvers import URLResolver

from sportello.accounts.models import Account, Role
from sportello.canteen.month import Month
from tests.journeys.browser import Visitor
from tests.journeys.layout import italian_words, layout_faults
from tests.journeys.site import CENTRAL, Site
from tests.journeys.world import SLUG, World, world_of

FOLLOW: Final = """async paths => {
    const answers = {};
    for (const path of paths) answers[path] = (await fetch(path)).status;
    return answers;
}"""
DEMO_POST: Final = "demo:post"
type Arguments = Callable[[World], tuple[Any, ...]]

NOT_PAGES: Final = {
    "answers to a form": """
        set_language accounts:logout accounts:close_session accounts:close_others support:end
        applications:complete applications:rating
        enrolment:accept_selected enrolment:accept enrolment:reject enrolment:ask_completion fees:send
        onboarding:commit onboarding:check onboarding:expect onboarding:preview onboarding:reopen
        onboarding:import_mapping onboarding:decide_kind onboarding:revoke office:recognise office:bar office:lift
        office:ask_isee office:confirm_isee office:dismiss_isee
        services_catalog:revise services_catalog:discard services_catalog:withdraw services_catalog:give_back
        services_catalog:check services_catalog:upload
        fees:example_remove fees:example_accept
        services_catalog:template_start services_catalog:template_reason
        services_catalog:template_accept services_catalog:template_decline
        central:templates_offer central:template_reason
        services_catalog:closure_delete services_catalog:opening_delete canteen:undo_cancel
        staff:renew staff:grant staff:revoke staff:assign staff:end_scope
        central:stage central:add_domain central:change_domain central:add_administrator central:coat_of_arms
        central:identity_state central:identity_key central:identity_step central:identity_provider
        central:identity_sync central:pagopa_check
        rollover:rehearse rollover:tick
        leaving:confirm departures:export departures:deed
        connectors:probe connectors:switch means:commit_taxes means:discard_taxes means:ask_taxes
        shadow:withdraw training:check training:prepare central_training:prepare golive:day golive:rehearse
        central_golive:day central_golive:rehearse central_golive:start central_golive:take_back
        central_golive:waive central_golive:unwaive
        central_assessment:begin central_assessment:close central_board:gather
        publishing:retry publishing:anew
        carts:choose carts:go carts:undo carts:back credits:top_up credits:alert credits:move credits:ask_refund""",
    "files": """
        api:status api:schools api:school api:services api:windows api:fee-tables api:calendar
        api:openapi look:theme look:coat_of_arms central:image central:preview_css
        central:identity_metadata central:identity_certificate central:identity_sheet
        applications:receipt applications:attachment
        desk:dues_pdf documents:notice documents:receipt documents:certificate documents:nido
        issuing:part reconciliation:evidence reconciliation:flow_file reconciliation:cases
        ladder:letter ladder:letters ladder:injunctions accounting:export central:pagopa_cases
        enrolment:attachment enrolment:archive_copy canteen:statement_pdf canteen:statement_csv canteen:what_if_pdf
        leaving:download departures:download departures:certificate
        training:roster assessment:paper central_assessment:paper
        onboarding:corrections onboarding:original onboarding:export_mapping
        services_catalog:export services_catalog:calendar_export""",
    "steps of the door, walked by the tests of accounts": """
        accounts:begin accounts:complete accounts:code accounts:activate""",
    "steps into the twin, walked by test_training": "training:enter training:passage training:arrive",
    "steps of the central team into a Comune, walked by test_central_crossing": "crossing:enter crossing:arrive"
    " central_crossing:passage",
    "a choice in instalments and its cart, walked by test_paying": "carts:plan carts:cart",
    "steps of an application, walked by test_parent": "applications:step applications:summary",
    "notices in bulk, walked by test_issuing": "issuing:issue issuing:notices issuing:left_out",
    "money kept aside, walked by test_issuing": "receipts:aside receipts:credit",
    "arrears, walked by test_ladder": "ladder:rules ladder:run ladder:payer",
    "a notice, walked by test_issuing": "debts:position debts:adjust debts:annul debts:paid debts:write_off",
    "documents owed, which no pack wants yet, walked by the tests of applications": "applications:documents",
}


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page: the name of its URL, what it is about, what follows in the address."""

    name: str
    arguments: Arguments = lambda _world: ()
    query: str = ""
    query_of: Callable[[World], str] = lambda _world: ""

    def path(self, world: World) -> str:
        if self.name == DEMO_POST:
            return "/demo/posta/"  # part of the running site, not of the process of the tests
        urls = "sportello.config.urls_central" if self.name in CENTRAL_NAMES else None
        return reverse(self.name, args=self.arguments(world), urlconf=urls) + self.query + self.query_of(world)


def _application(state: str) -> Arguments:
    return lambda world: (world.applications[state].public_id,)


def _of_mensa(_world: World) -> tuple[str]:
    return ("mensa",)


def _of_nido(_world: World) -> tuple[str]:
    return ("nido",)


def _mensa_application(state: str) -> Arguments:
    return lambda world: ("mensa", world.applications[state].public_id)


def _child(world: World) -> tuple[Any]:
    return (world.child.public_id,)


def _delegation(world: World) -> tuple[Any]:
    return (world.delegation.public_id,)


def _ledger(world: World) -> tuple[Any, str]:
    return (world.child.public_id, "mensa")


def _bus(world: World) -> tuple[Any, str]:
    return (world.child.public_id, "trasporto")


def _bari(_world: World) -> tuple[str]:
    return ("A662",)


ANYBODY: Final = (
    PageOf("desk:home"),
    PageOf("desk:service", _of_mensa),
    PageOf("desk:quote", _of_mensa),
    PageOf("desk:household_quote"),
    PageOf("desk:service", lambda _world: ("trasporto",)),
    PageOf("desk:service", _of_nido),
    PageOf("desk:quote", _of_nido),
    PageOf("desk:appointment"),
    PageOf("accounts:login"),
    PageOf("accounts:local_login"),
    PageOf(DEMO_POST),
)
PARENT: Final = (
    PageOf("desk:home"),
    PageOf("desk:area"),
    PageOf("desk:household_quote"),
    PageOf("desk:child", _child),
    PageOf("enrolment:declare_isee", _child),
    PageOf("applications:start", _of_mensa),
    PageOf("applications:resume", _mensa_application("draft")),
    PageOf("applications:delete_draft", _application("draft")),
    PageOf("applications:sent", _mensa_application("submitted")),
    PageOf("applications:withdraw", _application("submitted")),
    PageOf("applications:application", _application("submitted")),
    PageOf("applications:application", _application("to_complete")),
    PageOf("applications:application", _application("accepted")),
    PageOf("applications:application", _application("rejected")),
    PageOf("applications:applications"),
    PageOf("applications:verification", _application("submitted")),
    PageOf("notifications:notices"),
    PageOf("notifications:notice", lambda world: (world.notice.public_id,)),
    PageOf("desk:dues"),
    PageOf("desk:dues", query="?anno=2025"),
    PageOf("credits:credit", _ledger),
    PageOf("canteen:statement", _child),
    PageOf("canteen:statement", _child, "?mese=2026-09"),
    PageOf("enrolment:account", _bus),
    PageOf("desk:appointment"),
    PageOf("accounts:sessions"),
    PageOf("desk:participation"),
    PageOf("families:delegations"),
    PageOf("families:new_delegation"),
    PageOf("families:revoke_delegation", _delegation),
)
DELEGATE: Final = (
    PageOf("desk:area"),
    PageOf("desk:child", _child),
    PageOf("desk:dues"),
    PageOf("credits:credit", _ledger),
    PageOf("canteen:statement", _child),
    PageOf("families:delegations"),
    PageOf("families:revoke_delegation", _delegation),
)
SCHOOL: Final = (
    PageOf("canteen:school"),
    PageOf("canteen:section_month", lambda world: (world.section.pk,)),
    PageOf("canteen:roll", lambda world: (world.section.pk, world.day)),
    PageOf("canteen:correct", lambda world: (world.section.pk, world.day)),
    PageOf("canteen:cancel", query_of=lambda world: f"?classe={world.section.pk}&tipo=trip"),
    PageOf("canteen:kitchen", lambda world: (world.section.school.school_code,)),
    PageOf("training:mine"),
    PageOf("training:exercise", lambda _world: ("call-roll",)),
)
CLERK: Final = (
    PageOf("office:home"),
    PageOf("office:children"),
    PageOf("office:children", query="?cerca=nessuno-si-chiama-cosi"),
    PageOf("office:child", _child),
    PageOf("office:adults"),
    PageOf("office:sections"),
    PageOf("enrolment:queue"),
    PageOf("fees:to_send"),
    PageOf("enrolment:queue", query="?vista=accolte"),
    PageOf("enrolment:workbench", _application("submitted")),
    PageOf("enrolment:workbench", _application("rejected")),
    PageOf("canteen:office"),
    PageOf("canteen:close"),
    PageOf("canteen:close_month", lambda world: (world.month,)),
    PageOf("canteen:close_month", lambda _world: (Month(2026, 10),)),
    PageOf("enrolment:charges", query="?servizio=trasporto&mese=2026-11"),
    PageOf("enrolment:charges", query="?servizio=trasporto&mese=2026-10"),
    PageOf("enrolment:counts", query="?servizio=trasporto&mese=2026-11"),
    PageOf("billing:ledger", _ledger),
    PageOf("credits:refunds"),
    PageOf("credits:refund", lambda world: (world.refund.public_id,)),
    PageOf("billing:record_payment", _ledger),
    PageOf("billing:correct_entry", lambda world: (world.entry.public_id,)),
    PageOf("issuing:issues"),
    PageOf("issuing:new"),
    PageOf("receipts:asides"),
    PageOf("ladder:runs"),
    PageOf("reconciliation:days"),
    PageOf("reconciliation:day", lambda _world: (2026, 11, 20)),
    PageOf("reconciliation:journal"),
    PageOf("reconciliation:flows"),
    PageOf("publishing:refusals"),
    PageOf("accounting:collections"),
    PageOf("accounting:chapters"),
    PageOf("accounting:treasury"),
    PageOf("services_catalog:office"),
    PageOf("services_catalog:templates"),
    PageOf("services_catalog:template", _of_mensa),
    PageOf("services_catalog:closures"),
    PageOf("canteen:cancel"),
    PageOf("services_catalog:why"),
    PageOf(
        "services_catalog:why",
        query_of=lambda world: f"?giorno=2026-11-27&servizio=mensa&plesso={world.section.school.school_code}",
    ),
    PageOf("services_catalog:openings"),
    PageOf("services_catalog:edition", lambda world: (world.edition.pk,)),
    PageOf("canteen:what_if", lambda world: (world.edition.pk,)),
    PageOf("fees:examples", lambda world: (world.edition.pk,)),
    PageOf("enrolment:effect", lambda world: (world.draft_edition.pk,)),
    PageOf("onboarding:list"),
    PageOf("onboarding:load", lambda world: (world.load.public_id,)),
    PageOf("onboarding:mapping", lambda world: (world.unread_load.public_id,)),
    PageOf("onboarding:review", lambda world: (world.load.public_id,)),
    PageOf("onboarding:review_row", lambda world: (world.load.public_id, 3)),
    PageOf("onboarding:leavers", lambda world: (world.load.public_id,)),
    PageOf("onboarding:undo", lambda world: (world.load.public_id,)),
    PageOf("onboarding:decisions"),
    PageOf("jobs:job", lambda world: (world.job.public_id,)),
    PageOf("schools:list"),
    PageOf("rollover:work_list"),
    PageOf("rollover:work_list", query="?vista=tutte"),
    PageOf("means:tax_files"),
    PageOf("means:tax_file", lambda world: (world.tax_load.public_id,)),
    PageOf("means:tax_file", lambda world: (world.tax_load.public_id,), "?vista=rivedere"),
)
ADMINISTRATOR: Final = (
    PageOf("office:home"),
    PageOf("billing:write_off", _ledger),
    PageOf("staff:list"),
    PageOf("staff:add"),
    PageOf("staff:add_local"),
    PageOf("staff:person", lambda world: (world.teacher.public_id,)),
    PageOf("services_catalog:edition", lambda world: (world.draft_edition.pk,)),
    PageOf("services_catalog:edit", lambda world: (world.draft_edition.pk,)),
    PageOf("services_catalog:propose", lambda world: (world.draft_edition.pk,)),
    PageOf("services_catalog:edition", lambda world: (world.proposed_edition.pk,)),
    PageOf("services_catalog:put_in_force", lambda world: (world.proposed_edition.pk,)),
    PageOf("fees:examples", lambda world: (world.draft_edition.pk,)),
    PageOf("fees:example_add", lambda world: (world.draft_edition.pk,)),
    PageOf("fees:example", lambda world: (world.draft_edition.pk, 1)),
    PageOf("enrolment:effect", lambda world: (world.draft_edition.pk,)),
    PageOf("services_catalog:templates"),
    PageOf("services_catalog:template", _of_mensa),
    PageOf("services_catalog:edition", lambda world: (world.unpriced.pk,)),
    PageOf("services_catalog:first_fee", lambda world: (world.unpriced.pk,)),
    PageOf("services_catalog:calendar_import", lambda world: (world.draft_edition.pk,)),
    PageOf("services_catalog:roll_over"),
    PageOf("rollover:renewal"),
    PageOf("services_catalog:closure_add"),
    PageOf("services_catalog:closure_import"),
    PageOf("schools:import"),
    PageOf("leaving:exports"),
    PageOf("assessment:overview"),
    PageOf("assessment:area", lambda _world: (2, "legal")),
    PageOf("assessment:outcome", lambda _world: (1,)),
    PageOf("assessment:outcome", lambda _world: (2,)),
    PageOf("assessment:plan"),
    PageOf("assessment:task", lambda world: (world.task.public_id,)),
    PageOf("connectors:list"),
    PageOf("connectors:kind", lambda _world: ("tributi",)),
    PageOf("connectors:connector", lambda _world: ("tributi", "file")),
    PageOf("connectors:connector", lambda _world: ("tributi", "rest")),
    PageOf("connectors:connector", lambda _world: ("pagopa", "station")),
    PageOf("training:mine"),
    PageOf("training:exercise", lambda _world: ("bring-roster-in",)),
    PageOf("golive:mine"),
    PageOf("shadow:mine"),
    PageOf("shadow:run", lambda world: (world.shadow_family.run.public_id,), "?vista=tutte"),
    PageOf("shadow:family", lambda world: (world.shadow_family.run.public_id, world.shadow_family.public_id)),
)
SUPPORT: Final = (
    PageOf("support:list"),
    PageOf("support:list", query="?cerca=a"),
    PageOf("support:list", query="?cerca=nessuno-si-chiama-cosi"),
    PageOf("support:visit", lambda world: (world.parent.public_id,)),
)
CENTRAL_TEAM: Final = (
    PageOf("central:home"),
    PageOf("central:municipality", _bari),
    PageOf("central:look", _bari),
    PageOf("central:identity", lambda _world: ("A662", "spid")),
    PageOf("central:identity", lambda _world: ("A662", "cie")),
    PageOf("departures:departure", _bari),
    PageOf("central_board:board"),
    PageOf("central_board:board", query="?blocco=bloccati&vista=assessment"),
    PageOf("central_board:municipality", _bari),
    PageOf("central_assessment:overview", _bari),
    PageOf("central_assessment:area", lambda _world: ("A662", 2, "organisation")),
    PageOf("central_assessment:area", lambda _world: ("A662", 2, "services")),
    PageOf("central_assessment:outcome", lambda _world: ("A662", 2)),
    PageOf("central_assessment:plan", _bari),
    PageOf("central_assessment:plan", _bari, "?vista=scadute"),
    PageOf("central_assessment:task", lambda world: ("A662", world.task.public_id)),
    PageOf("central:templates"),
    PageOf("central:template", lambda _world: ("A662", "mensa")),
    PageOf("central:identities"),
    PageOf("central:identities", query="?cie=draft"),
    PageOf("central:identity_log"),
    PageOf("central:pagopa"),
    PageOf("central:pagopa_codes", _bari),
    PageOf("central_crossing:loads", _bari),
    PageOf("central_training:training", _bari),
    PageOf("central_golive:checks", _bari),
    PageOf("central_shadow:overview", _bari),
    PageOf("staff:list"),
    PageOf("staff:add"),
)
CENTRAL_NAMES: Final = {page.name for page in CENTRAL_TEAM if page.name.startswith(("central", "departures:"))}
SEEN_IN_TERLIZZI: Final = {"canteen:order_blocks", "canteen:office_order_blocks"}
ROLES: Final = {
    "anybody": ANYBODY,
    "parent": PARENT,
    "delegate": DELEGATE,
    "school": SCHOOL,
    "clerk": CLERK,
    "administrator": ADMINISTRATOR,
    "support": SUPPORT,
    "central": CENTRAL_TEAM,
}


def _account_of(role: str, world: World, site: Site) -> Account | None:
    if role == "central":
        return site.account(CENTRAL, Role.CENTRAL)
    people = {
        "school": world.teacher,
        "clerk": world.clerk,
        "parent": world.parent,
        "support": world.supporter,
        "delegate": world.delegate,
    }
    return {**people, "administrator": world.administrator}.get(role)


def _enter(person: Visitor, role: str) -> tuple[World, str]:
    world, slug = world_of(person.site), CENTRAL if role == "central" else SLUG
    account = _account_of(role, world, person.site)
    if account is not None:
        person.enter_as(account, slug)
    return world, slug


@pytest.mark.parametrize("role", ROLES)
def test_pages_are_good(anybody: Visitor, role: str) -> None:
    world, slug = _enter(anybody, role)
    faults: list[str] = []
    for number, page_of in enumerate(ROLES[role]):
        path = page_of.path(world)
        found = _answer_faults(anybody, slug, path)
        anybody.keep_picture(f"{number:02d}-{page_of.name}")
        found += [*anybody.faults(), *layout_faults(anybody.page, language="it")]
        faults += [f"{path}: {fault}" for fault in found]
    assert faults == [], "\n" + "\n".join(faults)


LINKS = "a[href^='/']:not([href^='/accedi/avvia/'])"  # that one leads to a provider: tests.journeys.test_login


@pytest.mark.parametrize("role", ROLES)
def test_links_lead_somewhere(desktop: Visitor, role: str) -> None:
    world, slug = _enter(desktop, role)
    links: dict[str, str] = {}
    for page_of in ROLES[role]:
        desktop.page.goto(desktop.site.url(slug, page_of.path(world)))
        for path in desktop.page.eval_on_selector_all(LINKS, "all => all.map(one => one.pathname + one.search)"):
            links.setdefault(re.sub(r"[0-9a-f-]{36}|\d+|[A-Z0-9]{10}|\?.*", "…", path), path)  # one of each kind
    answers: dict[str, int] = desktop.page.evaluate(FOLLOW, sorted(links.values()))
    assert {path: status for path, status in answers.items() if status != 200} == {}


@pytest.mark.parametrize("role", ROLES)
def test_pages_in_english(phone: Visitor, role: str) -> None:
    world, slug = _enter(phone, role)
    phone.page.context.add_cookies(
        [{"name": settings.LANGUAGE_COOKIE_NAME, "value": "en", "url": phone.site.url(slug)}]
    )
    faults: list[str] = []
    for page_of in ROLES[role]:
        path = page_of.path(world)
        found = _answer_faults(phone, slug, path)
        found += [*phone.faults(accessibility=False), *layout_faults(phone.page, language="en")]
        faults += [f"{path}: {fault}" for fault in [*found, *italian_words(phone.page)]]
    assert faults == [], "\n" + "\n".join(faults)


def _answer_faults(person: Visitor, slug: str, path: str) -> list[str]:
    answer = person.page.goto(person.site.url(slug, path))
    return [] if answer is not None and answer.status == 200 else [f"status {answer and answer.status}"]


def test_no_page_is_forgotten() -> None:
    seen = {page.name for pages in ROLES.values() for page in pages} | SEEN_IN_TERLIZZI
    excused = {name for names in NOT_PAGES.values() for name in names.split()}
    named = {
        name
        for urls in ("urls_municipality", "urls_central")
        for name in _names(get_resolver(f"sportello.config.{urls}"))
    }
    assert sorted(named - seen - excused) == []
    assert sorted(seen & excused) == []
    assert sorted((seen | excused) - named - {DEMO_POST}) == []


def _names(resolver: URLResolver, room: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{room}{pattern.name}"
        else:
            yield from _names(pattern, f"{pattern.namespace}:" if pattern.namespace else room)
