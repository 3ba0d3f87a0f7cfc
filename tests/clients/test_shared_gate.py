"""The gate in the real Redis: one call at a time, the pace of the service, told waits for everybody, and no secret."""

import threading
import time
from collections.abc import Iterator

import pytest
import redis

from portal.clients.errors import RateLimited
from portal.clients.gate import GITHUB, SLACK, OpenGate, Pace, Paces, Quota, Wait
from portal.clients.shared_gate import HELD_SECONDS, SharedGate, gate_key
from tests.clients.factories import NOW, Echo, Sleeps, client_of, still
from tests.upstreams import faults
from tests.upstreams.server import Reply, Server

NOBODY = "redis://127.0.0.1:1/0"
FAST = Paces(Pace(1000, 1000))
KEY = gate_key("secret", service="github", host="api.github.com:443", credential="ghp_word")


@pytest.fixture
def url(settings) -> str:
    return settings.CELERY_BROKER_URL


@pytest.fixture(autouse=True)
def server(url: str) -> Iterator[redis.Redis]:
    client = redis.Redis.from_url(url)
    client.delete(KEY)
    yield client
    client.delete(KEY)
    client.close()


def gate(url: str, holder: str = "source-1", **options: bool) -> SharedGate:
    return SharedGate(url, KEY, holder=holder, **options)


def test_one_call_of_a_credential_is_under_way(url: str) -> None:
    first, second = gate(url), gate(url, "source-2")
    assert first.enter("", FAST) is None
    assert second.enter("", FAST) == Wait(0.05, is_busy=True)
    first.leave()
    assert second.enter("", FAST) is None
    first.leave()  # not ours: nothing is taken from the other
    assert first.enter("", FAST) == Wait(0.05, is_busy=True)


def test_call_that_a_dead_worker_left_is_taken_over_by_its_heir_at_once_and_by_others_later(
    url: str, server: redis.Redis
) -> None:
    assert gate(url).enter("", FAST) is None
    assert gate(url, "source-2").enter("", FAST) == Wait(0.05, is_busy=True)
    assert gate(url).enter("", FAST) is None
    held = float(server.hget(KEY, "held"))
    seconds, micros = server.time()
    assert held / 1000 - seconds - micros / 1e6 == pytest.approx(HELD_SECONDS, abs=1)
    server.hset(KEY, "held", 1)
    assert gate(url, "source-2").enter("", FAST) is None


def test_bucket_lets_a_burst_through_and_then_keeps_the_pace(url: str) -> None:
    one, slow = gate(url), Paces(Pace(0.5, 3))
    waits = []
    for _ in range(5):
        waits.append(one.enter("", slow))
        one.leave()
    assert waits[:3] == [None, None, None]
    assert [wait is not None and 1.5 < wait.seconds <= 2.0 for wait in waits[3:]] == [True, True]


