from django.urls import path

from sportello.applications.views import citizen, documents, flow, owing, rating

app_name = "applications"
urlpatterns = [
    path("servizi/<slug:code>/domanda/", flow.start, name="start"),
    path("servizi/<slug:code>/domanda/<uuid:public_id>/", flow.resume, name="resume"),
    path("servizi/<slug:code>/domanda/<uuid:public_id>/riepilogo/", flow.summary, name="summary"),
    path("servizi/<slug:code>/domanda/<uuid:public_id>/inviata/", flow.sent, name="sent"),
    path("servizi/<slug:code>/domanda/<uuid:public_id>/<slug:step>/", flow.step, name="step"),
    path("servizi/<slug:code>/valutazione/", rating.rate, name="rating"),
    path("area/domande/", citizen.applications, name="applications"),
    path("area/domande/<uuid:public_id>/", citizen.application, name="application"),
    path("area/domande/<uuid:public_id>/completa/", citizen.complete, name="complete"),
    path("area/domande/<uuid:public_id>/documenti/", owing.documents, name="documents"),
    path("area/domande/<uuid:public_id>/ritira/", citizen.withdraw, name="withdraw"),
    path("area/domande/<uuid:public_id>/elimina/", citizen.delete_draft, name="delete_draft"),
    path("area/domande/<uuid:public_id>/ricevuta.pdf", documents.receipt, name="receipt"),
    path("area/allegati/<uuid:public_id>/", documents.attachment, name="attachment"),
    path("verifica/<uuid:public_id>/", documents.verification, name="verification"),
]
