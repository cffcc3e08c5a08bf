"""A new sealing key takes over, and the old one can go."""

import io

import pytest
from django.core.management import call_command
from pytest_django import Settings

from integrations.sealing import SealBroken, unseal
from integrations.spid_cie.keys import private_key
from integrations.spid_cie.models import SamlExchange, SigningKey
from tests.comuni import HostClient
from tests.factories import fiscal_code
from tests.spid_cie.browser import Login


def test_after_resealing_the_old_key_opens_nothing_and_the_new_one_all(
    bari_client: HostClient, settings: Settings
) -> None:
    Login(bari_client).enter(fiscal_code())
    destroyed = SigningKey.objects.order_by("pk").last()
    assert destroyed is not None
    SigningKey.objects.filter(pk=destroyed.pk).update(sealed_key=b"")
    old = list(settings.SEALING_KEYS)
    settings.SEALING_KEYS = ["a new key of the deployment", *old]
    words = io.StringIO()
    call_command("reseal", stdout=words)
    assert words.getvalue() == f"{SigningKey.objects.count() + 3} rows sealed again\n"
    destroyed.refresh_from_db()
    assert bytes(destroyed.sealed_key) == b""
    settings.SEALING_KEYS = ["a new key of the deployment"]
    exchange = SamlExchange.objects.get()
    assert b"AuthnRequest" in unseal(exchange.sealed_request)
    assert b"Response" in unseal(exchange.sealed_response)
    assert private_key(SigningKey.objects.exclude(pk=destroyed.pk)[0]).startswith("-----BEGIN PRIVATE KEY")
    settings.SEALING_KEYS = old
    with pytest.raises(SealBroken):
        unseal(exchange.sealed_request)
