from django.urls import path

from sportello.billing.documents import views

app_name = "documents"
urlpatterns = [
    path("area/pagamenti/avvisi/<uuid:public_id>/avviso.pdf", views.notice, name="notice"),
    path("area/pagamenti/ricevute/<uuid:public_id>/ricevuta.pdf", views.receipt, name="receipt"),
    path("area/pagamenti/attestazioni/<int:year>/attestazione.pdf", views.certificate, name="certificate"),
    path("area/pagamenti/bonus-nido/<int:year>/fascicolo.zip", views.nido, name="nido"),
]
