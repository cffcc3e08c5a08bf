from django.urls import path

from sportello.accounts.views import hub

app_name = "access"
urlpatterns = [
    path("spid/acs", hub.consumer, name="consumer"),
    path("spid/slo", hub.logout, name="logout"),
    path("<slug:scheme>/metadata/<slug:ipa_code>.xml", hub.metadata, name="metadata"),
]
