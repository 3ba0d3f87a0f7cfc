"""The machine's look at the six criteria: one pure module each. Plain values and today in, a `Finding` out.

A finding helps people to decide; none of them approves or blocks anything. What could not be found out is unknown and
never a fail. Source: the community handbook's six criteria and the specification's table of checks.
"""
