"""A service to choose, by the name the Comune gives it."""

from django import forms

from services_catalog.models import Service


class ServiceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """A drop-down of services: people read the name, not the code."""

    def label_from_instance(self, obj: Service) -> str:
        return obj.name
