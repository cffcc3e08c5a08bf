from django.urls import path

from sportello.desk.views import staff

app_name = "staff"
urlpatterns = [
    path("ufficio/personale/", staff.people, name="list"),
    path("ufficio/personale/nuovo/", staff.add, name="add"),
    path("ufficio/personale/utenza-locale/", staff.add_local, name="add_local"),
    path("ufficio/personale/<uuid:public_id>/", staff.person, name="person"),
    path("ufficio/personale/<uuid:public_id>/collegamento/", staff.renew, name="renew"),
    path("ufficio/personale/<uuid:public_id>/ruoli/", staff.grant, name="grant"),
    path("ufficio/personale/<uuid:public_id>/ruoli/<int:pk>/togli/", staff.revoke, name="revoke"),
    path("ufficio/personale/<uuid:public_id>/classi/", staff.assign, name="assign"),
    path("ufficio/personale/<uuid:public_id>/classi/<int:pk>/togli/", staff.end_scope, name="end_scope"),
]
