from django.urls import path

from sportello.desk.views import appointment, area, citizen, dues, participation, quote

app_name = "desk"
urlpatterns = [
    path("", citizen.home, name="home"),
    path("servizi/<slug:code>/", citizen.service, name="service"),
    path("servizi/<slug:code>/quanto-pagherei/", quote.service_quote, name="quote"),
    path("quanto-pagherei/", quote.household_quote, name="household_quote"),
    path("area/", area.area, name="area"),
    path("area/figli/<uuid:public_id>/", area.child, name="child"),
    path("area/dovuto/", dues.dues, name="dues"),
    path("area/dovuto/visura.pdf", dues.dues_file, name="dues_pdf"),
    path("partecipazione/", participation.participation, name="participation"),
    path("appuntamento/", appointment.appointment, name="appointment"),
]
