"""A form drawn from the settings struct of an adapter: one field for each of its own, with its label and its help."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from integrations.models import Connector
from integrations.registry import Adapter
from integrations.typed_settings import Field, SettingsInvalid, as_plain, as_toml, fields_of, read_settings, read_toml

SECRET = "secret_name"  # noqa: S105 -- the name of a field


class ConnectorForm(forms.Form):
    """What is nested in the settings (a mapping of columns) is written in TOML; what is wrong is told at its place."""

    use_required_attribute = False

    def __init__(self, adapter: Adapter, row: Connector | None, data: QueryDict | None = None) -> None:
        self.adapter = adapter
        self._drawn = list(fields_of(adapter.settings_type))
        super().__init__(data, initial=_initial(adapter, row, self._drawn))
        for one in self._drawn:
            self.fields[one.name] = _field(one)
        if adapter.needs_secret:
            self.fields[SECRET] = forms.CharField(
                label=gettext_lazy("Nome del segreto"),
                help_text=gettext_lazy("Il nome con cui è depositato, mai il segreto: per esempio tributi-rest."),
                max_length=63,
            )

    @property
    def secret_name(self) -> str:
        """The name that was written."""
        return str(self.cleaned_data.get(SECRET, ""))

    @property
    def values(self) -> dict[str, Any]:
        """The settings as plain data, of a valid form."""
        return {one.name: self.cleaned_data[one.name] for one in self._drawn if one.name in self.cleaned_data}

    def clean(self) -> dict[str, Any]:
        """The texts in TOML become data, and all of it is checked against the struct."""
        cleaned: dict[str, Any] = super().clean() or {}
        for one in self._drawn:
            if one.shape == "toml" and one.name in cleaned:
                try:
                    cleaned[one.name] = read_toml(cleaned[one.name].replace("\r\n", "\n"))
                except SettingsInvalid as error:
                    self.add_error(one.name, str(error))
        if not self.errors:
            try:
                read_settings(self.values, self.adapter.settings_type)
            except SettingsInvalid as error:
                self.add_error(self._named_in(error.place), str(error))
        return cleaned

    def _named_in(self, place: str) -> str | None:
        """The field of the form that holds the place."""
        first = place.partition(".")[0].partition("[")[0]
        return first if first in self.fields else None


def _initial(adapter: Adapter, row: Connector | None, drawn: list[Field]) -> dict[str, Any]:
    """What is kept, over the defaults of the struct; settings that fit no more are shown as they are."""
    kept = dict(row.settings) if row else {}
    try:
        known = as_plain(read_settings({**_blank(drawn), **kept}, adapter.settings_type))
    except SettingsInvalid:
        known = kept
    shown = known if row else {name: known.get(name) for name in known if name not in _blank(drawn)}
    nested = {one.name for one in drawn if one.shape == "toml"}
    told = {
        name: as_toml(value) if name in nested and isinstance(value, dict) else value for name, value in shown.items()
    }
    return {**told, SECRET: row.secret_name if row else ""}


def _blank(drawn: list[Field]) -> dict[str, Any]:
    """Something for each required field, only to see the defaults of the others."""
    return {one.name: "x_compila_qui" for one in drawn if one.required}


def _field(one: Field) -> forms.Field:
    told: dict[str, Any] = {
        "label": _(one.label),
        "help_text": _(one.help) if one.help else "",
        "required": one.required,
    }
    if one.shape == "yes_no":
        return forms.BooleanField(**{**told, "required": False})
    if one.shape == "number":
        return forms.IntegerField(**{**told, "required": True})
    if one.shape == "choice":
        return forms.ChoiceField(choices=[(word, word) for word in one.choices], **told)
    if one.shape == "toml":
        area = forms.Textarea(attrs={"rows": 18, "class": "code", "spellcheck": "false", "autocapitalize": "none"})
        return forms.CharField(widget=area, strip=False, **told)
    return forms.CharField(**told)
