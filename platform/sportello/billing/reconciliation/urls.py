from django.urls import path

from sportello.billing.reconciliation.views import days, flows, journal

app_name = "reconciliation"
ROOT = "ufficio/riconciliazione/"
urlpatterns = [
    path(ROOT, days.days, name="days"),
    path(f"{ROOT}flussi/", flows.flows, name="flows"),
    path(f"{ROOT}flussi/<int:pk>.xml", flows.flow_file, name="flow_file"),
    path(f"{ROOT}messaggi/", journal.journal, name="journal"),
    path(f"{ROOT}messaggi/prove/", journal.cases, name="cases"),
    path(f"{ROOT}messaggi/zip/", journal.evidence, name="evidence"),
    path(f"{ROOT}<int:year>-<int:month>-<int:number>/", days.day, name="day"),
]
