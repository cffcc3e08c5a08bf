from django.urls import URLPattern, URLResolver, path

from onboarding.views import leavers, mapping, office, review, undo

app_name = "onboarding"
LOAD = "ufficio/caricamenti/<uuid:public_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/caricamenti/", office.load_list, name="list"),
    path("ufficio/caricamenti/decisioni/", review.decisions, name="decisions"),
    path("ufficio/caricamenti/decisioni/<uuid:public_id>/revoca/", review.revoke, name="revoke"),
    path(LOAD, office.load, name="load"),
    path(f"{LOAD}carica/", office.commit, name="commit"),
    path(f"{LOAD}ricontrolla/", office.check, name="check"),
    path(f"{LOAD}totali/", office.expect, name="expect"),
    path(f"{LOAD}da-correggere.csv", office.corrections, name="corrections"),
    path(f"{LOAD}originale/", office.original, name="original"),
    path(f"{LOAD}colonne/", mapping.mapping, name="mapping"),
    path(f"{LOAD}colonne/anteprima/", mapping.preview, name="preview"),
    path(f"{LOAD}colonne/riapri/", mapping.reopen, name="reopen"),
    path(f"{LOAD}colonne/importa/", mapping.import_toml, name="import_mapping"),
    path(f"{LOAD}colonne.toml", mapping.export_toml, name="export_mapping"),
    path(f"{LOAD}revisione/", review.desk, name="review"),
    path(f"{LOAD}revisione/tutte/", review.decide_kind, name="decide_kind"),
    path(f"{LOAD}revisione/<int:line>/", review.row, name="review_row"),
    path(f"{LOAD}sparite/", leavers.leavers, name="leavers"),
    path(f"{LOAD}annulla/", undo.undo, name="undo"),
]
