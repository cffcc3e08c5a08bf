"""Checks of a deployment: no invented people and no insecure address behind a real desk."""

from typing import Any, Final

from django.conf import settings
from django.core import checks

from integrations.spid_cie.addresses import access_origin
from integrations.spid_cie.models import Environment, IdentityProvider

INVENTED: Final = ("ipa_code", "vat_number", "fiscal_code", "email", "phone")
"""The facts whose default can be nobody's; name, Comune and province of the default are real."""


@checks.register(checks.Tags.security)
def only_a_real_aggregator(**_kwargs: Any) -> list[checks.CheckMessage]:  # Any: Django's own keywords
    """spid_cie.E003: metadata that name an invented aggregator are refused in production."""
    if settings.DEPLOY_ENV != "production":
        return []
    left = [fact for fact in INVENTED if settings.SAML_AGGREGATOR[fact] == settings.INVENTED_AGGREGATOR[fact]]
    named = ", ".join(f"SAML_AGGREGATOR_{fact.upper()}" for fact in left)
    hint = "Set them to the facts of who federates the Comuni: they stand in the metadata of all of them."
    return [checks.Error(f"The aggregator is invented: {named}.", hint=hint, id="spid_cie.E003")] if left else []


@checks.register(checks.Tags.security)
def only_https_entities(**_kwargs: Any) -> list[checks.CheckMessage]:  # Any: Django's own keywords
    """spid_cie.E001: an entity with an http address is refused in production."""
    if settings.DEPLOY_ENV != "production" or access_origin().startswith("https://"):
        return []
    return [
        checks.Error(
            "The entities of SPID and CIE have an http address.",
            hint="Serve the access host behind TLS (BEHIND_TLS=true), or set DEPLOY_ENV=demo.",
            id="spid_cie.E001",
        )
    ]


@checks.register(checks.Tags.database)
def only_real_providers(databases: Any = None, **_kwargs: Any) -> list[checks.CheckMessage]:  # Any: Django's keywords
    """spid_cie.E002: a demonstration or validator provider is refused in production."""
    if settings.DEPLOY_ENV != "production" or not databases:
        return []
    unreal = IdentityProvider.objects.exclude(environment=Environment.PRODUCTION).filter(enabled=True)
    return [
        checks.Error(
            f"The provider {provider.entity_id} is enabled and its people are not real.",
            hint="Switch it off at the central team's desk, or set DEPLOY_ENV=staging.",
            id="spid_cie.E002",
        )
        for provider in unreal
    ]
