from django.urls import path

from sportello.billing.debts.views import office

app_name = "debts"
OF_POSITION = "ufficio/avvisi/<uuid:public_id>/"
urlpatterns = [
    path(OF_POSITION, office.position, name="position"),
    path(f"{OF_POSITION}importo/", office.adjust, name="adjust"),
    path(f"{OF_POSITION}annulla/", office.annul, name="annul"),
    path(f"{OF_POSITION}pagato/", office.paid, name="paid"),
    path(f"{OF_POSITION}discarico/", office.relief, name="write_off"),
]
