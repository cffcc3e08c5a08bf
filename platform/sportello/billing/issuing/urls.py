from django.urls import path

from sportello.billing.issuing.views import office

app_name = "issuing"
OF_ISSUE = "ufficio/emissioni/<uuid:public_id>/"
urlpatterns = [
    path("ufficio/emissioni/", office.issues, name="issues"),
    path("ufficio/emissioni/nuova/", office.new, name="new"),
    path(OF_ISSUE, office.issue, name="issue"),
    path(f"{OF_ISSUE}avvisi/", office.notices, name="notices"),
    path(f"{OF_ISSUE}esclusi/<slug:reason>/", office.left_out, name="left_out"),
    path(f"{OF_ISSUE}documenti/<int:number>/", office.part, name="part"),
]
