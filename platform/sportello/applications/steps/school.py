"""Where the child goes to school, and what it eats: the class is shown if known, the diet is kept apart."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services_catalog.schema import Choice, Question
from sportello.applications.attaching import media_type_of
from sportello.applications.steps.draft import Draft, SummaryLine
from sportello.applications.steps.protocol import StepForm
from sportello.kernel.errors import DomainError
from sportello.schools.models import School

CONFIRMED, CHANGED = "confirmed", "changed"
LATER = "certificate_later"
_NAME = "certificate"


class CertificateField(forms.FileField):
    """A document of at most 5 MB, PDF, JPEG or PNG by its first bytes."""

    def clean(self, data: Any, initial: Any = None) -> Any:  # Any: as Django declares it
        upload = super().clean(data, initial)
        if upload and upload is not initial:
            try:
                media_type_of(upload)
            except DomainError as error:
                raise ValidationError(error.message, code=error.code) from error
        return upload


class ChoicesWithEvidence(forms.RadioSelect):
    """Marks the answers that ask for a document, so that the page may show its field with them alone."""

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.proven = {choice.code for choice in question.choices if choice.evidence}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        if value in self.proven:
            option["attrs"]["data-evidence"] = True
        return option


class SchoolForm(StepForm):
    """Fields follow the edition's questions: a class only where it is unknown or has changed, the diet, notes."""

    hides_optional = True

    def __init__(self, draft: Draft, *args: Any) -> None:
        super().__init__(draft, *args)
        self.diets = draft.questions("canteen.diet")
        if draft.questions("families.school"):
            self._ask_school()
        for question in self.diets:
            self._ask_diet(question)
        for question in draft.questions("canteen.notes"):
            label = self.draft.say(question.label)
            self.fields[question.code] = forms.CharField(
                label=label if question.required else gettext("%(label)s (facoltativo)") % {"label": label},
                help_text=self.draft.say(question.help),
                required=question.required,
                max_length=300,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def _ask_school(self) -> None:
        known = self.draft.placement
        if known is not None:
            self.fields["school_state"] = forms.ChoiceField(
                label=_("Scuola e classe sono giuste?"),
                choices=[(CONFIRMED, _("Sì, sono giuste")), (CHANGED, _("No, sono cambiate"))],
                widget=forms.RadioSelect,
                initial=CONFIRMED,
                error_messages={"required": _("Di' se scuola e classe sono giuste.")},
            )
        self.fields["school"] = forms.ChoiceField(label=_("Scuola"), choices=self._schools(), required=known is None)
        self.fields["class_year"] = forms.TypedChoiceField(
            label=_("Classe"),
            choices=[("", _("Scegli")), *[(str(year), str(year)) for year in range(1, 6)]],
            coerce=int,
            required=known is None,
        )
        self.fields["letter"] = forms.CharField(
            label=_("Sezione"),
            max_length=4,
            required=False,
            help_text=_("Per esempio A. Lascia vuoto se non la sai ancora."),
        )

    def _schools(self) -> list[tuple[str, Any]]:
        audience = self.draft.content.audience
        schools = School.objects.filter(is_active=True, level__in=audience.levels)
        if audience.schools:
            schools = schools.filter(school_code__in=audience.schools)
        by_level: dict[str, list[tuple[str, str]]] = {}
        for school in schools.order_by("level", "name", "school_code"):
            shown = f"{school.name}, {school.address}" if school.address else school.name
            by_level.setdefault(school.get_level_display().capitalize(), []).append((school.school_code, shown))
        return [("", _("Scegli la scuola")), *by_level.items()]

    def _ask_diet(self, question: Question) -> None:
        self.fields[question.code] = forms.ChoiceField(
            label=self.draft.say(question.label),
            help_text=self.draft.say(question.help),
            choices=[(choice.code, self.draft.say(choice.label)) for choice in question.choices],
            widget=ChoicesWithEvidence(question),
            required=question.required,
            initial=next((choice.code for choice in question.choices if choice.evidence is None), None),
            error_messages={"required": _("Scegli una risposta.")},
        )
        evidence = next((choice.evidence for choice in question.choices if choice.evidence), None)
        if evidence is not None:
            self.fields[_NAME] = CertificateField(
                label=capfirst(self.draft.say(evidence)),
                help_text=_("Solo se serve per la risposta scelta. PDF, JPEG o PNG, al massimo 5 MB."),
                required=False,
                allow_empty_file=False,
                error_messages={"empty": _("Il file è vuoto.")},
            )
            self.fields[LATER] = forms.BooleanField(label=_("Porterò il certificato in ufficio"), required=False)

    @property
    def diet_fields(self) -> list[BoundField]:
        """The questions about diet."""
        return [self[question.code] for question in self.diets]

    @property
    def note_fields(self) -> list[BoundField]:
        """The free texts."""
        return [self[question.code] for question in self.draft.questions("canteen.notes")]

    @property
    def sensitive_fields(self) -> frozenset[str]:
        notes = self.draft.questions("canteen.notes")
        return frozenset({LATER, *(question.code for question in (*self.diets, *notes))})

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if "school_state" in self.fields and values.get("school_state") == CHANGED:
            for name in ("school", "class_year"):
                if not values.get(name) and name not in self.errors:
                    self.add_error(name, _("Indica la nuova scuola e la classe."))
        choice = self._chosen_diet()
        if choice is not None and choice.evidence and not self._has_evidence(values):
            self.add_error(_NAME, _("Carica il certificato, oppure spunta che lo porterai in ufficio."))
        return values

    def _chosen_diet(self) -> Choice | None:
        for question in self.diets:
            wanted = self.cleaned_data.get(question.code)
            for choice in question.choices:
                if choice.code == wanted:
                    return choice
        return None

    def _has_evidence(self, values: dict[str, Any]) -> bool:
        return bool(values.get(_NAME) or values.get(LATER) or _NAME in self.draft.attachments or _NAME in self.errors)

    def facts(self) -> dict[str, Any]:
        """The school level when she stated another school than the known one."""
        code = self.cleaned_data.get("school")
        if not code or self.cleaned_data.get("school_state") == CONFIRMED:
            return {}
        school = School.objects.filter(school_code=code).first()
        return {"level": school.level} if school else {}


class SchoolStep:
    """School and class shown once known; the diet as the edition asks it."""

    slug: ClassVar[str] = "scuola"
    title: ClassVar[Promise] = _("Scuola e dieta")
    form_class: ClassVar[type[StepForm]] = SchoolForm
    template: ClassVar[str] = "applications/steps/school.html"

    def applies(self, draft: Draft) -> bool:
        return bool(draft.questions("families.school", "canteen.diet", "canteen.notes"))

    def summary(self, draft: Draft) -> list[SummaryLine]:
        values = draft.values(self.slug)
        lines = []
        if draft.questions("families.school"):
            lines += self._school_lines(draft, values)
        for question in draft.questions("canteen.diet"):
            lines += self._diet_lines(draft, question, values)
        for question in draft.questions("canteen.notes"):
            lines.append(SummaryLine(draft.say(question.label), values.get(question.code) or gettext("Nessuna nota")))
        return lines

    def _school_lines(self, draft: Draft, values: dict[str, Any]) -> list[SummaryLine]:
        placement = draft.placement
        if placement is not None and values.get("school_state") != CHANGED:
            section = placement.section
            return [
                SummaryLine(gettext("Scuola"), section.school.name),
                SummaryLine(gettext("Classe"), str(section)),
            ]
        school = School.objects.filter(school_code=values.get("school") or "").first()
        return [
            SummaryLine(gettext("Scuola"), school.name if school else ""),
            SummaryLine(gettext("Classe"), f"{values.get('class_year') or ''}{values.get('letter') or ''}"),
        ]

    def _diet_lines(self, draft: Draft, question: Question, values: dict[str, Any]) -> list[SummaryLine]:
        chosen = next((choice for choice in question.choices if choice.code == values.get(question.code)), None)
        lines = [SummaryLine(draft.say(question.label), draft.say(chosen.label) if chosen else "")]
        if chosen is not None and chosen.evidence:
            attachment = draft.attachments.get(_NAME)
            shown = attachment.name if attachment else gettext("Lo porterai in ufficio")
            lines.append(SummaryLine(capfirst(draft.say(chosen.evidence)), shown))
        return lines
