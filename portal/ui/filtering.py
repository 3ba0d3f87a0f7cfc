"""What a list says about the filters in its address, whatever it lists."""

from collections.abc import Iterable, Mapping

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise

Words = Mapping[str, "str | Promise"]


def chips(
    form: forms.BaseForm,
    query: QueryDict,
    *,
    words: Words | None = None,
    along: Mapping[str, Iterable[str]] | None = None,
) -> list[dict[str, str]]:
    """The filters in force, each with its word and the address without it.

    `words`: what a field says when that is not simply what was typed or chosen; empty says that it is not in force.
    `along`: what leaves the address together with a field.
    """
    words, along = words or {}, along or {}
    found = []
    for name, field in form.fields.items():
        label = words[name] if name in words else word_of(field, query.get(name, "").strip())
        if not label or name in form.errors:
            continue
        rest = without(query, name, "page", *along.get(name, ()))
        found.append({"kind": str(form[name].label) if name != "text" else "", "label": str(label), "remove_url": rest})
    return found


def word_of(field: forms.Field, value: str) -> str:
    """What the reader chose, in their words."""
    choices = dict(field.choices) if value and isinstance(field, forms.ChoiceField) else {}  # type: ignore[arg-type]
    return str(choices.get(value, value))


def without(query: QueryDict, *names: str, **values: str) -> str:
    """The address of the same list without these questions and those left open, and with those of `values`."""
    rest = query.copy()
    for name in [*names, *(name for name in query if not any(query.getlist(name)))]:
        rest.pop(name, None)
    for name, value in values.items():
        rest[name] = value
    return f"?{rest.urlencode()}"
