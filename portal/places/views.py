"""The search behind every field that asks for a town."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from portal.places.models import Place
from portal.places.search import suggest
from portal.ui.limits import limited


@login_not_required
@limited(per_minute=240)
@require_safe
@cache_control(public=True, max_age=3600)
def search(request: HttpRequest) -> JsonResponse:
    """Up to ten towns for `?q=`, best first."""
    return JsonResponse({"results": [_as_json(place) for place in suggest(request.GET.get("q", ""))]})


def _as_json(place: Place) -> dict[str, object]:
    return {
        "id": place.pk,
        "label": place.label,
        "name": place.name,
        "area": place.area_name,
        "country": place.country_name,
        "country_code": place.country_code,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "time_zone": place.time_zone,
    }
