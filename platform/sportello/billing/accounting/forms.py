"""A period, a chapter, a journal."""

from datetime import date

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Service
from sportello.billing.debts.models import Purpose
from sportello.ui.fields import DateField

BIGGEST = 32 * 1024 * 1024
type Upload = UploadedFile[bytes]


class PeriodForm(forms.Form):
    """The days whose flows are wanted, both included."""

    use_required_attribute = False

    dal = forms.DateField(label=_("Dal giorno"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    al = forms.DateField(label=_("Al giorno"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_al(self) -> date:
        last: date = self.cleaned_data["al"]
        first = self.cleaned_data.get("dal")
        if first and last < first:
            raise forms.ValidationError(_("L'ultimo giorno viene prima del primo."))
        if first and (last - first).days > 366:
            raise forms.ValidationError(_("Al massimo un anno alla volta."))
        return last


class ChapterForm(forms.Form):
    """Which chapter a service has from a day on."""

    use_required_attribute = False

    service_code = forms.ChoiceField(label=_("Servizio"))
    purpose = forms.ChoiceField(label=_("Causale"), required=False, choices=[("", _("Tutte")), *Purpose.choices])
    code = forms.CharField(label=_("Capitolo"), max_length=30)
    assessment_year = forms.IntegerField(label=_("Anno dell'accertamento"), min_value=2000, max_value=2100)
    assessment_number = forms.CharField(label=_("Numero dell'accertamento"), max_length=20)
    since = DateField(
        label=_("Vale dal giorno"), help_text=_("Riguarda quello che arriva in tesoreria da quel giorno.")
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own keywords pass through
        services = [(one.code, one.name) for one in Service.objects.order_by("name")]
        self.fields["service_code"].choices = services  # type: ignore[attr-defined]  # a choice field's


class JournalForm(forms.Form):
    """A file of the treasury."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("Giornale di cassa"),
        help_text=_("CSV con le colonne di MyPivot: bolletta, date, causale e importo."),
        error_messages={"required": _("Scegli il file da caricare."), "empty": _("Il file è vuoto.")},
    )

    def clean_file(self) -> Upload:
        found: Upload = self.cleaned_data["file"]
        if (found.size or 0) > BIGGEST:
            raise forms.ValidationError(_("Il file è troppo grande: al massimo 32 MB."))
        return found
