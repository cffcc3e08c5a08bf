"""The web-service adapter: one question in JSON over https. The code of the person travels in the body, not in the
address, so that it stands in no log on the way.
"""

import json
import time
from datetime import date
from typing import Annotated, Any, Final
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from msgspec import Meta

from integrations.addresses import check_address
from integrations.errors import AccessDenied, AnswerUnreadable, Unreachable
from integrations.registry import Secret
from integrations.tributi import values
from integrations.tributi.mapping import Common, Words
from integrations.tributi.port import Standing
from integrations.tributi.words import standing_from
from sportello.kernel.errors import gettext_noop

LARGEST: Final = 256 * 1024
PAUSE_SECONDS: Final = 0.2
PATH: Final = r"^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$"
type Path = Annotated[str, Meta(pattern=PATH)]


class RestSettings(Common, frozen=True, kw_only=True):
    """Address, words and paths. A path names keys from the top of the answer: `posizione.esito`."""

    url: Annotated[str, Meta(max_length=300, title=gettext_noop("Indirizzo del servizio"))]
    request_key: Annotated[Path, Meta(title=gettext_noop("Nome del codice fiscale nella domanda"))] = "codice_fiscale"
    items_path: Annotated[Path, Meta(title=gettext_noop("Percorso dell'elenco dei tributi"))] = "posizioni"
    verdict_path: Annotated[Path, Meta(title=gettext_noop("Percorso della posizione di un tributo"))] = "esito"
    tax_path: Annotated[Path, Meta(title=gettext_noop("Percorso del nome del tributo"))] = "tributo"
    day_path: Annotated[Path, Meta(title=gettext_noop("Percorso della data"))] = "aggiornata_al"
    seconds: Annotated[int, Meta(ge=1, le=30, title=gettext_noop("Secondi di attesa"))] = 5
    retries: Annotated[int, Meta(ge=0, le=3, title=gettext_noop("Nuovi tentativi"))] = 2
    words: Annotated[
        Words,
        Meta(
            title=gettext_noop("Parole della risposta"),
            description=gettext_noop("In TOML: regular, in_arrears, taxes."),
        ),
    ] = Words()


class _NoRedirect(HTTPRedirectHandler):
    """An answer from elsewhere is not the tax office's."""

    def redirect_request(self, req, fp, code, msg, headers, newurl):  # type: ignore[no-untyped-def]  # noqa: ARG002, PLR0917 -- as urllib calls it
        return None


class RestOffice:
    """Asks the service about one person; tries again only what may pass by itself."""

    def __init__(self, chosen: RestSettings, secret: Secret) -> None:
        self._settings = chosen
        self._secret = secret

    def probe(self) -> None:
        """Asks about nobody: the service must answer that it knows nobody of that code."""
        self.standing("", today=date.min)

    def standing(self, fiscal_code: str, *, today: date) -> Standing | None:
        """How the person stands by the service's words; None when it answers 404."""
        answer = self._ask(fiscal_code)
        if answer is None:
            return None
        items = _at(answer, self._settings.items_path)
        if not isinstance(items, list):
            raise AnswerUnreadable
        said = [(_text(item, self._settings.verdict_path), _text(item, self._settings.tax_path)) for item in items]
        return standing_from(said, self._settings.words, as_of=self._day(answer) or today)

    def _day(self, answer: object) -> date | None:
        try:
            return values.day(_text(answer, self._settings.day_path), "yyyy-mm-dd")
        except values.NoDate as error:
            raise AnswerUnreadable from error

    def _ask(self, fiscal_code: str) -> object | None:
        body = json.dumps({self._settings.request_key: fiscal_code}).encode()
        check_address(self._settings.url)
        for attempt in range(self._settings.retries + 1):
            try:
                return self._once(body)
            except Unreachable:
                if attempt == self._settings.retries:
                    raise
                time.sleep(PAUSE_SECONDS * 2**attempt)
        raise Unreachable

    def _once(self, body: bytes) -> object | None:
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self._secret()}"}
        request = Request(self._settings.url, data=body, headers=headers, method="POST")  # noqa: S310 -- checked above
        try:
            with build_opener(_NoRedirect).open(request, timeout=self._settings.seconds) as answer:
                return _json(answer.read(LARGEST + 1))
        except HTTPError as error:
            error.close()
            if error.code == 404:
                return None
            if error.code in {401, 403}:
                raise AccessDenied from error
            if error.code in {408, 429} or error.code >= 500:
                raise Unreachable from error
            raise AnswerUnreadable from error
        except (URLError, TimeoutError, OSError) as error:
            raise Unreachable from error


def _json(content: bytes) -> object:
    if len(content) > LARGEST:
        raise AnswerUnreadable
    try:
        found: object = json.loads(content)
    except ValueError as error:
        raise AnswerUnreadable from error
    return found


def _at(value: Any, path: str) -> object:  # Any: a tree of JSON
    for key in path.split("."):
        if not isinstance(value, dict) or key not in value:
            raise AnswerUnreadable
        value = value[key]
    return value


def _text(value: object, path: str) -> str:
    found = _at(value, path)
    if not isinstance(found, str):
        raise AnswerUnreadable
    return found
