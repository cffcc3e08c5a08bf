"""POST of a cart: 302 and the address of the checkout's own page (P25)."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from integrations.pagopa.simulator.addresses import node_origin
from integrations.pagopa.simulator.carts import BadCart, open_cart
from integrations.pagopa.simulator.views.answers import called_by_machines, problem
from sportello.kernel import clock


@called_by_machines("POST")
def carts(request: HttpRequest) -> HttpResponse:
    """A cart of one to five notices."""
    try:
        cart = open_cart(body=request.body, now=clock.now())
    except BadCart as error:
        return problem(400, "Bad request", str(error))
    # Not Django's redirect: a machine is told the whole address, and the name of the host is ours to say.
    answer = HttpResponse(status=302)
    answer["Location"] = f"{node_origin()}{reverse('nodo:cart', args=[cart.token])}"
    return answer
