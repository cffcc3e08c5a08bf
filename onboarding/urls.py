from django.urls import URLPattern, URLResolver, path

from onboarding.views import office

app_name = "onboarding"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/caricamenti/", office.load_list, name="list"),
    path("ufficio/caricamenti/<uuid:public_id>/", office.load, name="load"),
    path("ufficio/caricamenti/<uuid:public_id>/carica/", office.commit, name="commit"),
    path("ufficio/caricamenti/<uuid:public_id>/ricontrolla/", office.check, name="check"),
    path("ufficio/caricamenti/<uuid:public_id>/da-correggere.csv", office.corrections, name="corrections"),
    path("ufficio/caricamenti/<uuid:public_id>/originale.csv", office.original, name="original"),
]
