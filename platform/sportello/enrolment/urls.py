from django.urls import path

from sportello.enrolment.views import charges, counts, family, queue, workbench

app_name = "enrolment"
urlpatterns = [
    path("ufficio/addebiti/", charges.charges, name="charges"),
    path("ufficio/addebiti/registro/", counts.counts, name="counts"),
    path("area/figli/<uuid:public_id>/conto/<slug:service_code>/", family.account, name="account"),
    path("ufficio/domande/", queue.queue, name="queue"),
    path("ufficio/domande/accogli/", queue.accept_selected, name="accept_selected"),
    path("ufficio/domande/<uuid:public_id>/", workbench.workbench, name="workbench"),
    path("ufficio/domande/allegati/<uuid:public_id>/", workbench.attachment, name="attachment"),
    path("ufficio/domande/<uuid:public_id>/archivio.pdf", workbench.archive_copy, name="archive_copy"),
    path("ufficio/domande/<uuid:public_id>/accogli/", workbench.accept, name="accept"),
    path("ufficio/domande/<uuid:public_id>/respingi/", workbench.reject, name="reject"),
    path("ufficio/domande/<uuid:public_id>/integra/", workbench.ask_completion, name="ask_completion"),
]
