"""Forms are drawn by the templates in templates/django/forms."""

from django.forms.renderers import TemplatesSetting


class FormRenderer(TemplatesSetting):
    """Django's renderer over the project's own templates."""
