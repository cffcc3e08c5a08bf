from django.urls import path

from onboarding.leaving.views import office

app_name = "leaving"
urlpatterns = [
    path("ufficio/esportazione/", office.exports, name="exports"),
    path("ufficio/esportazione/<uuid:public_id>/pacchetto.zip", office.download, name="download"),
    path("ufficio/esportazione/<uuid:public_id>/conferma/", office.confirm, name="confirm"),
]
