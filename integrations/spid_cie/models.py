"""The technical hub of the 41: entities, providers, open logins and the SAML log. All of it in `public`.

Nothing here says who may do what; people are named only in what is sealed.
"""

from datetime import datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.models import Municipality


class IdentityScheme(models.TextChoices):
    """The national schemes; the values are those of `types.Provider`."""

    SPID = "spid", "SPID"
    CIE = "cie", "CIE"


class Mode(models.TextChoices):
    """How a Comune stands in the federation (SPID: aggregator's Avviso 19; CIE knows only `direct`)."""

    AG_FULL = "ag_full", _("aggregato dalla Città metropolitana")
    DIRECT = "direct", _("ente federato in proprio")
    GATEWAY = "gateway", _("tramite il gateway di un altro ente")


class EntityState(models.TextChoices):
    """How far the registration with AgID or the Ministry has come."""

    DRAFT = "draft", _("in preparazione")
    TESTING = "collaudo", _("in collaudo")
    PRODUCTION = "production", _("in esercizio")


class SamlEntity(models.Model):
    """A Comune as service provider of one scheme. Without a Comune: the central team's own desk."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, null=True, related_name="saml_entities")
    scheme = models.CharField(max_length=8, choices=IdentityScheme.choices)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.AG_FULL)
    state = models.CharField(max_length=10, choices=EntityState.choices, default=EntityState.DRAFT)
    ipa_code = models.SlugField(max_length=40)
    organization_name = models.CharField(max_length=120)
    organization_url = models.URLField()
    contact_email = models.EmailField()
    contact_phone = models.CharField(max_length=30)
    belfiore_code = models.CharField(max_length=4)
    gateway_entity_id = models.CharField(max_length=255, blank=True)
    steps_done = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar = ["organization_name", "scheme"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["municipality", "scheme"], name="saml_entity_one_a_scheme", nulls_distinct=False
            ),
            models.UniqueConstraint(fields=["scheme", "ipa_code"], name="saml_entity_ipa_code"),
            models.CheckConstraint(
                condition=~models.Q(scheme="cie", mode="ag_full"), name="saml_entity_cie_has_no_aggregator"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} {self.ipa_code}"


class SigningKey(models.Model):
    """A key of an entity with its certificate. The private half is sealed.

    Published from `published_at` until `retired_at`; of the published ones the newest whose `signs_from` has come
    signs. Two published ones are a rollover.
    """

    entity = models.ForeignKey(SamlEntity, on_delete=models.CASCADE, related_name="keys")
    fingerprint = models.CharField(max_length=64, unique=True)
    certificate = models.TextField()
    sealed_key = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    published_at = models.DateTimeField()
    signs_from = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["published_at", "id"]

    def __str__(self) -> str:
        return self.fingerprint[:16]


class Environment(models.TextChoices):
    """Whose people a provider knows: real ones only in production."""

    PRODUCTION = "production", _("esercizio")
    VALIDATION = "validation", _("validatore")
    DEMONSTRATION = "demonstration", _("dimostrativo")


class IdentityProvider(models.Model):
    """Who authenticates people. `certificates`: base64 of the DER, without headers; two during its rollover."""

    scheme = models.CharField(max_length=8, choices=IdentityScheme.choices)
    entity_id = models.CharField(max_length=255, unique=True)
    name = models.CharField(max_length=120)
    sso_url = models.URLField(max_length=255)
    slo_url = models.URLField(max_length=255, blank=True)
    certificates = ArrayField(models.TextField())
    environment = models.CharField(max_length=16, choices=Environment.choices, default=Environment.PRODUCTION)
    enabled = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["scheme", "name"]

    def __str__(self) -> str:
        return self.entity_id


class LoginTransaction(models.Model):
    """A login that has begun. Good once, for the browser that holds the nonce, until `expires_at`.

    `number` is what people are told when something goes wrong; `request_id` is the ID of the AuthnRequest.
    """

    number = models.CharField(max_length=12, unique=True)
    request_id = models.CharField(max_length=64, unique=True)
    entity = models.ForeignKey(SamlEntity, on_delete=models.CASCADE, related_name="+")
    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+")
    schema_name = models.CharField(max_length=63)
    origin = models.CharField(max_length=300)
    next_path = models.CharField(max_length=500, blank=True)
    nonce_digest = models.CharField(max_length=64)
    name_id_digest = models.CharField(max_length=64, blank=True)
    level = models.PositiveSmallIntegerField()
    sealed_request = models.BinaryField()
    begun_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["-begun_at"]

    def __str__(self) -> str:
        return self.number

    def is_open(self, now: datetime) -> bool:
        """Whether an answer may still be taken."""
        return self.used_at is None and now < self.expires_at


class HandoverCode(models.Model):
    """What the central host gives the browser to show at its Comune's: the digest of the code, and who she is."""

    digest = models.CharField(max_length=64, unique=True)
    transaction = models.OneToOneField(LoginTransaction, on_delete=models.CASCADE, related_name="code")
    sealed_identity = models.BinaryField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.digest[:12]


class SamlExchange(models.Model):
    """The SAML log: a request and what was answered, sealed. Kept 24 months (DPCM 24 October 2014, art. 13 c. 2).

    An answer that was accepted keeps its two IDs, which may not come again.
    """

    number = models.CharField(max_length=12, db_index=True)
    schema_name = models.CharField(max_length=63)
    scheme = models.CharField(max_length=8, choices=IdentityScheme.choices)
    provider = models.CharField(max_length=255)
    outcome = models.CharField(max_length=48)
    request_id = models.CharField(max_length=64, db_index=True)
    response_id = models.CharField(max_length=160, null=True, unique=True)  # noqa: DJ001 -- several unknown, none equal
    assertion_id = models.CharField(max_length=160, null=True, unique=True)  # noqa: DJ001 -- several unknown, none equal
    sealed_request = models.BinaryField()
    sealed_response = models.BinaryField()
    happened_at = models.DateTimeField(db_index=True)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["-happened_at", "-id"]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class ProviderSession(models.Model):
    """A session that a provider may end: found by the digest of its NameID, kept as long as a session lasts."""

    provider = models.ForeignKey(IdentityProvider, on_delete=models.CASCADE, related_name="+")
    name_id_digest = models.CharField(max_length=64, db_index=True)
    schema_name = models.CharField(max_length=63)
    session = models.UUIDField()
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["opened_at"]

    def __str__(self) -> str:
        return str(self.session)


class RegistryCopy(models.Model):
    """The last good copy of the federation's list of providers, as it was signed."""

    scheme = models.CharField(max_length=8, choices=IdentityScheme.choices, unique=True)
    signer = models.CharField(max_length=64)
    provider_count = models.PositiveIntegerField()
    text = models.TextField()
    fetched_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.scheme} {self.fetched_at:%Y-%m-%d}"
