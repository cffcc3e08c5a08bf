"""The pages of the office on services, editions and fee tables."""

from django.urls import URLPattern, URLResolver, path

from services_catalog.views import (
    approval,
    calendar,
    closures,
    editor,
    office,
    openings,
    roll_over,
    templates,
    why,
)

app_name = "services_catalog"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/tariffe/", office.office, name="office"),
    path("ufficio/tariffe/nuovo-anno/", roll_over.passage, name="roll_over"),
    path("ufficio/tariffe/<int:edition_id>/", office.edition, name="edition"),
    path("ufficio/tariffe/<int:edition_id>/modifica/", editor.edit, name="edit"),
    path("ufficio/tariffe/<int:edition_id>/modifica/controlla/", editor.check, name="check"),
    path("ufficio/tariffe/<int:edition_id>/modifica/carica/", editor.upload, name="upload"),
    path("ufficio/tariffe/<int:edition_id>/revisione/", office.revise, name="revise"),
    path("ufficio/tariffe/<int:edition_id>/proponi/", approval.propose, name="propose"),
    path("ufficio/tariffe/<int:edition_id>/ritira/", approval.withdraw, name="withdraw"),
    path("ufficio/tariffe/<int:edition_id>/vigore/", approval.put_in_force, name="put_in_force"),
    path("ufficio/tariffe/<int:edition_id>/rimanda/", approval.give_back, name="give_back"),
    path("ufficio/tariffe/<int:edition_id>/elimina/", office.discard, name="discard"),
    path("ufficio/tariffe/<int:edition_id>/toml/", office.export, name="export"),
    path("ufficio/tariffe/<int:edition_id>/calendario.csv", calendar.calendar_export, name="calendar_export"),
    path("ufficio/tariffe/<int:edition_id>/calendario/", calendar.calendar_import, name="calendar_import"),
    path("ufficio/tariffe/<int:edition_id>/importo/", templates.first_fee, name="first_fee"),
    path("ufficio/tariffe/modelli/", templates.overview, name="templates"),
    path("ufficio/tariffe/modelli/<slug:code>/", templates.template, name="template"),
    path("ufficio/tariffe/modelli/<slug:code>/inizia/", templates.start, name="template_start"),
    path("ufficio/tariffe/modelli/<slug:code>/motivo/", templates.reason, name="template_reason"),
    path("ufficio/tariffe/proposte/<int:proposal_id>/accetta/", templates.accept, name="template_accept"),
    path("ufficio/tariffe/proposte/<int:proposal_id>/rifiuta/", templates.decline, name="template_decline"),
    path("ufficio/calendario/", closures.closure_list, name="closures"),
    path("ufficio/calendario/aggiungi/", closures.closure_add, name="closure_add"),
    path("ufficio/calendario/importa/", closures.closure_import, name="closure_import"),
    path("ufficio/calendario/perche/", why.why, name="why"),
    path("ufficio/calendario/adattamenti/", openings.opening_list, name="openings"),
    path("ufficio/calendario/adattamenti/<int:opening_id>/togli/", openings.opening_delete, name="opening_delete"),
    path("ufficio/calendario/<int:closure_id>/togli/", closures.closure_delete, name="closure_delete"),
]
