"""App configuration."""

from importlib import import_module

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "portal.jobs"
    label = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        """Makes the Celery app the current one; not in the package itself, so that the supervisor stays small."""
        import_module("portal.celery")
