"""Registering sources, and what an importer needs to know of one."""

import os
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import URLValidator, validate_slug
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard import importers
from dashboard.importers.records import SourceConfig
from dashboard.models import Source
from dashboard.services import portal_facts
from dashboard.services.known import StoredRows
from dashboard.services.quota import gate_for, keep_quotas
from portal.clients.errors import ClientError
from portal.environment import read_secret
from portal.logs import holds_secret

#: Channels that a test of the connection names.
_SHOWN = 6


def add_source(*, service: str, name: str, base_url: str = "", options: Mapping[str, str] | None = None) -> Source:
    """Register a source; the same values again give the one that is there. One of a service that is not imported
    yet, or that asks for a decision first, is kept switched off.

    Raises ValidationError with a sentence when service, options or address cannot work, or when the name is taken by a
    source with other values.
    """
    wanted = {key: str(value).strip() for key, value in (options or {}).items()}
    address = (base_url or default_address(service)).rstrip("/")
    check(service=service, name=name, base_url=address, options=wanted)
    try:
        with transaction.atomic():
            return Source.objects.create(
                service=service,
                name=name,
                base_url=address,
                options=wanted,
                is_enabled=importers.SERVICES[service].starts_enabled,
            )
    except IntegrityError:
        there = Source.objects.get(name=name)
    if (there.service, there.base_url, there.options) != (service, address, wanted):
        raise ValidationError(
            _(
                "There is already a source “%(name)s” with other settings: "
                "choose another name, or change it in the admin."
            ),
            params={"name": name},
        )
    return there


def ensure_portal_source() -> Source | None:
    """The portal's own source, made as soon as there is something to count; None before that."""
    there = Source.objects.filter(service=importers.PORTAL, is_demo=False).first()
    if there is not None or not portal_facts.has_facts():
        return there
    taken = set(Source.objects.values_list("name", flat=True))
    name = next(name for name in ("meetups", "portal", f"portal-{len(taken)}") if name not in taken)
    Source.objects.bulk_create(
        [Source(service=importers.PORTAL, name=name, base_url=settings.SITE_URL)], ignore_conflicts=True
    )
    return Source.objects.filter(service=importers.PORTAL, is_demo=False).first()


def check(*, service: str, name: str, base_url: str, options: Mapping[str, str], is_there: bool = False) -> None:
    """Raise ValidationError, one sentence for each thing that is wrong. `is_there`: the source exists already."""
    problems: dict[str, list[str]] = {
        "options": [*importers.check_options(service, options, is_there=is_there), *_secrets_in(options)],
        "name": _name_problems(name),
        "base_url": _address_problems(base_url) if base_url else [],
    }
    if not problems["options"] and not base_url:
        problems["base_url"] = [_("This service has no address of its own: give one with --base-url.")]
    if any(problems.values()):
        raise ValidationError({field: sentences for field, sentences in problems.items() if sentences})


def _name_problems(name: str) -> list[str]:
    problems = []
    try:
        validate_slug(name)
    except ValidationError:
        problems.append(_("“%(name)s” is no name: use letters, digits, hyphens and underscores.") % {"name": name})
    if len(name) > 40:
        problems.append(_("The name is longer than 40 characters."))
    twins = [twin for twin in Source.objects.exclude(name=name) if _variable(twin.name) == _variable(name)]
    if twins:
        problems.append(
            _("“%(name)s” would read the token of “%(twin)s”: choose a name that differs in more than - and _.")
            % {"name": name, "twin": twins[0].name}
        )
    return problems


def _secrets_in(options: Mapping[str, str]) -> list[str]:
    """Options stand in the database, where no token may."""
    return [
        _("The option “%(name)s” holds what looks like a token: give it in the environment instead.") % {"name": name}
        for name, value in options.items()
        if holds_secret(value)
    ]


def _address_problems(base_url: str) -> list[str]:
    try:
        URLValidator(schemes=["http", "https"])(base_url)
    except ValidationError:
        return [_("“%(address)s” is no web address such as https://forum.example.org.") % {"address": base_url}]
    if urlsplit(base_url).username or urlsplit(base_url).password:
        return [_("The address holds a password: give the token in the environment instead.")]
    return []


def default_address(service: str) -> str:
    """Where the service lives when nobody says otherwise; the forum's is the community's own."""
    if service == "discourse":
        return settings.COMMUNITY.links.get("forum", "")
    info = importers.SERVICES.get(service)
    return info.default_base_url if info else ""


def token_variable(source: Source) -> str:
    """Name of the environment variable with the token; a file's path may stand in the same name with _FILE."""
    return _variable(source.name)


def _variable(name: str) -> str:
    return f"SOURCE_{name.upper().replace('-', '_')}_TOKEN"


def has_token(source: Source) -> bool:
    """Whether a token is set, without reading it."""
    variable = token_variable(source)
    return bool(os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))


def config_for(source: Source) -> SourceConfig:
    """Everything an importer needs, the token from the environment included."""
    token = read_secret(token_variable(source))
    return SourceConfig(
        service=source.service,
        name=source.name,
        base_url=source.base_url,
        options={str(key): str(value) for key, value in source.options.items()},
        token=token,
        allowed_private_hosts=tuple(settings.ALLOWED_PRIVATE_HOSTS),
        user_agent=settings.USER_AGENT,
        stored=StoredRows(source.pk),
        facts=portal_facts.PortalRows(source.is_demo),
        gate=gate_for(source, token),
    )


def probe(source: Source) -> list[str]:
    """What the service says when it is asked, as sentences: what is missing and what to do; else what can be read."""
    try:
        config = config_for(source)
        importer = importers.create(config)
    except (importers.InvalidSource, ImproperlyConfigured) as problem:
        return [str(problem)]
    try:
        ask = getattr(importer, "probe", None)
        return list(ask() if ask else _channels_found(importer))
    except ClientError as error:
        return [error.sentence]
    finally:
        importer.close()
        keep_quotas(source=source, gate=config.gate, now=timezone.now())


def _channels_found(importer: importers.Importer) -> Iterator[str]:
    """For services that need no look of their own: what they list is what can be read."""
    names = [record.name for record in importer.channels() if record.streams or record.kind == "category"]
    if not names:
        yield _("The service answers, but shows nothing that could be imported: are the options right?")
        return
    shown = ", ".join(names[:_SHOWN])
    more = _(" and %(n)s more") % {"n": len(names) - _SHOWN} if len(names) > _SHOWN else ""
    yield _("The service answers. It can be read: %(names)s%(more)s.") % {"names": shown, "more": more}


def site_of(source: Source) -> str:
    """The site that people's ids belong to: github.com, forum.example.org, stackoverflow. On the portal itself ids are
    members' keys; the demo's are a site apart."""
    if source.service == "stackexchange":
        return str(source.options.get("site", "stackoverflow"))[:120]
    if source.service == importers.PORTAL and not source.is_demo:
        return settings.SITE_HOST[:120]
    host = urlsplit(source.base_url).netloc.rpartition("@")[2].lower()
    if host in {"api.github.com", "oauth.reddit.com"}:
        host = host.partition(".")[2]
    return (host or source.service)[:120]
