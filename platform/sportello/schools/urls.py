from django.urls import URLPattern, URLResolver, path

from sportello.schools.views import office

app_name = "schools"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/scuole/", office.school_list, name="list"),
    path("ufficio/scuole/importa/", office.school_import, name="import"),
]
