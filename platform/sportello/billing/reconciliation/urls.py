from django.urls import path

from sportello.billing.reconciliation.views import days

app_name = "reconciliation"
ROOT = "ufficio/riconciliazione/"
urlpatterns = [
    path(ROOT, days.days, name="days"),
    path(f"{ROOT}<int:year>-<int:month>-<int:number>/", days.day, name="day"),
]
