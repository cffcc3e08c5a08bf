from django.urls import path

from sportello.fees import views

app_name = "fees"
urlpatterns = [
    path("ufficio/decisioni/", views.to_send, name="to_send"),
    path("ufficio/decisioni/invia/", views.send, name="send"),
]
