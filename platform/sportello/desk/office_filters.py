"""Filters of the office's lists of people and classes."""

from django import forms
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from sportello.schools.models import Level, School
from sportello.ui.listing import FilterForm


def named(words: str) -> Q:
    """Every word begins the family name or the given name."""
    found = Q()
    for word in words.split():
        found &= Q(family_name__istartswith=word) | Q(given_name__istartswith=word)
    return found


class SchoolChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic only in the stubs
    """A school, by its code in the address."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Scuola"),
            queryset=School.objects.filter(sections__isnull=False).distinct().order_by("name", "school_code"),
            to_field_name="school_code",
            empty_label=_("Tutte"),
        )


class ChildFilters(FilterForm):
    """Filters of the list of children."""

    cerca = forms.CharField(label=_("Cognome o nome"), max_length=60)
    scuola = SchoolChoice()
    classe = forms.ChoiceField(label=_("Anno"), choices=[("", _("Tutti")), *((str(n), str(n)) for n in range(1, 6))])

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("cerca"):
            rows = rows.filter(named(self.cleaned_data["cerca"]))
        if self.is_set("scuola"):
            rows = rows.filter(school_code=self.cleaned_data["scuola"].school_code)
        if self.is_set("classe"):
            rows = rows.filter(class_year=int(self.cleaned_data["classe"]))
        return rows


class AdultFilters(FilterForm):
    """Filters of the list of parents."""

    cerca = forms.CharField(label=_("Cognome o nome"), max_length=60)

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        return rows.filter(named(self.cleaned_data["cerca"])) if self.is_set("cerca") else rows


class SectionFilters(FilterForm):
    """Filters of the list of classes."""

    scuola = SchoolChoice()
    ordine = forms.ChoiceField(label=_("Ordine di scuola"), choices=[("", _("Tutti")), *Level.choices])

    def apply[T: Model](self, rows: QuerySet[T]) -> QuerySet[T]:
        if self.is_set("scuola"):
            rows = rows.filter(school=self.cleaned_data["scuola"])
        if self.is_set("ordine"):
            rows = rows.filter(school__level=self.cleaned_data["ordine"])
        return rows
