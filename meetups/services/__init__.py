"""What may be done with groups, applications and events."""
