"""A view that answers a constant, and a list of 20 rows over three joins."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from sportello.families.models import Pupil


def trivial(request: HttpRequest) -> HttpResponse:
    """What the tenant layer costs by itself."""
    return HttpResponse("ciao", headers={"Content-Length": 4})


def rows(request: HttpRequest) -> JsonResponse:
    """What it costs on a page of a list."""
    found = Pupil.objects.select_related("child__household", "section__school").order_by("child__family_name", "id")
    response = JsonResponse(
        {
            "rows": [
                {
                    "child": pupil.child.full_name,
                    "household": str(pupil.child.household.public_id) if pupil.child.household else "",
                    "section": str(pupil.section),
                    "school": pupil.section.school.name,
                }
                for pupil in found[:20]
            ]
        }
    )
    response["Content-Length"] = len(response.content)  # so that connections stay open without a middleware
    return response
