from django.urls import path

from sportello.enrolment.views import charges, counts, effect, family, isee, queue, workbench

app_name = "enrolment"
urlpatterns = [
    path("area/figli/<uuid:public_id>/isee/", isee.declare_isee, name="declare_isee"),
    path("area/figli/<uuid:public_id>/conto/<slug:service_code>/", family.account, name="account"),
    path("ufficio/addebiti/", charges.charges, name="charges"),
    path("ufficio/addebiti/registro/", counts.counts, name="counts"),
    path("ufficio/tariffe/<int:edition_id>/effetto/", effect.effect, name="effect"),
    path("ufficio/domande/", queue.queue, name="queue"),
    path("ufficio/domande/accogli/", queue.accept_selected, name="accept_selected"),
    path("ufficio/domande/<uuid:public_id>/", workbench.workbench, name="workbench"),
    path("ufficio/domande/allegati/<uuid:public_id>/", workbench.attachment, name="attachment"),
    path("ufficio/domande/<uuid:public_id>/archivio.pdf", workbench.archive_copy, name="archive_copy"),
    path("ufficio/domande/<uuid:public_id>/accogli/", workbench.accept, name="accept"),
    path("ufficio/domande/<uuid:public_id>/respingi/", workbench.reject, name="reject"),
    path("ufficio/domande/<uuid:public_id>/integra/", workbench.ask_completion, name="ask_completion"),
]