def test_bucket_is_the_same_for_all_workers(url: str) -> None:
    """Eight threads with a gate each: never more calls than burst and refill allow, and never two at once."""
    paces, began = Paces(Pace(50, 10)), time.monotonic()
    inside, most, calls = 0, 0, 0
    lock = threading.Lock()

    def work(number: int) -> None:
        nonlocal inside, most, calls
        mine = gate(url, f"source-{number}")
        while time.monotonic() < began + 0.4:
            if (wait := mine.enter("", paces)) is not None:
                time.sleep(min(wait.seconds, 0.01))
                continue
            with lock:
                inside, calls = inside + 1, calls + 1
                most = max(most, inside)
            with lock:
                inside -= 1
            mine.leave()

    threads = [threading.Thread(target=work, args=[number]) for number in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    took = time.monotonic() - began
    assert most == 1
    assert 10 < calls <= 10 + 50 * took + 1


def test_each_method_of_slack_has_a_bucket_of_its_own(url: str) -> None:
    one = gate(url)
    for _ in range(10):
        assert one.enter("users.list", SLACK) is None
    assert one.enter("users.list", SLACK) is not None
    assert one.enter("conversations.history", SLACK) is None


def test_gate_of_ones_own_server_keeps_no_pace_of_ours(url: str) -> None:
    own = gate(url, is_paced=False)
    assert [own.enter("", Paces(Pace(0.1, 1))) for _ in range(5)] == [None] * 5


def test_told_wait_holds_for_everybody_and_is_never_shortened(url: str) -> None:
    first, second = gate(url), gate(url, "source-2", is_paced=False)
    first.block(100)
    first.block(5)
    wait = second.enter("", FAST)
    assert wait is not None
    assert (99 < wait.seconds <= 100, wait.is_busy) == (True, False)


def test_told_wait_of_one_method_leaves_the_others_alone(url: str) -> None:
    one = gate(url)
    one.block(100, "questions")
    assert one.enter("questions", FAST) is not None
    assert one.enter("questions/answers", FAST) is None


def test_key_tells_nothing_of_the_credential(url: str, server: redis.Redis) -> None:
    assert gate(url).enter("", GITHUB) is None
    assert "ghp_word" not in KEY
    assert gate_key("other", service="github", host="api.github.com:443", credential="ghp_word") != KEY
    assert b"ghp_word" not in b"".join([KEY.encode(), *(b"%s%s" % pair for pair in server.hgetall(KEY).items())])
    assert 0 < server.ttl(KEY) <= 90_000


def test_gate_that_was_flushed_is_as_new(url: str, server: redis.Redis) -> None:
    one = gate(url)
    one.block(100)
    server.delete(KEY)
    server.script_flush()
    assert one.enter("", FAST) is None


def test_gate_without_redis_is_open_and_asks_it_once(caplog: pytest.LogCaptureFixture) -> None:
    lost = SharedGate(NOBODY, KEY, holder="source-1")
    began = time.monotonic()
    for _ in range(50):
        assert lost.enter("", GITHUB) is None
        lost.leave()
        lost.block(100)
    assert time.monotonic() - began < 1
    assert [record.getMessage() for record in caplog.records] == [
        "Redis cannot be asked (ConnectionError): the import goes on without its pace"
    ]


def test_client_waits_a_little_itself_and_gives_a_long_wait_back(url: str) -> None:
    sleeps = Sleeps()
    with Server({"": Echo()}) as service:
        around = still(sleeps, gate=gate(url))
        client = client_of(service, surroundings=around, paces=Paces(Pace(0.5, 1)))
        client.get("one")
        with pytest.raises(RateLimited):
            client.get("two")  # sleeps that cost nothing: the bucket stays empty
        assert (len(service.log), client.requests) == (1, 1)
        assert 0 < sum(sleeps.asked) <= 5


def test_client_says_who_it_waits_for(url: str) -> None:
    assert gate(url, "source-2").enter("", FAST) is None
    with Server({"": Echo()}) as service:
        client = client_of(service, surroundings=still(gate=gate(url)))
        with pytest.raises(RateLimited) as raised:
            client.get("one")
    assert raised.value.sentence == (
        "Another import is asking the service with the same credential: this one goes on after 12:00 UTC."
    )
    assert raised.value.retry_at is not None
    assert (raised.value.retry_at - NOW).total_seconds() == 10
    assert service.log == []


def test_wait_that_one_client_is_told_keeps_another_from_asking(url: str) -> None:
    with Server({"": Echo()}) as service:
        service.break_next("one", faults.status(429, Retry_After="90"))
        first = client_of(service, surroundings=still(gate=gate(url)))
        second = client_of(service, surroundings=still(gate=gate(url, "source-2")))
        for client in (first, second):
            with pytest.raises(RateLimited):
                client.get("one")
        assert len(service.log) == 1


def test_call_that_fails_frees_the_gate(url: str) -> None:
    with Server({"": Echo(gone=Reply(404, {}))}) as service:
        client = client_of(service, surroundings=still(gate=gate(url)))
        for _ in range(2):
            with pytest.raises(Exception, match="404"):
                client.get("gone")
    assert gate(url, "source-2").enter("", FAST) is None


def test_open_gate_remembers_a_few_allowances_by_harmless_names() -> None:
    one = OpenGate()
    for number in range(30):
        one.note(Quota(f"<core> {number}", number))
    one.note(Quota("<core> 3", 7))
    assert list(one.quotas) == [f"core{number}" for number in range(10)]
    assert one.quotas["core3"] == Quota("core3", 7)
