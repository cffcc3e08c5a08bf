from django.urls import URLPattern, URLResolver, path

from onboarding.assessment.views import office

app_name = "assessment"
urlpatterns: list[URLPattern | URLResolver] = [
    path("ufficio/valutazione/", office.overview, name="overview"),
    path("ufficio/valutazione/piano/", office.plan, name="plan"),
    path("ufficio/valutazione/piano/<uuid:public_id>/", office.task, name="task"),
    path("ufficio/valutazione/<int:number>/", office.outcome, name="outcome"),
    path("ufficio/valutazione/<int:number>/valutazione.pdf", office.paper, name="paper"),
    path("ufficio/valutazione/<int:number>/<slug:key>/", office.area, name="area"),
]
