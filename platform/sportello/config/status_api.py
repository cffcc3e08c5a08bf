"""GET /api/v1/status: whether the API answers (ModI guidelines)."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView


class StatusSerializer(serializers.Serializer[dict[str, str]]):
    """A problem with status 200, as the guidelines want it."""

    title = serializers.CharField()
    status = serializers.IntegerField()


class Status(APIView):
    """Answers 200 when the API is up."""

    throttle_classes = ()

    @extend_schema(
        tags=["Stato"], summary="Stato dell'API", description="Dice se l'API risponde.", responses=StatusSerializer
    )
    def get(self, request: Request) -> Response:
        return Response({"title": "OK", "status": 200}, content_type="application/problem+json")
