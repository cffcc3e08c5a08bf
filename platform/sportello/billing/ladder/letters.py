"""What a run hands out: the letter of a payer, and the list for the injunction."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from sportello.billing.debts.models import DebtPosition
from sportello.billing.documents.people import adult_as_addressee
from sportello.billing.ladder.models import LadderRun, StepTaken
from sportello.billing.ladder.rules import Step
from sportello.billing.papers.arrears import ReminderLetter, Unpaid
from sportello.billing.papers.sheets import Due, Payee
from sportello.families.models import Adult
from sportello.kernel.money import Money
from sportello.ui.templatetags.ui import it_date, money

LONGEST_SUBJECT = 60
HEADINGS = (
    "Cognome e nome",
    "Codice fiscale",
    "Indirizzo",
    "Causale",
    "Codice avviso",
    "Scadenza",
    "Importo",
    "Solleciti",
)


def letter_of(run: LadderRun, payer: Adult, payee: Payee) -> ReminderLetter | None:
    """The letter of the highest step that the payer took in the run, with all the notices that took it; None without.

    The words are the Comune's; the sums are those of the day of the run.
    """
    steps = list(run.steps_taken.filter(payer=payer).select_related("position").order_by("position"))
    if not steps:
        return None
    highest = max((Step(one.step) for one in steps), key=list(Step).index)
    rule = run.rules.rule_of(highest)
    told = [one for one in steps if one.step == highest]
    pay_by = told[0].taken_on + timedelta(days=run.rules.days_to_pay)
    fields = {
        "nome": payer.full_name,
        "totale": money(Money.sum(one.amount for one in told)),
        "entro": it_date(pay_by),
        "comune": payee.name,
        "ufficio": payee.office,
    }
    return ReminderLetter(
        payee=payee,
        debtor=adult_as_addressee(payer),
        title=rule.title,
        protocol=f"S{run.pk}/{payer.pk}",
        written_on=told[0].taken_on,
        pay_by=pay_by,
        paragraphs=tuple(part.strip() for part in rule.text.format(**fields).splitlines() if part.strip()),
        unpaid=tuple(
            Unpaid(one.position.description[:LONGEST_SUBJECT], _due(one.position, one.amount)) for one in told
        ),
        way_out=run.rules.way_out,
        officer=run.rules.officer,
    )


def injunction_rows(run: LadderRun) -> Iterator[tuple[object, ...]]:
    """One row for each notice of the run that reached the list, with the days on which its payer was reminded."""
    listed = (
        run.steps_taken.filter(step=Step.INJUNCTION).select_related("payer", "position").order_by("payer", "position")
    )
    held = list(listed)
    reminded: dict[int, list[str]] = {}
    for one in StepTaken.objects.filter(position__in=[one.position_id for one in held]).order_by("taken_on", "pk"):
        if one.step in {Step.REMINDER, Step.PLAN_OFFER}:
            reminded.setdefault(one.position_id, []).append(f"{one.taken_on:%d/%m/%Y}")
    for one in held:
        due = _due(one.position, one.amount)
        yield (
            one.payer.listed_name,
            one.payer.fiscal_code,
            ", ".join(text for text in (one.payer.address, one.payer.postal_code) if text),
            one.position.description,
            due.notice_number,
            due.due_on,
            Decimal(one.amount_cents) / 100,
            ", ".join(reminded.get(one.position_id, ())),
        )


def _due(position: DebtPosition, amount: Money) -> Due:
    option = position.options.order_by("number")[0]
    return Due(option.notice_number, amount, option.due_on)
