"""Code of Conduct reports: sent by anybody, read by the conduct team only."""
