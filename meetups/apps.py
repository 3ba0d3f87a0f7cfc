"""App configuration."""

from django.apps import AppConfig


class MeetupsConfig(AppConfig):
    name = "meetups"
    label = "meetups"
    verbose_name = "Meetups"
