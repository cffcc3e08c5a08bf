from django.urls import path

from sportello.billing.credits.views import citizen, office

app_name = "credits"
OF_CHILD = "area/figli/<uuid:public_id>/credito/<slug:service_code>/"
urlpatterns = [
    path(OF_CHILD, citizen.credit, name="credit"),
    path(f"{OF_CHILD}ricarica/", citizen.top_up, name="top_up"),
    path(f"{OF_CHILD}avviso/", citizen.alert, name="alert"),
    path(f"{OF_CHILD}sposta/", citizen.move, name="move"),
    path(f"{OF_CHILD}rimborso/", citizen.refund, name="ask_refund"),
    path("ufficio/rimborsi/", office.refunds, name="refunds"),
    path("ufficio/rimborsi/<uuid:public_id>/", office.refund, name="refund"),
]
