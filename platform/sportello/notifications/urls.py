from django.urls import path

from sportello.notifications import views

app_name = "notifications"
urlpatterns = [
    path("area/avvisi/", views.notices, name="notices"),
    path("area/avvisi/<uuid:public_id>/", views.notice, name="notice"),
]
