"""Filters and tags of all pages."""

from django import template

register = template.Library()
