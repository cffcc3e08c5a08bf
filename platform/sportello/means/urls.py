from django.urls import URLPattern, URLResolver, path

from sportello.means import views

app_name = "means"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/tributi/", views.tax_files, name="tax_files"),
    path("ufficio/tributi/<uuid:public_id>/", views.tax_file, name="tax_file"),
    path("ufficio/tributi/<uuid:public_id>/carica/", views.commit, name="commit_taxes"),
    path("ufficio/tributi/<uuid:public_id>/scarta/", views.discard, name="discard_taxes"),
    path("ufficio/tributi/chiedi/<uuid:public_id>/<uuid:child>/", views.ask, name="ask_taxes"),
]
