"""Reads for the office's lists of people: children with class, payer and balance; adults with their children."""

from datetime import date

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.aggregates import StringAgg
from django.db.models.functions import Coalesce, Concat

from sportello.billing.models import LedgerAccount
from sportello.families.models import Adult, Child, PayerAssignment, Pupil
from sportello.schools.models import Section


def children_for_office(today: date) -> QuerySet[Child]:
    """Every child, with today's school and class, who pays, and the balance in cents (None: no account)."""
    placed = Pupil.objects.filter(child=OuterRef("pk"), valid_during__contains=today)
    paid = PayerAssignment.objects.filter(child=OuterRef("pk"), valid_during__contains=today)
    name = Concat(F("adult__family_name"), Value(" "), F("adult__given_name"), output_field=TextField())
    accounts = LedgerAccount.objects.filter(child=OuterRef("pk"), service_code="mensa")
    return Child.objects.annotate(
        school_name=Subquery(placed.values("section__school__name")[:1]),
        school_code=Subquery(placed.values("section__school__school_code")[:1]),
        class_year=Subquery(placed.values("section__class_year")[:1]),
        class_letter=Subquery(placed.values("section__letter")[:1]),
        payer_name=Subquery(paid.annotate(name=name).values("name")[:1]),
        balance_cents=Subquery(accounts.values("balance_cents")[:1]),
    )


def adults_for_office(today: date) -> QuerySet[Adult]:
    """Every adult, with how many children they act for, and their names."""
    held = Q(guardianships__valid_during__contains=today)
    children = Concat(
        F("guardianships__child__given_name"),
        Value(" "),
        F("guardianships__child__family_name"),
        output_field=TextField(),
    )
    return Adult.objects.annotate(
        child_count=Count("guardianships", filter=held),
        child_names=Coalesce(
            StringAgg(children, delimiter=Value(", "), filter=held, order_by="guardianships__child__birth_date"),
            Value(""),
            output_field=TextField(),
        ),
    )


def sections_for_office(today: date) -> QuerySet[Section]:
    """Every section, with its school and how many children sit in it today."""
    held = Q(pupils__valid_during__contains=today)
    return Section.objects.select_related("school").annotate(pupil_count=Count("pupils", filter=held))
