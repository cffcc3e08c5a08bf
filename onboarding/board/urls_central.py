from django.urls import URLPattern, URLResolver, path

from onboarding.board.views import central

app_name = "central_board"
urlpatterns: list[URLPattern | URLResolver] = [
    path("avvio/", central.board, name="board"),
    path("avvio/aggiorna/", central.gather, name="gather"),
    path("comuni/<slug:belfiore>/avvio/", central.municipality, name="municipality"),
]
