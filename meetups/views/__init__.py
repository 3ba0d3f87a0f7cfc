"""Pages of meetups: groups, events, applications."""
