from django.urls import path

from sportello.desk.views import connectors

app_name = "connectors"
urlpatterns = [
    path("ufficio/collegamenti/", connectors.connectors, name="list"),
    path("ufficio/collegamenti/<slug:kind>/", connectors.kind, name="kind"),
    path("ufficio/collegamenti/<slug:kind>/<slug:adapter>/", connectors.connector, name="connector"),
    path("ufficio/collegamenti/<slug:kind>/<slug:adapter>/prova/", connectors.probe, name="probe"),
    path("ufficio/collegamenti/<slug:kind>/<slug:adapter>/stato/", connectors.switch, name="switch"),
]
