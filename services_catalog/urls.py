from django.urls import URLPattern, URLResolver

app_name = "services_catalog"
urlpatterns: list[URLPattern | URLResolver] = []
