"""The site: wiring on top, ground at the bottom."""
