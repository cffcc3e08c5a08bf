"""Loads of exports: the file as it came, how it is read, its lines with their verdicts, and what a commit wrote."""

import uuid
from pathlib import Path, PurePath
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.errors import FileGone
from onboarding.judging.types import Verdict
from sportello.accounts.models import Account
from sportello.jobs.models import Job, JobState


class ExportKind(models.TextChoices):
    """What an export speaks of. Only some kinds can be committed: see `committing.WRITERS`."""

    ROSTER = "roster", _("bambini e mensa")
    TRANSPORT = "transport", _("trasporto")
    TAXES = "taxes", _("tributi")
    DEBTS = "debts", _("posizioni debitorie")
    TREASURY = "treasury", _("giornale di cassa")
    OTHER = "other", _("altro")


class MappingState(models.TextChoices):
    DRAFT = "draft", _("da confermare")
    CONFIRMED = "confirmed", _("confermata")


class MappingOrigin(models.TextChoices):
    """Where the first writing of a mapping came from."""

    PROPOSED = "proposed", _("proposta dal programma")
    EARLIER = "earlier", _("ripresa da una versione precedente")
    SHELF = "shelf", _("ripresa da un altro Comune")
    IMPORTED = "imported", _("importata da un file TOML")


class SourceMapping(models.Model):
    """How the exports of one source are read, as TOML. Confirmed, it never changes: a correction is a new version.

    `source_name` is what the office calls the back-end; `fingerprint` that of the headings, by which next week's file
    is known again. A draft has version 0.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=ExportKind.choices)
    version = models.PositiveSmallIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, db_index=True)
    toml = models.TextField()
    state = models.CharField(max_length=9, choices=MappingState.choices, default=MappingState.DRAFT)
    origin = models.CharField(max_length=8, choices=MappingOrigin.choices, default=MappingOrigin.PROPOSED)
    origin_note = models.CharField(max_length=120, blank=True)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    written_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["source_name", "-version", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_name", "version"], condition=models.Q(state="confirmed"), name="mapping_version_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft", confirmed_at__isnull=True, version=0)
                | models.Q(state="confirmed", confirmed_at__isnull=False, version__gte=1),
                name="mapping_confirmation_told",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_name} {self.version}"

    @property
    def is_confirmed(self) -> bool:
        return self.state == MappingState.CONFIRMED


class LoadState(models.TextChoices):
    UPLOADED = "uploaded", _("ricevuto")
    READING = "reading", _("in lettura")
    MAPPING = "mapping", _("colonne da confermare")
    CHECKING = "checking", _("in controllo")
    CHECKED = "checked", _("controllato")
    COMMITTING = "committing", _("in caricamento")
    COMMITTED = "committed", _("caricato")
    UNDOING = "undoing", _("in annullamento")
    UNDONE = "undone", _("annullato")
    FAILED = "failed", _("non leggibile")


AT_WORK = frozenset({LoadState.READING, LoadState.CHECKING, LoadState.COMMITTING, LoadState.UNDOING})
VERDICT_LABELS: dict[str, Promise] = {
    Verdict.GOOD: _("A posto"),
    Verdict.FIX: _("Corrette da sole"),
    Verdict.REVIEW: _("Da rivedere"),
    Verdict.REJECT: _("Illeggibili"),
    Verdict.DUPLICATE: _("Ripetute"),
    Verdict.NOT_DATA: _("Senza dati"),
    Verdict.CONTROL: _("Di controllo"),
}
VERDICT_OF_ONE_ROW = {
    Verdict.GOOD: _("A posto"),
    Verdict.FIX: _("Corretta da sola"),
    Verdict.REVIEW: _("Da rivedere"),
    Verdict.REJECT: _("Illeggibile"),
    Verdict.DUPLICATE: _("Ripetuta"),
    Verdict.NOT_DATA: _("Senza dati"),
    Verdict.CONTROL: _("Di controllo"),
}
COMMITTABLE = (Verdict.GOOD.value, Verdict.FIX.value)


def kept_at(load: "RosterLoad", filename: str) -> str:
    """Where the file is kept: its own name may hold personal data, so only its ending is used."""
    ending = PurePath(filename).suffix.lower()[1:6]
    return f"caricamenti/{load.public_id}.{ending if ending.isascii() and ending.isalnum() else 'dat'}"


class RosterLoad(models.Model):
    """One uploaded export, kept byte for byte, and how far it has come.

    `layout` is how this very file is written (encoding, where its headings stand): it may differ from that of the
    mapping, which another week's file was read by. `counts` and `totals` (cents) are written by the check, `expected`
    are the figures of the old programme's own report, `result` is written by the commit.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(upload_to=kept_at)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    size = models.PositiveBigIntegerField()
    school_year = models.PositiveSmallIntegerField()
    uploaded_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    mapping = models.ForeignKey(SourceMapping, on_delete=models.PROTECT, null=True, related_name="loads")
    layout = models.JSONField(default=dict, db_default={})
    state = models.CharField(max_length=10, choices=LoadState.choices, default=LoadState.UPLOADED)
    encoding = models.CharField(max_length=12, blank=True)
    failure = models.CharField(max_length=400, blank=True)
    counts = models.JSONField(default=dict)
    totals = models.JSONField(default=dict)
    expected = models.JSONField(default=dict, db_default={})
    result = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.PROTECT, null=True, related_name="+")
    committed_at = models.DateTimeField(null=True)
    committed_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["-uploaded_at", "-id"]

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def is_at_work(self) -> bool:
        """Whether a job is on it now; a job that gave up leaves it free to be tried again."""
        return self.state in AT_WORK and (self.job is None or self.job.state != JobState.FAILED)

    @property
    def may_be_committed(self) -> bool:
        """Whether the dry run is over and some row is good."""
        gave_up = self.state == LoadState.COMMITTING and not self.is_at_work
        return (self.state == LoadState.CHECKED or gave_up) and self.committable_rows > 0

    @property
    def may_be_undone(self) -> bool:
        """Whether its commit is the state of things, as far as the load itself knows."""
        gave_up = self.state == LoadState.UNDOING and not self.is_at_work
        return self.state == LoadState.COMMITTED or gave_up

    @property
    def path(self) -> Path:
        """The kept file. Raises FileGone where the disk no longer has it."""
        kept = Path(self.file.path)
        if not kept.is_file():
            raise FileGone
        return kept

    @property
    def kind(self) -> str:
        """What the file speaks of; empty before it was read."""
        return "" if self.mapping is None else self.mapping.kind

    @property
    def committable_rows(self) -> int:
        return sum(int(self.counts.get(verdict, 0)) for verdict in COMMITTABLE)


