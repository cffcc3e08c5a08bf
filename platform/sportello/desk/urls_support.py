from django.urls import path

from sportello.desk.views import support

app_name = "support"
urlpatterns = [
    path("ufficio/assistenza/", support.people, name="list"),
    path("ufficio/assistenza/<uuid:public_id>/", support.visit, name="visit"),
    path("assistenza/termina/", support.end, name="end"),
]
