"""The public API of a Comune: read-only, no trailing slash."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView

from services_catalog import api as catalogue
from sportello.config.status_api import Status
from sportello.schools import api as schools

urlpatterns = [
    path("status", Status.as_view(), name="status"),
    path("schools", schools.SchoolList.as_view(), name="schools"),
    path("schools/<str:school_code>", schools.SchoolDetail.as_view(), name="school"),
    path("services", catalogue.ServiceList.as_view(), name="services"),
    path("services/<slug:code>/windows", catalogue.Windows.as_view(), name="windows"),
    path("services/<slug:code>/fee-tables", catalogue.FeeTables.as_view(), name="fee-tables"),
    path("services/<slug:code>/calendar", catalogue.Calendar.as_view(), name="calendar"),
    path("openapi.json", SpectacularJSONAPIView.as_view(), name="openapi"),
]
