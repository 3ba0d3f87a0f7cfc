"""How Celery is set up: nothing is lost with a worker, nothing piles up without one."""

from datetime import timedelta

from portal.celery import app


def test_task_of_a_dead_worker_comes_back_soon() -> None:
    conf = app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost, conf.worker_prefetch_multiplier) == (True, True, 1)
    times = (conf.broker_transport_options, conf.result_backend_transport_options, conf)
    assert {place["visibility_timeout"] for place in times} == {600}
    restore = ("unacked_restore_interval", "unacked_restore_throttle")
    assert [conf.broker_transport_options[name] for name in restore] == [10, 1]


def test_task_ends_before_it_counts_as_lost(settings) -> None:
    conf = app.conf
    assert settings.IMPORT_BUDGET.total_seconds() < conf.task_soft_time_limit < conf.task_time_limit < 600


def test_worker_outlasts_its_broker() -> None:
    assert app.conf.broker_connection_retry_on_startup is True
    assert app.conf.broker_connection_max_retries is None
    assert app.conf.worker_cancel_long_running_tasks_on_connection_loss is False


def test_what_recurs_often_does_not_pile_up(settings) -> None:
    often = {name: one for name, one in settings.CELERY_BEAT_SCHEDULE.items() if isinstance(one["schedule"], timedelta)}
    assert len(often) >= 3
    for name, one in often.items():
        assert one["schedule"].total_seconds() < one.get("options", {}).get("expires", 0) <= 600, name
