"""INPS itself, over HTTPS: one POST of a SOAP envelope, with a PDND voucher and, where asked, a client certificate."""

import ssl
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from integrations.addresses import check_address
from integrations.errors import AddressRefused
from integrations.inps_isee.errors import CredentialsRefused, InpsUnavailable
from integrations.inps_isee.messages import ACTION, build_request, read_reply
from integrations.inps_isee.reading_xml import BIGGEST
from integrations.inps_isee.settings import PdndSettings
from integrations.inps_isee.types import Answer, Question, Reply
from integrations.inps_isee.voucher import client_assertion, token_of, token_request
from integrations.named_secrets import secret
from integrations.registry import Secret

CONTENT_TYPE: Final = "text/xml; charset=utf-8"


class HttpInpsIsee:
    """The real service. Never tried against INPS from here: see the contract tests for what is."""

    def __init__(self, settings: PdndSettings, key: Secret) -> None:
        self.settings = settings
        self._key = key

    def probe(self) -> None:
        """Asks PDND for a voucher: it proves client, purpose and key, and puts no question to INPS."""
        self._voucher()

    def consult(self, question: Question) -> Answer:
        """Asks for a voucher, then for the attestation. Raises InpsError."""
        envelope = build_request(question, user=question.operator or self.settings.user, office=self.settings.office)
        headers = {
            "Content-Type": CONTENT_TYPE,
            "SOAPAction": f'"{ACTION}"',
            "Authorization": f"Bearer {self._voucher()}",
        }
        reply = self._post(self.settings.endpoint, envelope, headers)
        return read_reply(reply, asked=question.fiscal_code)

    def _voucher(self) -> str:
        told = self.settings
        form = token_request(told, client_assertion(told, self._key().encode()))
        return token_of(self._post(told.token_url, form, {"Content-Type": "application/x-www-form-urlencoded"}))

    def _post(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        """One request, no redirects; a longer answer than allowed is cut, and then refused by its reader."""
        place = urlsplit(url)
        if place.scheme != "https" or not place.hostname:
            raise AddressRefused
        check_address(url)
        connection = HTTPSConnection(place.hostname, place.port, timeout=self.settings.seconds, context=self._context())
        try:
            connection.request("POST", place.path or "/", body=body, headers=headers)
            answer = connection.getresponse()
            return Reply(answer.status, answer.read(BIGGEST + 1))
        except (OSError, HTTPException) as error:
            raise InpsUnavailable("unreachable") from error
        finally:
            connection.close()

    def _context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        if self.settings.certificate_name:
            # OpenSSL reads certificates from files only: this one lives in a folder of ours for a moment.
            with TemporaryDirectory() as folder:
                file = Path(folder) / "client.pem"
                file.touch(mode=0o600)
                file.write_text(secret(self.settings.certificate_name), encoding="utf-8")
                try:
                    context.load_cert_chain(file)
                except ssl.SSLError as error:
                    raise CredentialsRefused from error
        return context
