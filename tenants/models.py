"""The Comuni and the hosts on which they answer. These tables live in `public`."""

from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_tenants.models import DomainMixin, TenantMixin  # noqa: TID251 this is tenants/

from tenants.current import TWIN_PREFIX

SCHEMA_NAME = RegexValidator(r"^[a-z][a-z0-9_]{2,40}$", _("Nome di schema non ammesso."))
HEX_COLOUR = RegexValidator(r"^#[0-9a-f]{6}$", _("Indica il colore come #0066cc."))


class Stage(models.TextChoices):
    """How far a Comune has come on its way into the desk."""

    ASSESSMENT = "assessment", _("valutazione")
    CONFIGURATION = "configuration", _("configurazione")
    DRY_RUNS = "dry_runs", _("prove di caricamento")
    SHADOW_MONTH = "shadow_month", _("mese di prova")
    GO_LIVE = "go_live", _("avvio")
    LIVE = "live", _("attivo")


class RealMunicipalities(models.Manager["Municipality"]):
    """The Comuni, without the twins on which their staff practise: what lists, counts and tasks see."""

    def get_queryset(self) -> models.QuerySet["Municipality"]:
        return super().get_queryset().filter(is_twin=False)


class Municipality(TenantMixin):  # type: ignore[misc]  # django_tenants has no types
    """A Comune. The stable key is the Belfiore code, never the name.

    `left_on`: it left on that day; its data are deleted and this row, public facts alone, says so.
    `objects` are the real ones; a twin (`tenants.twins`) has the codes of its Comune and a schema of its own.
    """

    auto_create_schema = False
    auto_drop_schema = False

    schema_name = models.CharField(max_length=41, unique=True, validators=[SCHEMA_NAME])
    belfiore_code = models.CharField(max_length=4)
    istat_code = models.CharField(max_length=6)
    is_twin = models.BooleanField(default=False, editable=False)
    name = models.CharField(max_length=80)
    slug = models.SlugField(max_length=60, unique=True)
    population = models.PositiveIntegerField(null=True)
    patron_rule = models.CharField(max_length=80, blank=True)
    stage = models.CharField(max_length=16, choices=Stage.choices, default=Stage.ASSESSMENT)
    created_at = models.DateTimeField(auto_now_add=True)
    left_on = models.DateField(null=True, blank=True)

    colour = models.CharField(max_length=7, default="#0066cc", validators=[HEX_COLOUR])
    coat_of_arms = models.FileField(upload_to="stemma/", blank=True)
    contacts_email = models.EmailField(blank=True)
    contacts_phone = models.CharField(max_length=30, blank=True)
    contacts_address = models.CharField(max_length=160, blank=True)
    privacy_url = models.URLField(blank=True)
    legal_notes_url = models.URLField(blank=True)
    accessibility_declaration_url = models.URLField(blank=True)
    footer_links = models.JSONField(default=list, blank=True)
    eu_funded = models.BooleanField(default=False)
    branding_version = models.PositiveIntegerField(default=1)

    objects: ClassVar[RealMunicipalities] = RealMunicipalities()
    with_twins: ClassVar[models.Manager["Municipality"]] = models.Manager()

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["belfiore_code", "is_twin"], name="municipality_belfiore_code"),
            models.UniqueConstraint(fields=["istat_code", "is_twin"], name="municipality_istat_code"),
            models.CheckConstraint(
                condition=models.Q(is_twin=True, schema_name__startswith=TWIN_PREFIX)
                | (models.Q(is_twin=False) & ~models.Q(schema_name__startswith=TWIN_PREFIX)),
                name="municipality_twin_by_name",
            ),
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^[a-z][a-z0-9_]{2,40}$"), name="municipality_schema_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StageChange(models.Model):
    """A step of a Comune from one stage to another: who took it, when and why. `changed_by` is a name people read."""

    municipality = models.ForeignKey(Municipality, on_delete=models.CASCADE, related_name="stage_changes")
    before = models.CharField(max_length=16, choices=Stage.choices)
    after = models.CharField(max_length=16, choices=Stage.choices)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=170)
    reason = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]

    def __str__(self) -> str:
        return f"{self.municipality_id}: {self.before} -> {self.after}"


class Domain(DomainMixin):  # type: ignore[misc]  # django_tenants has no types
    """A host on which a Comune answers: `<slug>.<base>` and any custom one."""

    class Meta:
        ordering: ClassVar = ["-is_primary", "domain"]

    def __str__(self) -> str:
        return str(self.domain)


class SchemaBlueprint(models.Model):
    """The text that makes a schema, for one state of the migrations (tenants.provisioning)."""

    fingerprint = models.CharField(max_length=32, unique=True)
    text = models.TextField()
    rows = models.TextField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.fingerprint
