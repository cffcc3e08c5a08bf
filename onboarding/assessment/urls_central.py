from django.urls import URLPattern, URLResolver, path

from onboarding.assessment.views import central

app_name = "central_assessment"
urlpatterns: list[URLPattern | URLResolver] = [
    path("comuni/<slug:belfiore>/valutazione/", central.overview, name="overview"),
    path("comuni/<slug:belfiore>/valutazione/apri/", central.begin, name="begin"),
    path("comuni/<slug:belfiore>/valutazione/piano/", central.plan, name="plan"),
    path("comuni/<slug:belfiore>/valutazione/piano/<uuid:public_id>/", central.task, name="task"),
    path("comuni/<slug:belfiore>/valutazione/<int:number>/", central.outcome, name="outcome"),
    path("comuni/<slug:belfiore>/valutazione/<int:number>/chiudi/", central.close, name="close"),
    path("comuni/<slug:belfiore>/valutazione/<int:number>/valutazione.pdf", central.paper, name="paper"),
    path("comuni/<slug:belfiore>/valutazione/<int:number>/<slug:key>/", central.area, name="area"),
]
