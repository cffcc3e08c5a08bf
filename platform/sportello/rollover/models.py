"""What must be done before a school year begins."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from sportello.accounts.models import Account
from sportello.families.models import Child
from sportello.schools.models import School, Section


class WorkKind(models.TextChoices):
    """What a rehearsal may find."""

    SECTION = "section", _("classe da creare")
    RENEWAL = "renewal", _("rinnovo")
    ARREARS = "arrears", _("rinnovo fermo per arretrati")
    NEW_SCHOOL = "new_school", _("passaggio a un'altra scuola")
    ENDING = "ending", _("posto che finisce")
    NO_CLASS = "no_class", _("bambino senza classe")
    DIET = "diet", _("dieta che scade")
    ISEE = "isee", _("ISEE che scade")
    SIBLINGS = "siblings", _("fratelli e sorelle")


class WorkItem(models.Model):
    """One thing to do for a child (in a service), or for a class, before ``school_year`` begins.

    ``school`` and ``section`` are those of the year that ends; ``facts`` what the sentences of the row need (dates,
    ranks, cents: no names, no ISEE). One for each kind, child, service and section.
    """

    school_year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=12, choices=WorkKind.choices)
    child = models.ForeignKey(Child, on_delete=models.PROTECT, null=True, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, null=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, related_name="+")
    section = models.ForeignKey(Section, on_delete=models.PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    facts = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [models.Index(fields=["school_year", "due_on"], name="work_item_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["school_year", "kind", "child", "service"],
                condition=models.Q(child__isnull=False),
                nulls_distinct=False,
                name="work_item_once_a_child",
            ),
            models.UniqueConstraint(
                fields=["school_year", "kind", "section"],
                condition=models.Q(child__isnull=True),
                nulls_distinct=False,
                name="work_item_once_a_class",
            ),
            models.CheckConstraint(
                condition=models.Q(done_at__isnull=True, done_by__isnull=True)
                | models.Q(done_at__isnull=False, done_by__isnull=False),
                name="work_item_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.school_year} {self.pk}"
