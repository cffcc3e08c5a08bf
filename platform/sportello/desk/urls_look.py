from django.urls import path

from sportello.desk.views import look

app_name = "look"
urlpatterns = [
    path("tema/<slug:name>.css", look.theme, name="theme"),
    path("stemma/<str:name>", look.coat_of_arms, name="coat_of_arms"),
]
