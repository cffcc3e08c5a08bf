"""Forms that anybody may post are posted so often and no more."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from sportello.accounts.errors import TooManyAttempts
from sportello.accounts.throttling import Bucket, address_of
from sportello.kernel import clock

type View[**P] = Callable[Concatenate[HttpRequest, P], HttpResponse]


def limited[**P](bucket: Bucket) -> Callable[[View[P]], View[P]]:
    """Each POST takes a token of the browser's address; without one the answer is 429 and nothing is done."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method == "POST":
                try:
                    bucket.take(address_of(request), now=clock.now())
                except TooManyAttempts as failure:
                    context = {"sentence": str(failure)}
                    return render(request, "errors/429.html", context, status=429)
            return view(request, *args, **kwargs)

        return guarded

    return decorate
