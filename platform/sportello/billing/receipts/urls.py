from django.urls import path

from sportello.billing.receipts.views import office

app_name = "receipts"
OF_ASIDE = "ufficio/somme-da-sistemare/<uuid:public_id>/"
urlpatterns = [
    path("ufficio/somme-da-sistemare/", office.asides, name="asides"),
    path(OF_ASIDE, office.aside, name="aside"),
    path(f"{OF_ASIDE}accredita/<int:account_id>/", office.credit, name="credit"),
]
