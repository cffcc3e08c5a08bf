"""The forms of a load: the upload, the figures of the old programme, and the filters of its rows."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Model, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.engine import CATALOGUE, LEFT_OUT, told
from onboarding.judging.types import Defect
from onboarding.models import VERDICT_LABELS
from sportello.kernel.money import Money
from sportello.kernel.school_year import SchoolYear
from sportello.ui.fields import MoneyField
from sportello.ui.listing import FilterForm

REFUSED = (".pdf", ".doc", ".docx", ".zip", ".jpg", ".png")


class UploadForm(forms.Form):
    """A file and the school year whose classes it speaks of."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("File dell'elenco"),
        help_text=gettext_lazy("Così come esce dal programma precedente: CSV, testo, Excel o LibreOffice."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.dat,.xlsx,.xls,.ods"}),
        error_messages={
            "required": gettext_lazy("Scegli il file da caricare."),
            "empty": gettext_lazy("Il file è vuoto. Riesporta l'elenco dal programma precedente."),
        },
    )
    school_year = forms.TypedChoiceField(label=gettext_lazy("Anno scolastico"), coerce=int)

    def __init__(self, *args: Any, current: SchoolYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = (current, current.next)
        self.fields["school_year"].choices = [(year.start_year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.fields["school_year"].initial = current.start_year

    def clean_file(self) -> "UploadedFile[bytes]":
        """Size and kind; what the file holds is told by the check."""
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        limit = settings.ROSTER_MAX_BYTES
        if (file.size or 0) > limit:
            megabytes = limit // (1024 * 1024)
            raise ValidationError(
                _("Il file supera %(limit)s MB. Dividilo in più file, ognuno con le intestazioni.")
                % {"limit": megabytes}
            )
        if PurePath(file.name or "").suffix.lower() in REFUSED:
            raise ValidationError(_("Questo file non è un elenco. Chiedi al programma precedente un'esportazione CSV."))
        return file


class RowFilters(FilterForm):
    """Rows with one defect, or that hold a name, a code or a number."""

    esito = forms.ChoiceField(
        label=gettext_lazy("Esito"), choices=[("", gettext_lazy("Tutti")), *VERDICT_LABELS.items()]
    )
    errore = forms.ChoiceField(label=gettext_lazy("Segnalazione"))
    testo = forms.CharField(label=gettext_lazy("Cerca nella riga"), max_length=60)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        words = sorted((told(Defect(code, "", "…"))[0], code) for code in (*CATALOGUE, LEFT_OUT))
        self.fields["errore"].choices = [("", _("Tutte")), *((code, what) for what, code in words)]  # type: ignore[attr-defined]
        self.full_clean()

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("esito"):
            rows = rows.filter(verdict=self.cleaned_data["esito"])
        if self.is_set("errore"):
            rows = rows.filter(defects__contains=[{"code": self.cleaned_data["errore"]}])
        if self.is_set("testo"):
            text = self.cleaned_data["testo"].strip()
            number = Q(line=int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else Q()
            rows = rows.filter(Q(raw__icontains=text) | number)
        return rows


class ExpectedForm(forms.Form):
    """The figures of the old programme's own report."""

    use_required_attribute = False
    hides_optional = True

    people = forms.IntegerField(label=gettext_lazy("Bambini"), min_value=0, required=False)
    credit = MoneyField(label=gettext_lazy("Crediti in tutto"), required=False)
    due = MoneyField(label=gettext_lazy("Debiti in tutto"), required=False)

    def figures(self) -> dict[str, int]:
        """What was typed, amounts in cents."""
        told: dict[str, int] = {}
        for name, value in self.cleaned_data.items():
            if value is not None:
                told[name] = abs(value.cents) if isinstance(value, Money) else int(value)
        return told
