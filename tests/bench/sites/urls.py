"""The two pages."""

from django.urls import path

from tests.bench.sites import views

urlpatterns = [path("trivial", views.trivial), path("rows", views.rows)]
