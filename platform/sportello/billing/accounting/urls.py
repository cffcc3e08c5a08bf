from django.urls import path

from sportello.billing.accounting.views import office

app_name = "accounting"
ROOT = "ufficio/contabilita/"
urlpatterns = [
    path(ROOT, office.collections, name="collections"),
    path(f"{ROOT}esporta/", office.export, name="export"),
    path(f"{ROOT}capitoli/", office.chapters, name="chapters"),
    path(f"{ROOT}tesoreria/", office.treasury, name="treasury"),
]
