from django.urls import path

from integrations.spid_cie.simulator import views

app_name = "simulator"
urlpatterns = [path("identita-dimostrativa/", views.identity, name="identity")]
