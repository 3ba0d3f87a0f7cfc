"""The house rules that no other tool checks: which way foreign keys point, who may name the community, sizes."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.models import ForeignObject

ROOT = Path(__file__).resolve().parents[1]
#: Top to bottom; apps on one line are neighbours that do not know each other. The same order as the import contract.
FLOORS: tuple[tuple[str, ...], ...] = (
    ("pages",),
    ("partners",),
    ("dashboard",),
    ("meetups",),
    ("conduct",),
    ("members",),
    ("places",),
    ("mail", "ui"),
    ("jobs",),
)
#: Django's own that anybody may point at.
ALLOWED = {"auth", "contenttypes"}
CODE = ("portal", "meetups", "dashboard", "partners", "templates", "static", "tests", "manage.py")
#: Where the name of the default community stands: its settings, and words for readers of the project.
NAMED_IN = {Path("portal/community.py")}

FUNCTION_LINES, FUNCTION_SHARE, LONG_LINES, LONG_SHARE = 32, 0.90, 50, 0.03
FILE_LINES, TEMPLATE_LINES = 300, 130
#: "Mostly under": so many may be longer, by no more than a third.
LONG_FILES_SHARE = 0.02


def floor(label: str) -> int | None:
    return next((number for number, apps_there in enumerate(FLOORS) if label in apps_there), None)


def own_files(*suffixes: str) -> list[Path]:
    """Files of the project that git knows or would take, without what is vendored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *CODE],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if listed.returncode == 0:
        paths = [Path(line) for line in listed.stdout.splitlines()]
    else:  # a copy without git
        paths = [path.relative_to(ROOT) for name in CODE for path in (ROOT / name).rglob("*") if path.is_file()]
    return [
        path for path in paths if path.suffix in suffixes and (ROOT / path).is_file() and "vendor" not in path.parts
    ]


def test_floors_hold_every_app_of_ours() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.split(".")[0] in CODE}
    assert ours <= {label for labels in FLOORS for label in labels}


def test_foreign_keys_point_down() -> None:
    wrong = []
    for model in apps.get_models(include_auto_created=True):
        here = floor(model._meta.app_label)
        if here is None:
            continue
        for field in model._meta.get_fields():
            if not isinstance(field, ForeignObject) or not field.concrete:
                continue
            target = field.related_model._meta.app_label
            there = floor(target)
            points_well = target == model._meta.app_label or (there is not None and there > here)
            if not points_well and target not in ALLOWED:
                wrong.append(f"{field} -> {target}")
    assert wrong == []


def test_foreign_keys_are_really_walked() -> None:
    """The test above would pass on nothing."""
    walked = {
        str(field)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignObject) and field.concrete
    }
    assert {"partners.Partner.organisation", "meetups.Group.place", "dashboard.Contribution.identity"} <= walked


def test_default_community_is_named_in_its_settings_only() -> None:
    name = "mautic"
    named = [
        str(path)
        for path in own_files(".py", ".html", ".txt", ".css", ".js", ".svg", ".md")
        if path not in NAMED_IN
        and path.parts[0] != "tests"
        and name in (ROOT / path).read_text(encoding="utf-8").lower()
    ]
    assert named == []


def functions() -> Iterator[tuple[str, int]]:
    """Where and how long, decorators left out."""
    for path in own_files(".py"):
        if "migrations" in path.parts or path.parts[0] == "tests":
            continue
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield f"{path}:{node.lineno} {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1


def test_functions_are_short(capsys: pytest.CaptureFixture[str]) -> None:
    found = sorted(functions(), key=lambda one: -one[1])
    short = sum(lines <= FUNCTION_LINES for _where, lines in found) / len(found)
    long = sum(lines > LONG_LINES for _where, lines in found) / len(found)
    with capsys.disabled():
        median = found[len(found) // 2][1]
        print(
            f"\n{len(found)} functions: median {median} lines, {short:.1%} within {FUNCTION_LINES}, "
            f"{long:.1%} over {LONG_LINES}; longest {found[0][0]} ({found[0][1]})"
        )
    assert short >= FUNCTION_SHARE, found[:20]
    assert long <= LONG_SHARE, found[:20]


def test_files_are_short() -> None:
    limits = {".py": FILE_LINES, ".html": TEMPLATE_LINES}
    sizes = {
        path: len((ROOT / path).read_text(encoding="utf-8").splitlines()) / limits[path.suffix]
        for path in own_files(*limits)
        if "migrations" not in path.parts and path.parts[0] != "tests"
    }
    long = [f"{path}: {size:.0%} of the limit" for path, size in sizes.items() if size > 1]
    assert len(long) <= LONG_FILES_SHARE * len(sizes), long
    assert max(sizes.values()) <= 4 / 3, long


def test_modules_say_what_belongs_there() -> None:
    silent = []
    for path in own_files(".py"):
        text = (ROOT / path).read_text(encoding="utf-8")
        if "migrations" not in path.parts and text.strip() and not ast.get_docstring(ast.parse(text)):
            silent.append(str(path))
    assert silent == []


def test_modules_have_names_that_say_something() -> None:
    empty = {"utils", "helpers", "common", "core", "base", "misc", "managers"}
    assert [str(path) for path in own_files(".py") if path.stem in empty] == []


def test_templates_carry_no_script_or_style_of_their_own() -> None:
    """The content security policy would stop them; so does this, earlier."""
    inline = re.compile(
        r"<style|<script(?![^>]*\bsrc=)(?![^>]*application/(ld\+)?json)|\sstyle=|\son[a-z]+=\"", re.IGNORECASE
    )
    found = [str(path) for path in own_files(".html") if inline.search((ROOT / path).read_text(encoding="utf-8"))]
    assert found == []
