"""The Comune writes its steps: a new revision from a day on, by an act; the old ones stay as they were."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from sportello.audit.models import Action
from sportello.audit.recording import record
from sportello.billing.ladder.errors import NoRules, RulesWrong
from sportello.billing.ladder.models import STEPS, LadderRules
from sportello.billing.ladder.rules import FIELDS, Step, StepRule, unknown_fields

DEFAULT_WAY_OUT = (
    "Se non riesci a pagare tutto insieme chiedi le rate all'ufficio; se sei in difficoltà puoi parlarne con i servizi"
    " sociali del Comune. Nessun bambino perde il servizio per questo motivo."
)
DEFAULTS = (
    StepRule(
        Step.REMINDER,
        30,
        0,
        "Sollecito di pagamento",
        "Gentile {nome}, non ci risulta ancora il pagamento di {totale}. Puoi pagare entro il {entro}.",
    ),
    StepRule(
        Step.PLAN_OFFER,
        60,
        0,
        "Proposta di pagamento a rate",
        "Gentile {nome}, per {totale} puoi chiedere a {comune} di pagare a rate entro il {entro}.",
    ),
    StepRule(
        Step.SOCIAL_CHECK,
        90,
        0,
        "Richiesta di contatto",
        "Gentile {nome}, {totale} è ancora da pagare. Prima di ogni altro passo {ufficio} ti chiede di farti sentire.",
    ),
    StepRule(
        Step.INJUNCTION,
        150,
        0,
        "Ultimo avviso prima dell'ingiunzione",
        "Gentile {nome}, senza il pagamento di {totale} entro il {entro} {comune} chiederà la somma con ingiunzione.",
    ),
)
"""What the form proposes; nothing of it holds before the Comune has saved it."""


@transaction.atomic
def set_rules(
    *,
    steps: Sequence[StepRule],
    in_force_from: date,
    act: str,
    officer: str,
    way_out: str,
    days_to_pay: int,
    actor: int,
    now: datetime,
) -> LadderRules:
    """Keeps a new revision. Raises RulesWrong."""
    _check(steps, act, officer, way_out)
    last = LadderRules.objects.select_for_update().order_by("-revision").first()
    made = LadderRules.objects.create(
        revision=1 + (last.revision if last else 0),
        in_force_from=in_force_from,
        act=act.strip(),
        officer=officer.strip(),
        way_out=way_out.strip(),
        days_to_pay=days_to_pay,
        steps=[asdict(one) for one in steps],
        created_at=now,
        created_by=actor,
    )
    record(
        action=Action.LADDER_CHANGED,
        actor=actor,
        subject_kind="ladder_rules",
        subject=made.revision,
        now=now,
        details={"from": in_force_from.isoformat(), "days": [one.days for one in steps]},
    )
    return made


def rules_on(day: date) -> LadderRules:
    """The revision in force that day. Raises NoRules."""
    found = LadderRules.objects.filter(in_force_from__lte=day).order_by("-in_force_from", "-revision").first()
    if found is None:
        raise NoRules
    return found


def _check(steps: Sequence[StepRule], act: str, officer: str, way_out: str) -> None:
    if [one.step for one in steps] != list(Step):
        raise RulesWrong(_("I passi sono quattro, nel loro ordine: nessuno si salta."))
    if any(after.days <= before.days for before, after in pairwise(steps)) or steps[0].days < 1:
        raise RulesWrong(_("Ogni passo viene più giorni dopo la scadenza di quello prima."))
    if not (act.strip() and officer.strip() and way_out.strip()):
        raise RulesWrong(_("Scrivi l'atto, il responsabile e che cosa può fare chi non riesce a pagare."))
    names = dict(STEPS)
    for one in steps:
        if one.minimum_cents < 0 or not (one.title.strip() and one.text.strip()):
            raise RulesWrong(_("Ogni passo ha un titolo, un testo e un minimo che non scende sotto zero."))
        if unknown := unknown_fields(one.text):
            raise RulesWrong(
                _("Nel testo «%(step)s» c'è %(unknown)s, che nessuno conosce. Si può scrivere: %(known)s."),
                step=names[one.step.value],
                unknown=", ".join(f"{{{name}}}" for name in unknown),
                known=", ".join(f"{{{name}}}" for name in FIELDS),
            )
