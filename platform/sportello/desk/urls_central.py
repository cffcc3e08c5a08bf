from django.urls import URLPattern, URLResolver, path

from sportello.desk.views import (
    central,
    central_look,
    identity,
    identity_deeds,
    identity_log,
    identity_overview,
    pagopa,
    templates,
)

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
    path("comuni/<slug:belfiore>/identita/<slug:scheme>/", identity.entity, name="identity"),
    path("comuni/<slug:belfiore>/identita/<slug:scheme>/metadati.xml", identity.metadata, name="identity_metadata"),
    path("comuni/<slug:belfiore>/identita/<slug:scheme>/scheda.pdf", identity.sheet, name="identity_sheet"),
    path(
        "comuni/<slug:belfiore>/identita/<slug:scheme>/<slug:fingerprint>.pem",
        identity.certificate,
        name="identity_certificate",
    ),
    path("comuni/<slug:belfiore>/identita/<slug:scheme>/stato/", identity_deeds.state, name="identity_state"),
    path("comuni/<slug:belfiore>/identita/<slug:scheme>/chiavi/<slug:deed>/", identity_deeds.key, name="identity_key"),
    path("comuni/<slug:belfiore>/identita/<slug:scheme>/passi/<slug:key>/", identity_deeds.step, name="identity_step"),
    path("modelli/", templates.overview, name="templates"),
    path("modelli/proponi/", templates.offer, name="templates_offer"),
    path("modelli/<slug:belfiore>/<slug:code>/", templates.template, name="template"),
    path("modelli/<slug:belfiore>/<slug:code>/motivo/", templates.reason, name="template_reason"),
    path("identita/", identity_overview.overview, name="identities"),
    path("identita/gestori/<int:pk>/", identity_overview.switch, name="identity_provider"),
    path("identita/aggiorna/<slug:scheme>/", identity_overview.sync, name="identity_sync"),
    path("identita/registro/", identity_log.log, name="identity_log"),
    path("pagopa/", pagopa.overview, name="pagopa"),
    path("pagopa/controlla/", pagopa.check, name="pagopa_check"),
    path("pagopa/<slug:belfiore>/", pagopa.codes, name="pagopa_codes"),
    path("pagopa/<slug:belfiore>/prove/", pagopa.cases, name="pagopa_cases"),
]
