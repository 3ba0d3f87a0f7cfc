"""Who reads reports: people who were given the permission, and nobody by rank."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from portal.members.models import User

#: The Django group that migration 0002 makes; put people into it in the admin.
TEAM_NAME = "Conduct team"


def team() -> QuerySet[User]:
    """Everybody who may read reports: active staff who hold `conduct.view_report`, by a group or by themselves.

    Asked from the tables instead of `has_perm`, which says yes to every superuser. Whoever runs the servers has no
    business in what people told the team in confidence; a superuser sees how many reports there are, and to read them
    has to join the group like everybody else, which leaves a line in the admin's log.
    """
    is_view = {"codename": "view_report", "content_type__app_label": "conduct"}
    by_group = {f"groups__permissions__{key}": value for key, value in is_view.items()}
    by_person = {f"user_permissions__{key}": value for key, value in is_view.items()}
    holders = User.objects.filter(Q(**by_group) | Q(**by_person)).values("pk")
    return User.objects.filter(pk__in=holders, is_active=True, is_staff=True)


def is_reader(user: User | AnonymousUser) -> bool:
    """Whether the account belongs to the conduct team now."""
    return user.is_authenticated and team().filter(pk=user.pk).exists()
