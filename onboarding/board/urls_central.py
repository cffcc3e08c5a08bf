from django.urls import URLPattern, URLResolver, path

from onboarding.board.views import central

app_name = "central_board"
urlpatterns: list[URLPattern | URLResolver] = [
    path("quadro/", central.board, name="board"),
    path("quadro/aggiorna/", central.gather, name="gather"),
    path("comuni/<slug:belfiore>/percorso/", central.municipality, name="municipality"),
]
