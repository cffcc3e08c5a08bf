from django.urls import path

from sportello.families import views

app_name = "families"
urlpatterns = [
    path("area/deleghe/", views.delegations, name="delegations"),
    path("area/deleghe/nuova/", views.new_delegation, name="new_delegation"),
    path("area/deleghe/<uuid:public_id>/revoca/", views.revoke_delegation, name="revoke_delegation"),
]
