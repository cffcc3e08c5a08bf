"""The simulator behind the port of the door."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from integrations.spid_cie import pending
from integrations.spid_cie.errors import AnswerRefused, EntranceCancelled
from integrations.spid_cie.simulator import assertion
from integrations.spid_cie.types import Entrance, Provider


class SimulatedDoor:
    """Sends the browser to the demo identity page of the same host."""

    def begin(self, request: HttpRequest, *, provider: Provider, next_path: str) -> str:
        state = pending.open_entrance(request, next_path)
        return f"{reverse('simulator:identity')}?{urlencode({'state': state, 'provider': provider.value})}"

    def complete(self, request: HttpRequest) -> Entrance:
        if request.GET.get("error"):
            pending.close_entrance(request, request.GET.get("state", ""))
            raise EntranceCancelled
        code = request.GET.get("code")
        if not code:
            raise AnswerRefused
        state, nonce = assertion.read(code)
        next_path = pending.close_entrance(request, state)
        return Entrance(identity=assertion.consume(nonce), next_path=next_path)
