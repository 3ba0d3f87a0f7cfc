"""Forms of meetups: events, the parts of an application, moves."""
