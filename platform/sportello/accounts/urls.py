from django.urls import URLPattern, URLResolver, path

from sportello.accounts.views import entrance, local

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("accedi/", entrance.login, name="login"),
    path("accedi/avvia/", entrance.begin, name="begin"),
    path("accedi/fine/", entrance.complete, name="complete"),
    path("esci/", entrance.logout, name="logout"),
    path("accedi/utenza-locale/", local.password, name="local_login"),
    path("accedi/codice/", local.code, name="code"),
    path("accedi/attiva/<uuid:public_id>/<str:token>/", local.activate, name="activate"),
]