class StagedRow(models.Model):
    """A physical line of the file: as it came, its verdict with every defect, and the record to store.

    Filled by COPY. `beside` holds what the line tells beside its record and the commit may use. `defects` is a list of
    {code, field, detail}, a waived one says so; `key` names the fact across loads (`identity`). `cells` are kept where
    a person must decide; `decided` says that a decision of the review desk was taken into account.
    """

    load = models.ForeignKey(RosterLoad, on_delete=models.CASCADE, related_name="rows", db_index=False)
    line = models.PositiveIntegerField()
    raw = models.TextField()
    verdict = models.CharField(max_length=10)
    duplicate_of_line = models.PositiveIntegerField(null=True)
    key = models.TextField(db_default="", default="")
    record = models.JSONField(null=True)
    beside = models.JSONField(default=dict, db_default={})
    defects = models.JSONField(default=list, db_default=[])
    suggestion = models.JSONField(default=dict, db_default={})
    cells = models.JSONField(null=True)
    decided = models.BooleanField(default=False, db_default=False)

    class Meta:
        ordering: ClassVar = ["load_id", "line"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["load", "line"], name="staged_row_line_once")]

    def __str__(self) -> str:
        return f"{self.load_id}:{self.line}"


class DecisionAction(models.TextChoices):
    VALUE = "value", _("scrivere il valore")
    LEAVE_OUT = "leave_out", _("lasciare fuori")
    AS_IS = "as_is", _("importare così com'è")


class Decision(models.Model):
    """What a person decided about a defect, and what every later load of the source does by itself.

    It speaks of rows with that `defect` in that `field` where the file says `written`; of one alone when `subject`
    names it. Revoked ones stay, for the record.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source_name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=ExportKind.choices)
    subject = models.TextField(blank=True)
    defect = models.CharField(max_length=60)
    field = models.CharField(max_length=40, blank=True)
    written = models.TextField(blank=True)
    action = models.CharField(max_length=10, choices=DecisionAction.choices)
    value = models.TextField(blank=True)
    load = models.ForeignKey(RosterLoad, on_delete=models.PROTECT, related_name="decisions")
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()
    revoked_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-decided_at", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source_name", "subject", "defect", "field", "written"],
                condition=models.Q(revoked_at__isnull=True),
                name="decision_one_in_force",
            )
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Farewell(models.Model):
    """A row of the load before that this one no longer has, and what a person decided about it."""

    class Choice(models.TextChoices):
        KEEP = "keep", _("resta")
        END = "end", _("il posto finisce")

    load = models.ForeignKey(RosterLoad, on_delete=models.PROTECT, related_name="farewells")
    key = models.TextField()
    choice = models.CharField(max_length=4, choices=Choice.choices)
    ends_on = models.DateField(null=True)
    decided_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["load_id", "key"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["load", "key"], name="farewell_once")]

    def __str__(self) -> str:
        return str(self.pk)


class WrittenRows(models.Model):
    """Rows that a commit made or changed, in pieces of a table: their keys, and a mark of how it left each.

    A mark is the hash of the row's `columns`: another mark at undo means that somebody has changed it since.
    """

    load = models.ForeignKey(RosterLoad, on_delete=models.CASCADE, related_name="written")
    table = models.CharField(max_length=63)
    was_made = models.BooleanField()
    columns = ArrayField(models.CharField(max_length=63))
    row_ids = ArrayField(models.BigIntegerField())
    marks = ArrayField(models.BigIntegerField())

    class Meta:
        ordering: ClassVar = ["load_id", "id"]

    def __str__(self) -> str:
        return f"{self.load_id} {self.table}"


class BeforeImage(models.Model):
    """A row as it was before a commit changed it."""

    load = models.ForeignKey(RosterLoad, on_delete=models.CASCADE, related_name="before_images")
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    image = models.JSONField()

    class Meta:
        ordering: ClassVar = ["load_id", "table", "row_id"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["load", "table", "row_id"], name="before_image_once")]

    def __str__(self) -> str:
        return f"{self.load_id} {self.table} {self.row_id}"
