"""The shadow month on the host of the Comune."""

from django.urls import URLPattern, path

from onboarding.shadow.views import office

app_name = "shadow"
urlpatterns: list[URLPattern] = [
    path("ufficio/mese-di-prova/", office.mine, name="mine"),
    path("ufficio/mese-di-prova/<uuid:public_id>/", office.run, name="run"),
    path("ufficio/mese-di-prova/<uuid:public_id>/famiglie/<uuid:family_id>/", office.family, name="family"),
    path("ufficio/mese-di-prova/<uuid:public_id>/famiglie/<uuid:family_id>/ritira/", office.withdraw, name="withdraw"),
]
