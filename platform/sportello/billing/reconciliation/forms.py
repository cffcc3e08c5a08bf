"""The accountant's word on a difference."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from integrations.pagopa.flow_xml import BIGGEST
from sportello.ui.fields import NoticeField

type Upload = UploadedFile[bytes]


class ExplainForm(forms.Form):
    """Which difference, and why it is none."""

    kind = forms.ChoiceField(choices=[(one, one) for one in ("line", "receipt", "flow")], widget=forms.HiddenInput)
    what = forms.UUIDField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Perché"), max_length=300)


class FlowFileForm(forms.Form):
    """A flow as a file."""

    use_required_attribute = False

    file = forms.FileField(
        label=_("File XML del flusso"),
        help_text=_("Il «FlussoRiversamento» come lo dà il portale del prestatore o della Regione, al massimo 32 MB."),
        error_messages={"required": _("Scegli il file da caricare."), "empty": _("Il file è vuoto.")},
    )
    replaces = forms.BooleanField(label=_("Sostituisce il flusso con lo stesso nome già caricato"), required=False)

    def clean_file(self) -> Upload:
        found: Upload = self.cleaned_data["file"]
        if (found.size or 0) > BIGGEST:
            raise forms.ValidationError(_("Il file è troppo grande: al massimo 32 MB."))
        return found


class NoticeForm(forms.Form):
    """Which notice; it is written with or without its spaces."""

    number = NoticeField(label=_("Numero avviso"))
