"""The pages of the passage to the next school year."""

from django.urls import URLPattern, path

from sportello.rollover.views import office, renewal

app_name = "rollover"
urlpatterns: list[URLPattern] = [
    path("ufficio/nuovo-anno/", office.work_list, name="work_list"),
    path("ufficio/nuovo-anno/prova/", office.rehearse, name="rehearse"),
    path("ufficio/nuovo-anno/rinnovi/", renewal.renewal, name="renewal"),
    path("ufficio/nuovo-anno/spunta/", office.tick_selected, name="tick"),
]
