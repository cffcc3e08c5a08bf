"""The public catalogue of a Comune: services, windows, fee tables with their acts, days of service."""

from datetime import date, timedelta
from typing import Any

import msgspec
from django.http import Http404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from services_catalog.models import Edition, Service
from services_catalog.queries import day_book, editions_in_force
from sportello.kernel import clock
from sportello.kernel.dates import DateRange
from sportello.kernel.school_year import SchoolYear
from sportello.schools.models import School

LONGEST_CALENDAR = timedelta(days=366)


class ServiceSerializer(serializers.ModelSerializer[Service]):
    """A service that the Comune offers."""

    class Meta:
        model = Service
        fields = ("code", "name", "archetype")


class WindowSerializer(serializers.Serializer[Any]):
    """A span of days in which applications are taken; both days included."""

    school_year = serializers.CharField()
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field named as an attribute of Field
    opens = serializers.DateField()
    closes = serializers.DateField()
    late = serializers.BooleanField()


class FeeTableSerializer(serializers.Serializer[Any]):
    """The fee table of an edition in force, with the act that set it."""

    school_year = serializers.CharField(source="year")
    revision = serializers.IntegerField()
    valid_from = serializers.DateField(source="period.start")
    valid_until = serializers.DateField(source="period.last_day", allow_null=True, help_text="L'ultimo giorno.")
    act_number = serializers.CharField()
    act_date = serializers.DateField()
    act_url = serializers.URLField(allow_blank=True)
    fees = serializers.SerializerMethodField()

    @staticmethod
    def get_fees(edition: Edition) -> dict[str, Any]:
        """The table in the language of rules (docs/rules.md); amounts are strings in euro."""
        plain: dict[str, Any] = edition.content["fees"]
        return plain


class CalendarDaySerializer(serializers.Serializer[Any]):
    """A day of the calendar of a service at a school."""

    day = serializers.DateField()
    is_service_day = serializers.BooleanField()
    reason = serializers.CharField(allow_blank=True)


@extend_schema(tags=["Servizi"], summary="Elenco dei servizi", description="I servizi che il Comune offre.")
class ServiceList(ListAPIView[Service]):
    """The services of the Comune."""

    queryset = Service.objects.order_by("code")
    serializer_class = ServiceSerializer


class OfService(APIView):
    """An endpoint below one service; an unknown code is a 404."""

    @staticmethod
    def editions(code: str) -> list[Edition]:
        """What is in force from this school year on."""
        if not Service.objects.filter(code=code).exists():
            raise Http404
        return editions_in_force(code, DateRange(SchoolYear.of(clock.today()).period.start))


class Windows(OfService):
    """The windows of a service."""

    @extend_schema(
        tags=["Servizi"],
        summary="Finestre di iscrizione",
        description="I periodi in cui si può fare domanda, dall'anno scolastico in corso.",
        responses=WindowSerializer(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        rows = [
            {"school_year": str(edition.year), **_window(window)}
            for edition in self.editions(code)
            for window in edition.rules.windows
        ]
        return Response(WindowSerializer(rows, many=True).data)


def _window(window: msgspec.Struct) -> dict[str, Any]:
    fields = msgspec.structs.asdict(window)
    return {**fields, "label": str(fields["label"])}


class FeeTables(OfService):
    """The fee tables of a service."""

    @extend_schema(
        tags=["Servizi"],
        summary="Tariffe in vigore",
        description="Le tariffe in vigore con l'atto che le ha decise.",
        responses=FeeTableSerializer(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        return Response(FeeTableSerializer(self.editions(code), many=True).data)


class Calendar(OfService):
    """The days of a service at a school."""

    @extend_schema(
        tags=["Servizi"],
        summary="Calendario del servizio in una scuola",
        description="Giorno per giorno, al massimo un anno, se il servizio c'è e altrimenti perché.",
        parameters=[
            OpenApiParameter("school", OpenApiTypes.STR, required=True, description="Codice MIM della scuola."),
            OpenApiParameter("from", OpenApiTypes.DATE, required=True, description="Primo giorno."),
            OpenApiParameter("to", OpenApiTypes.DATE, required=True, description="Ultimo giorno."),
        ],
        responses=CalendarDaySerializer(many=True),
    )
    def get(self, request: Request, code: str) -> Response:
        self.editions(code)
        school = School.objects.filter(school_code=request.query_params.get("school", "")).first()
        if school is None:
            raise ValidationError({"school": "Indica il codice MIM di una scuola del Comune."})
        within = _asked_days(request)
        book = day_book(code, within)
        verdicts = [book.verdict(school_code=school.school_code, level=school.level, day=day) for day in within.days()]
        rows = [
            {"day": one.day, "is_service_day": one.is_service_day, "reason": one.detail or (one.why_not or "")}
            for one in verdicts
        ]
        return Response(CalendarDaySerializer(rows, many=True).data)


def _asked_days(request: Request) -> DateRange:
    try:
        first = date.fromisoformat(request.query_params["from"])
        last = date.fromisoformat(request.query_params["to"])
    except (KeyError, ValueError) as error:
        raise ValidationError({"from": "Indica «from» e «to» come 2026-11-23."}) from error
    if not timedelta() <= last - first < LONGEST_CALENDAR:
        raise ValidationError({"to": "«to» viene dopo «from», al massimo di un anno."})
    return DateRange.inclusive(first, last)
