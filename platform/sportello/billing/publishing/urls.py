from django.urls import path

from sportello.billing.publishing.views import office

app_name = "publishing"
urlpatterns = [
    path("ufficio/riconciliazione/avvisi/", office.refusals, name="refusals"),
    path("ufficio/riconciliazione/avvisi/riprova/", office.retry, name="retry"),
    path("ufficio/riconciliazione/avvisi/manda-tutti/", office.anew, name="anew"),
]
