"""The public list of schools: facts of the MIM register, nothing about pupils."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from sportello.schools.models import School


class SchoolSerializer(serializers.ModelSerializer[School]):
    """A teaching site."""

    class Meta:
        model = School
        fields = ("school_code", "name", "level", "kind", "ownership", "address")


class Schools:
    """What the two endpoints share."""

    serializer_class = SchoolSerializer
    lookup_field = "school_code"

    def get_queryset(self) -> QuerySet[School]:
        return School.objects.filter(is_active=True).order_by("school_code")


@extend_schema(tags=["Scuole"], summary="Elenco delle scuole", description="Le scuole del Comune, per codice MIM.")
class SchoolList(Schools, ListAPIView[School]):
    """The schools of the Comune."""


@extend_schema(tags=["Scuole"], summary="Una scuola", description="Una scuola, per codice MIM.")
class SchoolDetail(Schools, RetrieveAPIView[School]):
    """One school."""
