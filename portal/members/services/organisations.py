"""Organisations as people name them."""

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from portal.members.models import Organisation


def organisation_called(name: str) -> Organisation:
    """The organisation of that name, however it is capitalised; made when there is none."""
    name = " ".join(name.split())[:120]
    known = Organisation.objects.filter(name__iexact=name).first()
    if known is not None:
        return known
    try:
        with transaction.atomic():
            return Organisation.objects.create(name=name, slug=_free_slug(name))
    except IntegrityError:
        return Organisation.objects.get(name__iexact=name)


def _free_slug(name: str) -> str:
    base = slugify(name)[:110] or "organisation"
    taken = set(Organisation.objects.filter(slug__startswith=base).values_list("slug", flat=True))
    number = 2
    slug = base
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    return slug
