"""The ladder of a Comune: rules by revision, runs, steps taken, pauses, words of the social services."""

import uuid
from typing import ClassVar, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.billing.debts.models import DebtPosition
from sportello.billing.ladder.rules import Step, StepRule, WhyNot
from sportello.families.models import Adult
from sportello.jobs.models import Job
from sportello.kernel.money import Money

STEPS: Final = [
    (Step.REMINDER.value, _("sollecito")),
    (Step.PLAN_OFFER.value, _("proposta di rate")),
    (Step.SOCIAL_CHECK.value, _("verifica con i servizi sociali")),
    (Step.INJUNCTION.value, _("elenco per l'ingiunzione")),
]
REASONS: Final = [
    (WhyNot.EXEMPT.value, _("famiglia esente")),
    (WhyNot.PLAN.value, _("piano di rate in corso")),
    (WhyNot.PAUSED.value, _("in pausa")),
    (WhyNot.MINIMUM.value, _("somma sotto il minimo")),
    (WhyNot.EARLY.value, _("non è ancora il giorno")),
    (WhyNot.UNCHECKED.value, _("manca la parola dei servizi sociali")),
    (WhyNot.IN_NEED.value, _("i servizi sociali chiedono di non procedere")),
    (WhyNot.ENDED.value, _("già all'ultimo passo")),
]


class LadderRules(models.Model):
    """What the Comune decided, from a day on, by an act. A change is a new revision; none is ever rewritten."""

    revision = models.PositiveIntegerField(unique=True)
    in_force_from = models.DateField()
    act = models.CharField(max_length=120)
    officer = models.CharField(max_length=80)
    way_out = models.TextField()
    days_to_pay = models.PositiveSmallIntegerField(default=30)
    steps = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-revision"]

    def __str__(self) -> str:
        return str(self.revision)

    @property
    def ladder(self) -> tuple[StepRule, ...]:
        """The steps in their order."""
        return tuple(StepRule(**{**one, "step": Step(one["step"])}) for one in self.steps)

    def rule_of(self, step: str) -> StepRule:
        """The rule of a step."""
        return next(one for one in self.ladder if one.step == step)


class LadderRun(models.Model):
    """A look at all overdue notices and, once confirmed, their moving.

    `decisions` are [position, payer, cents, step or "", reason or ""], as they were looked at; payers up to
    `done_through` have moved. `counts` is how many took which step.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rules = models.ForeignKey(LadderRules, on_delete=models.PROTECT, related_name="runs")
    created_at = models.DateTimeField()
    created_by = models.BigIntegerField(null=True)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    looked_at = models.DateTimeField(null=True)
    decisions = models.JSONField(default=list)
    begun_at = models.DateTimeField(null=True)
    done_through = models.BigIntegerField(default=0)
    counts = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "-id"]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_working(self) -> bool:
        """Whether a job of it has not come to its end."""
        return self.job is not None and self.job.finished_at is None


class StepTaken(models.Model):
    """A notice took a step: once, with what was due of it then."""

    position = models.ForeignKey(DebtPosition, on_delete=models.PROTECT, related_name="steps_taken")
    payer = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="steps_taken")
    run = models.ForeignKey(LadderRun, on_delete=models.PROTECT, related_name="steps_taken")
    step = models.CharField(max_length=12, choices=STEPS)
    amount_cents = models.BigIntegerField()
    taken_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["payer_id", "position_id", "id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["position", "step"], name="step_taken_once")]

    def __str__(self) -> str:
        return f"{self.position_id} {self.step}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_cents)


def kept_at(pack: "LetterPack", _filename: str) -> str:
    """Where the letters of a run are kept; nobody's name is in it."""
    return f"solleciti/{pack.run.public_id}.zip"


class LetterPack(models.Model):
    """The letters of a run in one file, a PDF each: made once, since what they say does not change any more."""

    run = models.OneToOneField(LadderRun, on_delete=models.PROTECT, related_name="pack")
    file = models.FileField(upload_to=kept_at)
    letters = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["run_id"]

    def __str__(self) -> str:
        return str(self.run_id)


class Pause(models.Model):
    """The ladder stands still for a payer until a day, both included: an objection, an agreement, a mourning."""

    payer = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="ladder_pauses")
    reason = models.CharField(max_length=200)
    until = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.payer_id} {self.until}"


class NeedCheck(models.Model):
    """The word of the social services on a payer: whether the Comune may collect. No detail of the need is kept."""

    payer = models.ForeignKey(Adult, on_delete=models.PROTECT, related_name="need_checks")
    checked_on = models.DateField()
    collectable = models.BooleanField()
    reference = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)

    class Meta:
        ordering: ClassVar = ["-checked_on", "-id"]

    def __str__(self) -> str:
        return f"{self.payer_id} {self.checked_on}"
