from django.urls import path

from sportello.desk.views import isee, office, people

app_name = "office"
urlpatterns = [
    path("ufficio/", office.home, name="home"),
    path("ufficio/bambini/", people.children, name="children"),
    path("ufficio/bambini/<uuid:public_id>/", office.child, name="child"),
    path("ufficio/bambini/<uuid:public_id>/condizioni/", office.recognise, name="recognise"),
    path("ufficio/bambini/<uuid:public_id>/esclusione/", office.bar, name="bar"),
    path("ufficio/bambini/<uuid:public_id>/riammissione/", office.lift, name="lift"),
    path("ufficio/bambini/<uuid:public_id>/isee/", isee.ask, name="ask_isee"),
    path("ufficio/isee/<uuid:public_id>/conferma/", isee.confirm, name="confirm_isee"),
    path("ufficio/isee/<uuid:public_id>/lascia/", isee.dismiss, name="dismiss_isee"),
    path("ufficio/genitori/", people.adults, name="adults"),
    path("ufficio/classi/", people.sections, name="sections"),
]
