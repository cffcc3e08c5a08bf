"""The pages of the office on decided prices, and on the examples of fee tables."""

from django.urls import URLPattern, URLResolver, path

from sportello.fees.views import decisions, examples

app_name = "fees"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/decisioni/", decisions.to_send, name="to_send"),
    path("ufficio/decisioni/invia/", decisions.send, name="send"),
    path("ufficio/tariffe/<int:edition_id>/esempi/", examples.examples, name="examples"),
    path("ufficio/tariffe/<int:edition_id>/esempi/aggiungi/", examples.add, name="example_add"),
    path("ufficio/tariffe/<int:edition_id>/esempi/<int:number>/", examples.change, name="example"),
    path("ufficio/tariffe/<int:edition_id>/esempi/<int:number>/togli/", examples.remove, name="example_remove"),
    path("ufficio/tariffe/<int:edition_id>/esempi/<int:number>/accetta/", examples.accept, name="example_accept"),
]
