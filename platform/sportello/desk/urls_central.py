from django.urls import URLPattern, URLResolver

app_name = "central"
urlpatterns: list[URLPattern | URLResolver] = []
