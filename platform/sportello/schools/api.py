"""The public list of schools: facts of the MIM register, nothing about pupils."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView

from sportello.schools.models import School


class SchoolSerializer(serializers.ModelSerializer[School]):
    """A teaching site."""

    class Meta:
        model = School
        fields = ("school_code", "name", "level", "kind", "ownership", "address")


ACTIVE = School.objects.filter(is_active=True).order_by("school_code")


@extend_schema(tags=["Scuole"], summary="Elenco delle scuole", description="Le scuole del Comune, per codice MIM.")
class SchoolList(ListAPIView[School]):
    """The schools of the Comune."""

    queryset = ACTIVE
    serializer_class = SchoolSerializer


@extend_schema(tags=["Scuole"], summary="Una scuola", description="Una scuola, per codice MIM.")
class SchoolDetail(RetrieveAPIView[School]):
    """One school."""

    queryset = ACTIVE
    serializer_class = SchoolSerializer
    lookup_field = "school_code"
