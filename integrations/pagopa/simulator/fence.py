"""Imported by every module that opens the simulator: with production settings none of them can be."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

if settings.DEPLOY_ENV == "production":
    raise ImproperlyConfigured("The simulator of the pagoPA Node invents payments: production must not load it.")
