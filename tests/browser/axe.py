"""Accessibility by axe-core, from the file that the package axe-playwright-python brings (MPL 2.0; tests only)."""

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
GRAVE = frozenset({"serious", "critical"})

# Passed to `evaluate`, which a strict policy does not bind; nothing is added to the page itself.
_RUN = """async ([tags, only]) => {
  const options = {resultTypes: ["violations"], preload: false, iframes: false};
  options.runOnly = only.length ? {type: "rule", values: only} : {type: "tag", values: tags};
  const {violations} = await axe.run(document, options);
  const node = (n) => ({target: n.target.flat().join(" "), html: n.html.slice(0, 160), why: n.failureSummary});
  const found = violations.map((v) => ({rule: v.id, impact: v.impact, help: v.help, nodes: v.nodes.map(node)}));
  // Marks on a map may touch: the list beside it leads to each group too (2.5.8, exception "equivalent").
  for (const one of found) {
    if (one.rule !== "target-size") continue;
    one.nodes = one.nodes.filter((n) => !/class="[^"]*\\bmap-(cluster|dot)\\b/.test(n.html));
  }
  return found.filter((one) => one.nodes.length);
}"""


@dataclass(frozen=True)
class Finding:
    """One rule that a page breaks."""

    rule: str
    impact: str
    text: str

    @property
    def is_grave(self) -> bool:
        return self.impact in GRAVE


@cache
def source() -> str:
    found = importlib.util.find_spec("axe_playwright_python")
    assert found is not None, "the package axe-playwright-python is not installed"
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text(encoding="utf-8")


def audit(page: Page, *, only: tuple[str, ...] = ()) -> list[Finding]:
    """Every finding of all tags, or of the rules in `only`."""
    if not page.evaluate("() => typeof axe === 'object'"):
        page.evaluate(source())
    return [_finding(entry) for entry in page.evaluate(_RUN, [list(TAGS), list(only)])]


def told(findings: list[Finding]) -> str:
    """What a failing test says: every finding with the places it names."""
    return "\n".join(finding.text for finding in findings)


def _finding(entry: dict[str, Any]) -> Finding:
    places = "".join(
        f"\n      {node['target']}\n        {node['html']}\n        {' '.join((node['why'] or '').split())}"
        for node in entry["nodes"][:6]
    )
    text = f"{entry['rule']} ({entry['impact']}, {len(entry['nodes'])} places): {entry['help']}{places}"
    return Finding(entry["rule"], entry["impact"] or "minor", text)
