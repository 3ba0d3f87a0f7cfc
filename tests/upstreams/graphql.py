"""As much GraphQL as a service with connections needs: a parser, what a query costs, its answer from plain values."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

TOKEN: Final = re.compile(r'\s*(?:,\s*)*(\.\.\.|[{}():!\[\]=]|\$?\w+|"[^"]*")')
MOST_NODES: Final = 500_000


class Refused(Exception):
    """An error of the whole query; `kind` is its type."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


@dataclass(slots=True)
class Node:
    """A field with its arguments, or a fragment `on` a type (with "" as its name)."""

    name: str
    on: str = ""
    arguments: dict[str, Any] = field(default_factory=dict)
    inner: list["Node"] = field(default_factory=list)


@dataclass(slots=True)
class Connection:
    """A list that is read by pages; `key` makes the cursor, after which come the items that `is_after` says."""

    items: list[Any]
    key: Callable[[Any], str]
    is_after: Callable[[Any, str], bool]


class Query:
    """A parsed document with one operation."""

    def __init__(self, text: str) -> None:
        self._tokens = TOKEN.findall(text)
        if TOKEN.sub("", text).strip():
            raise Refused("", f"Parse error on {TOKEN.sub('', text).strip()[:20]!r}")
        self._fragments: dict[str, tuple[str, list[Node]]] = {}
        self.root: list[Node] = []
        while self._tokens:
            word = self._take()
            if word == "fragment":
                name, _, on = self._take(), self._take(), self._take()
                self._fragments[name] = (on, self._selection())
            elif word == "query":
                if self._tokens[0] == "(":
                    self._skip_declarations()
                self.root = self._selection()
        self.root = list(self._spread(self.root))

    def _take(self) -> str:
        if not self._tokens:
            raise Refused("", "Parse error: the query ends too early")
        return str(self._tokens.pop(0))

    def _skip_declarations(self) -> None:
        while self._take() != ")":
            pass

    def _selection(self) -> list[Node]:
        if self._take() != "{":
            raise Refused("", "Parse error: expected {")
        found = []
        while self._tokens[0] != "}":
            found.append(self._field())
        self._take()
        return found

    def _field(self) -> Node:
        word = self._take()
        if word == "...":
            name = self._take()
            return Node("", on=self._take(), inner=self._selection()) if name == "on" else Node("...", on=name)
        node = Node(word)
        if self._tokens[0] == "(":
            self._take()
            node.arguments = self._pairs(")")
        if self._tokens[0] == "{":
            node.inner = self._selection()
        return node

    def _pairs(self, end: str) -> dict[str, Any]:
        found = {}
        while self._tokens[0] != end:
            name, colon = self._take().rstrip(":"), self._take()
            if colon != ":":
                raise Refused("", f"Parse error: expected : behind {name}")
            value = self._take()
            found[name] = self._pairs("}") if value == "{" else value
        self._take()
        return found

    def _spread(self, nodes: list[Node]) -> Iterator[Node]:
        for node in nodes:
            if node.name == "...":
                on, inner = self._fragments[node.on]
                node = Node("", on=on, inner=inner)
            yield Node(node.name, node.on, node.arguments, list(self._spread(node.inner)))


def value_of(argument: Any, variables: dict[str, Any]) -> Any:
    if isinstance(argument, dict):
        return {name: value_of(inner, variables) for name, inner in argument.items()}
    if argument.startswith("$"):
        return variables.get(argument[1:])
    return int(argument) if argument.isdigit() else argument.strip('"')


def cost_of(nodes: list[Node], variables: dict[str, Any], times: int = 1) -> tuple[int, int]:
    """Connections a query may open, and nodes it may return."""
    opened = returned = 0
    for node in nodes:
        inner = times
        if "first" in node.arguments:
            first = value_of(node.arguments["first"], variables)
            if not isinstance(first, int) or not 1 <= first <= 100:
                raise Refused("EXCESSIVE_PAGINATION", f"Requesting {first} records on {node.name}")
            opened, returned, inner = opened + times, returned + times * first, times * first
        more, nodes_below = cost_of(node.inner, variables, inner)
        opened, returned = opened + more, returned + nodes_below
    return opened, returned


class Answering:
    """Answers a query from dicts; `resolve(parent, name, arguments)` gives what a field is."""

    def __init__(self, variables: dict[str, Any], resolve: Callable[[Any, str, dict[str, Any]], Any]) -> None:
        self._variables = variables
        self._resolve = resolve
        self.errors: list[dict[str, Any]] = []

    def select(self, parent: Any, nodes: list[Node], path: list[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for node in nodes:
            if not node.name:
                if parent.get("__typename") in (None, node.on) or node.on == "Actor":
                    found |= self.select(parent, node.inner, path)
                continue
            arguments = {name: value_of(one, self._variables) for name, one in node.arguments.items()}
            value = self._resolve(parent, node.name, arguments)
            found[node.name] = self._shown(value, node, arguments, [*path, node.name])
        return found

    def _shown(self, value: Any, node: Node, arguments: dict[str, Any], path: list[Any]) -> Any:
        if isinstance(value, Refused):
            error = {"message": str(value), "path": path}
            self.errors.append({"type": value.kind, **error} if value.kind else error)
            return None
        if isinstance(value, Connection):
            value = _page(value, arguments)
        if isinstance(value, list):
            return [self._shown(one, node, {}, [*path, at]) for at, one in enumerate(value)]
        return self.select(value, node.inner, path) if isinstance(value, dict) and node.inner else value


def _page(connection: Connection, arguments: dict[str, Any]) -> dict[str, Any]:
    items, after = connection.items, arguments.get("after")
    if after is not None:
        try:
            place = base64.b64decode(after, validate=True).decode()
        except ValueError as error:
            kind = "INVALID_CURSOR_ARGUMENTS"
            raise Refused(kind, f"`{after}` does not appear to be a valid cursor.") from error
        items = [one for one in items if connection.is_after(one, place)]
    page = items[: arguments["first"]]
    end = base64.b64encode(connection.key(page[-1]).encode()).decode() if page else None
    info = {"hasNextPage": len(items) > len(page), "endCursor": end}
    return {"pageInfo": info, "nodes": page, "totalCount": len(connection.items)}
