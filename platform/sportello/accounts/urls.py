from django.urls import URLPattern, URLResolver, path

from sportello.accounts.views import entrance, local, sessions

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accedi/", entrance.login, name="login"),
    path("accedi/avvia/", entrance.begin, name="begin"),
    path("accedi/fine/", entrance.complete, name="complete"),
    path("esci/", entrance.logout, name="logout"),
    path("accedi/utenza-locale/", local.password, name="local_login"),
    path("accedi/codice/", local.code, name="code"),
    path("accedi/attiva/<uuid:public_id>/<str:token>/", local.activate, name="activate"),
    path("area/accessi/", sessions.sessions, name="sessions"),
    path("area/accessi/altri/esci/", sessions.close_others, name="close_others"),
    path("area/accessi/<uuid:public_id>/esci/", sessions.close, name="close_session"),
]
