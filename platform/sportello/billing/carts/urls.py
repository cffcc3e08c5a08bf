from django.urls import path

from sportello.billing.carts import views

app_name = "carts"
urlpatterns = [
    path("area/pagamenti/", views.choose, name="choose"),
    path("area/pagamenti/<uuid:public_id>/", views.cart, name="cart"),
    path("area/pagamenti/<uuid:public_id>/vai/", views.go, name="go"),
    path("area/pagamenti/<uuid:public_id>/esito/<slug:how>/", views.back, name="back"),
]
