"""The URL map of the host of payments. It belongs to no Comune: the message says which is meant."""

from django.urls import path

from sportello.billing.receipts.views.station import broken, station

urlpatterns = [path("stazione/", station, name="station")]
handler500 = broken
