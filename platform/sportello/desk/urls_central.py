from django.urls import URLPattern, URLResolver, path

from sportello.desk.views import central, central_look

app_name = "central"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", central.home, name="home"),
    path("comuni/anteprima.css", central_look.preview_css, name="preview_css"),
    path("comuni/<slug:belfiore>/", central.municipality, name="municipality"),
    path("comuni/<slug:belfiore>/fase/", central.stage, name="stage"),
    path("comuni/<slug:belfiore>/domini/", central.add_domain, name="add_domain"),
    path("comuni/<slug:belfiore>/domini/<int:pk>/", central.change_domain, name="change_domain"),
    path("comuni/<slug:belfiore>/amministratori/", central.add_administrator, name="add_administrator"),
    path("comuni/<slug:belfiore>/aspetto/", central_look.look, name="look"),
    path("comuni/<slug:belfiore>/stemma/", central_look.coat_of_arms, name="coat_of_arms"),
    path("comuni/<slug:belfiore>/stemma/<str:name>", central_look.image, name="image"),
]
