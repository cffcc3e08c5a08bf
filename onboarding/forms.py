"""The forms of a roster: the upload, and the filters of its rows."""

from pathlib import PurePath
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.models import RowDefect
from onboarding.sentences import SENTENCES
from sportello.kernel.school_year import SchoolYear
from sportello.ui.listing import FilterForm

SUFFIXES = (".csv", ".txt")


class UploadForm(forms.Form):
    """A file and the school year whose classes it speaks of."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("File dell'elenco"),
        help_text=gettext_lazy("CSV del programma precedente, con il punto e virgola e la riga delle intestazioni."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
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
        if PurePath(file.name or "").suffix.lower() not in SUFFIXES:
            raise ValidationError(_("Il file non è un CSV. Apri l'elenco e salvalo come CSV con il punto e virgola."))
        return file


class RowFilters(FilterForm):
    """Rows with one defect, or that hold a name, a code or a number."""

    errore = forms.ChoiceField(label=gettext_lazy("Segnalazione"))
    testo = forms.CharField(label=gettext_lazy("Cerca nella riga"), max_length=60)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        told = ((code, str(sentence.what) % {"detail": "…"}) for code, sentence in SENTENCES.items())
        self.fields["errore"].choices = [("", _("Tutte")), *told]  # type: ignore[attr-defined]
        self.full_clean()

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("errore"):
            code = self.cleaned_data["errore"]
            defects = RowDefect.objects.filter(load=OuterRef("load"), line=OuterRef("line"), code=code)
            rows = rows.filter(Exists(defects))
        if self.is_set("testo"):
            text = self.cleaned_data["testo"].strip()
            number = Q(line=int(text)) if text.isascii() and text.isdigit() and len(text) < 9 else Q()
            rows = rows.filter(Q(raw__icontains=text) | number)
        return rows
