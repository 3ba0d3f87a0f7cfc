"""How choices read where they begin a line."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst


def capitalised(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Choices with a capital letter, still in the reader's language."""
    return [(value, capfirst(label)) for value, label in choices]
