"""The file of an edition, given back as the content of a draft."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from services_catalog.models import Edition
from services_catalog.reading import SchemaError, from_toml
from services_catalog.schema import EditionContent, PackService

type Upload = UploadedFile[bytes]

_MOST_BYTES = 512 * 1024


class EditionFileForm(forms.Form):
    """A TOML file as the page of the edition exports it; ``content`` is what it says, once valid."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("File TOML dell'edizione"), widget=forms.FileInput(attrs={"accept": ".toml,application/toml"})
    )

    def __init__(self, *args: Any, edition: Edition, **kwargs: Any) -> None:  # Any: Django's own arguments pass through
        super().__init__(*args, **kwargs)
        self.edition = edition
        self._content: EditionContent | None = None

    @property
    def content(self) -> EditionContent:
        """What the file says. Only of a valid form."""
        if self._content is None:
            raise ValueError("asked before the form was valid")
        return self._content

    def clean_file(self) -> Upload:
        """The file, read by the language; raises ValidationError with the place and the nearest known key."""
        file: Upload = self.cleaned_data["file"]
        text = file.read(_MOST_BYTES + 1)
        if len(text) > _MOST_BYTES:
            raise ValidationError(gettext("Il file è troppo grande: al massimo 512 kB."))
        try:
            pack = from_toml(text.decode("utf-8-sig"), PackService)
        except UnicodeDecodeError as error:
            raise ValidationError(gettext("Il file non è un testo UTF-8.")) from error
        except SchemaError as error:
            raise ValidationError(error.message, code=error.code) from error
        self._check_service(pack)
        self._content = pack.content
        return file

    def _check_service(self, pack: PackService) -> None:
        """Refuse the file of another service or of another school year."""
        held = (self.edition.service.code, str(self.edition.year))
        if (pack.service.code, pack.edition.school_year) != held:
            sentence = gettext("Il file è di «%(service)s» %(year)s, la bozza è di «%(held)s» %(held_year)s.")
            words = {"service": pack.service.code, "year": pack.edition.school_year}
            raise ValidationError(sentence % {**words, "held": held[0], "held_year": held[1]})
