from django.urls import path

from onboarding.leaving.views import central

app_name = "departures"
urlpatterns = [
    path("comuni/<slug:belfiore>/uscita/", central.departure, name="departure"),
    path("comuni/<slug:belfiore>/uscita/esporta/", central.export, name="export"),
    path("comuni/<slug:belfiore>/uscita/<uuid:public_id>/pacchetto.zip", central.download, name="download"),
    path("comuni/<slug:belfiore>/uscita/<uuid:public_id>/certificato.pdf", central.certificate, name="certificate"),
    path("comuni/<slug:belfiore>/uscita/passi/<slug:what>/", central.deed, name="deed"),
]
