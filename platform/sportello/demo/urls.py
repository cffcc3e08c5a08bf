from django.urls import path

from sportello.demo import views

app_name = "demo"
urlpatterns = [path("demo/posta/", views.post, name="post")]
