from django.urls import path

from sportello.billing.reconciliation.views import days, journal

app_name = "reconciliation"
ROOT = "ufficio/riconciliazione/"
urlpatterns = [
    path(ROOT, days.days, name="days"),
    path(f"{ROOT}messaggi/", journal.journal, name="journal"),
    path(f"{ROOT}messaggi/zip/", journal.evidence, name="evidence"),
    path(f"{ROOT}<int:year>-<int:month>-<int:number>/", days.day, name="day"),
]
