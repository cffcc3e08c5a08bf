"""Keys of entities and certificates of the shape that AgID asks (Avviso SPID 29), made without any network."""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

KEY_BITS: Final = 3072
YEARS: Final = 6
URI: Final = ObjectIdentifier("2.5.4.83")
ORGANIZATION_IDENTIFIER: Final = ObjectIdentifier("2.5.4.97")
POLICIES: Final = (("1.3.76.16.6", "agIDcert"), ("1.3.76.16.4.2.1", "cert_SP_Pub"))


@dataclass(frozen=True, slots=True)
class Pair:
    """A private key and its certificate, both PEM."""

    key: bytes
    certificate: str

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, in hexadecimal."""
        return fingerprint_of(self.certificate)


def make_pair(
    *, entity_id: str, organization: str, ipa_code: str, city: str, now: datetime, bits: int = KEY_BITS
) -> Pair:
    """A new RSA key with a self-signed certificate: AgID's subject, usages and policies, six years."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    return certify(key, entity_id=entity_id, organization=organization, ipa_code=ipa_code, city=city, now=now)


def certify(
    key: rsa.RSAPrivateKey, *, entity_id: str, organization: str, ipa_code: str, city: str, now: datetime
) -> Pair:
    """The certificate of a given key."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COMMON_NAME, organization[:64]),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization[:64]),
            x509.NameAttribute(URI, entity_id),
            x509.NameAttribute(ORGANIZATION_IDENTIFIER, f"PA:IT-{ipa_code}"),
            x509.NameAttribute(NameOID.COUNTRY_NAME, "IT"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, city),
        ]
    )
    policies = [
        x509.PolicyInformation(ObjectIdentifier(oid), [x509.UserNotice(None, words)]) for oid, words in POLICIES
    ]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=False)
        .add_extension(_signing_only(), critical=True)
        .add_extension(x509.CertificatePolicies(policies), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Pair(pem, certificate.public_bytes(serialization.Encoding.PEM).decode())


def validity(certificate: str) -> tuple[datetime, datetime]:
    """From when until when it holds."""
    read = x509.load_pem_x509_certificate(certificate.encode())
    return read.not_valid_before_utc, read.not_valid_after_utc


def fingerprint_of(certificate: str) -> str:
    """SHA-256 of a PEM certificate, in hexadecimal."""
    return x509.load_pem_x509_certificate(certificate.encode()).fingerprint(hashes.SHA256()).hex()


def subject_of(certificate: str) -> tuple[str, str]:
    """Whose it is: the entity that the certificate names, and its organization."""
    names = x509.load_pem_x509_certificate(certificate.encode()).subject
    entity = names.get_attributes_for_oid(URI)
    organization = names.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return (str(entity[0].value) if entity else ""), (str(organization[0].value) if organization else "")


def bare(certificate: str) -> str:
    """The base64 of a PEM certificate in one line, as SAML metadata hold it."""
    read = x509.load_pem_x509_certificate(certificate.encode())
    return base64.b64encode(read.public_bytes(serialization.Encoding.DER)).decode()


def _signing_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
