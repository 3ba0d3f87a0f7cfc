"""The pure rules of the six checks."""
