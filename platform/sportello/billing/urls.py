from django.urls import path

from sportello.billing.views import office

app_name = "billing"
urlpatterns = [
    path("ufficio/bambini/<uuid:public_id>/conto/<slug:service_code>/", office.ledger, name="ledger"),
    path(
        "ufficio/bambini/<uuid:public_id>/conto/<slug:service_code>/pagamento/",
        office.payment,
        name="record_payment",
    ),
    path(
        "ufficio/bambini/<uuid:public_id>/conto/<slug:service_code>/cancella/",
        office.relief,
        name="write_off",
    ),
    path("ufficio/movimenti/<uuid:public_id>/rettifica/", office.correction, name="correct_entry"),
]
