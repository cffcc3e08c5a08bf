from django.urls import path

from sportello.desk.views import jobs

app_name = "jobs"
urlpatterns = [path("ufficio/lavori/<uuid:public_id>/", jobs.job, name="job")]
