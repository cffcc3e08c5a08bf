"""The pages of the office on the examples of fee tables."""

from django.urls import URLPattern, URLResolver, path

from sportello.fees.views import examples

app_name = "fees"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/tariffe/<int:edition_id>/esempi/", examples.examples, name="examples"),
    path("ufficio/tariffe/<int:edition_id>/esempi/aggiungi/", examples.add, name="example_add"),
    path("ufficio/tariffe/<int:edition_id>/esempi/<int:number>/", examples.change, name="example"),
    path("ufficio/tariffe/<int:edition_id>/esempi/<int:number>/togli/", examples.remove, name="example_remove"),
    path("ufficio/tariffe/<int:edition_id>/esempi/<int:number>/accetta/", examples.accept, name="example_accept"),
]
