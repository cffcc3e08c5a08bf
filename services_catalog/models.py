"""Services, their editions (what a Comune decided, by act) and closures."""

from collections import OrderedDict
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from services_catalog.reading import from_builtins
from services_catalog.schema import EditionContent
from sportello.accounts.models import Account
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School, Section


class Archetype(models.TextChoices):
    """What a service is made of, so that its pages know what to show."""

    MEALS = "meals", _("pasti")
    TRANSPORT = "transport", _("trasporto")
    PLACE = "place", _("posto")
    WALKING = "walking", _("pedibus")
    GRANT = "grant", _("contributo")


class Service(models.Model):
    """What a Comune offers: mensa, trasporto, nido..."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    archetype = models.CharField(max_length=10, choices=Archetype.choices, default=Archetype.MEALS)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.code


class EditionStatus(models.TextChoices):
    DRAFT = "draft", _("bozza")
    PROPOSED = "proposed", _("proposta")
    IN_FORCE = "in_force", _("in vigore")
    SUPERSEDED = "superseded", _("sostituita")


class Edition(models.Model):
    """The rules of a service as an act set them; the edition of a day is the one in force whose period holds it.

    Immutable once in force (a trigger sees to it): a correction is a new revision from a date, which closes the
    period of the one before, or supersedes it when nothing of it is left. A draft is proposed by who wrote it, frozen,
    and put in force by somebody else; ``in_force_by`` is empty only where the central team loaded a pack.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="editions")
    school_year = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    valid_during = DateRangeField()
    status = models.CharField(max_length=10, choices=EditionStatus.choices, default=EditionStatus.DRAFT)
    act_number = models.CharField(max_length=40, blank=True)
    act_date = models.DateField(null=True)
    act_url = models.URLField(blank=True)
    approved_by = models.CharField(max_length=120, blank=True)
    content = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    drafted_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    revised_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    proposal_note = models.CharField(max_length=500, blank=True, default="", db_default="")
    returned_because = models.CharField(max_length=500, blank=True, default="", db_default="")
    in_force_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["service_id", "-school_year", "-revision"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["service", "school_year", "revision"], name="edition_revision_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "proposed"])
                | (~models.Q(act_number="") & models.Q(act_date__isnull=False)),
                name="edition_in_force_has_act",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="proposed") | models.Q(proposed_by__isnull=False, proposed_at__isnull=False),
                name="edition_proposed_by_somebody",
            ),
            # An unknown author (a pack of the central team) is nobody's obstacle: a comparison with null lets pass.
            models.CheckConstraint(
                condition=models.Q(in_force_by__isnull=True)
                | models.Q(proposed_by__isnull=False)
                & ~models.Q(in_force_by=models.F("proposed_by"))
                & ~models.Q(in_force_by=models.F("drafted_by"))
                & ~models.Q(in_force_by=models.F("revised_by")),
                name="edition_approved_by_another",
            ),
            ExclusionConstraint(
                name="edition_in_force_no_overlap",
                expressions=[("service", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
                condition=models.Q(status="in_force"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service_id} {self.school_year}/{self.revision}"

    @property
    def rules(self) -> EditionContent:
        """The content as a value of the language; read once per fingerprint and process."""
        known = _RULES.get(self.fingerprint)
        if known is None:
            known = from_builtins(self.content, EditionContent)
            _RULES[self.fingerprint] = known
            while len(_RULES) > _RULES_KEPT:
                _RULES.popitem(last=False)
        return known

    @property
    def year(self) -> SchoolYear:
        """The school year it belongs to."""
        return SchoolYear(self.school_year)

    @property
    def period(self) -> DateRange:
        """The days on which it holds, once in force."""
        return DateRange.from_bounds(self.valid_during)

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.status == EditionStatus.DRAFT

    @property
    def is_proposed(self) -> bool:
        """Whether it waits, frozen, for somebody else to put it in force."""
        return self.status == EditionStatus.PROPOSED


class TemplateLineage(models.Model):
    """From which version of its metropolitan template a service of this Comune started, and what that version said.

    One for each service: the editions that follow, in later years too, differ from ``base`` until an update of the
    template is accepted.
    """

    service = models.OneToOneField(Service, on_delete=models.PROTECT, related_name="lineage")
    version = models.PositiveSmallIntegerField()
    fingerprint = models.CharField(max_length=64)
    base = models.JSONField()
    followed_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["service_id"]

    def __str__(self) -> str:
        return f"{self.service_id} v{self.version}"


class OverrideReason(models.Model):
    """Why this Comune differs from the template at a place. ``author`` is who wrote it, as the pages show it."""

    lineage = models.ForeignKey(TemplateLineage, on_delete=models.CASCADE, related_name="reasons")
    place = models.CharField(max_length=160)
    reason = models.CharField(max_length=300)
    author = models.CharField(max_length=160)
    written_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["lineage_id", "place"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["lineage", "place"], name="override_reason_once")]

    def __str__(self) -> str:
        return self.place


class ProposalState(models.TextChoices):
    PROPOSED = "proposed", _("proposto")
    ACCEPTED = "accepted", _("accettato")
    DECLINED = "declined", _("rifiutato")
    OVERTAKEN = "overtaken", _("superato da una versione più nuova")


class TemplateProposal(models.Model):
    """A newer version of the template, offered to the Comune: nothing changes until its administrator accepts it."""

    lineage = models.ForeignKey(TemplateLineage, on_delete=models.CASCADE, related_name="proposals")
    version = models.PositiveSmallIntegerField()
    content = models.JSONField()
    changed = models.CharField(max_length=300)
    state = models.CharField(max_length=10, choices=ProposalState.choices, default=ProposalState.PROPOSED)
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=160, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    draft = models.ForeignKey(Edition, on_delete=models.SET_NULL, null=True, related_name="+")
    conflicts = models.JSONField(default=list)

    class Meta:
        ordering: ClassVar = ["lineage_id", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lineage", "version"], name="template_proposed_once"),
            models.UniqueConstraint(
                fields=["lineage"], condition=models.Q(state="proposed"), name="template_proposal_open_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(reason=""), name="template_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lineage_id} v{self.version} {self.state}"


# Content never differs under one fingerprint, so the cache is safe across Comuni and needs no invalidation.
_RULES: OrderedDict[str, EditionContent] = OrderedDict()
_RULES_KEPT = 256


class ClosureKind(models.TextChoices):
    CLOSURE = "closure", _("chiusura")
    STRIKE = "strike", _("sciopero")
    TRIP = "trip", _("gita")
    POLLING_STATION = "polling_station", _("seggio elettorale")
    ORDINANCE = "ordinance", _("ordinanza del sindaco")
    PATRON = "patron", _("festa patronale")
    HOLIDAY = "holiday", _("vacanza")


class Closure(models.Model):
    """Days on which there is no service: for the Comune, a service, a school or one section of it.

    A section is always of the school named: a trigger writes the school where it is missing and refuses another.
    """

    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    days = DateRangeField()
    kind = models.CharField(max_length=16, choices=ClosureKind.choices)
    reason = models.CharField(max_length=160)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["days", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["days", "kind", "service", "school", "section"], nulls_distinct=False, name="closure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days}"


class SchoolOpening(models.Model):
    """An adaptation of one school: days of lessons that the calendar of the Region leaves free."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    days = DateRangeField()
    reason = models.CharField(max_length=160)

    class Meta:
        ordering: ClassVar = ["days", "id"]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="school_opening_no_overlap",
                expressions=[("school", RangeOperators.EQUAL), ("days", RangeOperators.OVERLAPS)],
            )
        ]

    def __str__(self) -> str:
        return f"{self.school_id} {self.days}"
