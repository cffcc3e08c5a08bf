from django.urls import path

from sportello.billing.carts.views import paying, planning

app_name = "carts"
urlpatterns = [
    path("area/pagamenti/", paying.choose, name="choose"),
    path("area/pagamenti/rate/", planning.plan, name="plan"),
    path("area/pagamenti/<uuid:public_id>/", paying.cart, name="cart"),
    path("area/pagamenti/<uuid:public_id>/vai/", paying.go, name="go"),
    path("area/pagamenti/<uuid:public_id>/riprendi/", paying.undo, name="undo"),
    path("area/pagamenti/<uuid:public_id>/esito/<slug:how>/", paying.back, name="back"),
]
