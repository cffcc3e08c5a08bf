"""How the pages of a mapping say what recognition found."""

from django import template

from onboarding.mapping.retelling import reason_retold

register = template.Library()
register.filter(reason_retold)
