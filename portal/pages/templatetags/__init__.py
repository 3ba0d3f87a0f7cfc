"""Template tags that may use every app."""
