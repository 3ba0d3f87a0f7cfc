"""The outside services, played on loopback by real HTTP servers over worlds that tests build and edit.

`python -m tests.upstreams --data DIR` serves a folder of recorded objects the same way.
"""
