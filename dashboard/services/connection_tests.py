"""Trying out whether a source can be read: asked for in the admin, done by a worker with a time limit."""

import logging
from datetime import datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from dashboard import importers
from dashboard.models import ConnectionTest, Source
from dashboard.services import sources
from portal.jobs.services import enqueue
from portal.members.models import User

logger = logging.getLogger(__name__)

TASK = "dashboard.tasks.test_connection"
LEASE = timedelta(minutes=2)
#: A worker that died is replaced so often.
TRIES = 2
OPEN = (ConnectionTest.State.WAITING, ConnectionTest.State.RUNNING)


def ask_for_test(*, source: Source, asked_by: User | None) -> ConnectionTest:
    """The open test of a source, made where there is none; raises ValidationError where nothing can be asked."""
    if source.is_demo:
        raise ValidationError(_("This source is invented, like all of the demo: there is nobody to ask."))
    if there := source.connection_tests.filter(state__in=OPEN).first():
        return there
    try:
        with transaction.atomic():
            test = ConnectionTest.objects.create(source=source, asked_by=asked_by)
    except IntegrityError:  # somebody else asked at the same moment
        return source.connection_tests.latest("pk")
    enqueue(TASK, test.pk)
    return test


def run_test(test: ConnectionTest, *, now: datetime) -> ConnectionTest:
    """Ask the service; the row holds what it said. A test that is in other hands or over is left alone."""
    if not test.claim(now=now, lease=LEASE):
        return test
    if test.attempt > TRIES:
        return _end(test, [_("The test did not come to an end, twice. Is the service reachable from here?")], now)
    try:
        said = sources.probe(test.source)
    except SoftTimeLimitExceeded:
        said = [_("The service did not answer within a minute. Try again later.")]
    except Exception as error:  # the reader of the page learns of it, and the log holds the rest
        logger.exception("connection test of source %s", test.source.name)
        said = [_("An unexpected error (%(kind)s) stopped the test.") % {"kind": type(error).__name__}]
    said = said or [_("The service answers, and nothing is missing.")]
    return _end(test, [*_before(test.source), *said, *_quotas(test.source, now)], now)


def _before(source: Source) -> list[str]:
    """What can be said without asking anybody."""
    info = importers.SERVICES[source.service]
    if not info.token_help or sources.has_token(source):
        return []
    missing = _("No token is set: give it in the environment variable %(variable)s and start the workers again.")
    return [f"{missing % {'variable': sources.token_variable(source)}} {info.token_help}"]


def _quotas(source: Source, now: datetime) -> list[str]:
    """What the service said on the way of the calls that are left."""
    told = source.quotas.filter(seen_at__gte=now).order_by("name")
    sentence = _("Calls left (%(name)s): %(left)s of %(most)s.")
    return [sentence % {"name": one.name, "left": one.left, "most": one.most} for one in told if one.most is not None]


def _end(test: ConnectionTest, sentences: list[str], now: datetime) -> ConnectionTest:
    rows = ConnectionTest.objects.filter(pk=test.pk, state=ConnectionTest.State.RUNNING, attempt=test.attempt)
    rows.update(
        state=ConnectionTest.State.DONE,
        sentences=[sentence[:1000] for sentence in sentences],
        finished_at=now,
        lease_until=None,
    )
    test.refresh_from_db()
    return test
