"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from portal.members.admin_access import guard
from portal.pages.affiliation_file import affiliation_file

guard(admin.site)

urlpatterns = [
    path("", include("portal.pages.urls")),
    path("", include("portal.ui.urls")),
    path("meetups/", include("meetups.urls")),
    path("dashboard/", include("dashboard.urls")),
    path("updates/", include("dashboard.updates_urls")),
    path("partners/", include("partners.urls")),
    path("conduct/", include("portal.conduct.urls")),
    path("places/", include("portal.places.urls")),
    path("accounts/", include("allauth.urls")),
    path(f"{settings.ADMIN_PATH}affiliation-file/", admin.site.admin_view(affiliation_file), name="affiliation_file"),
    path(settings.ADMIN_PATH, admin.site.urls),
]

handler400 = "portal.pages.errors.bad_request"
handler403 = "portal.pages.errors.permission_denied"
handler404 = "portal.pages.errors.page_not_found"
handler500 = "portal.pages.errors.server_error"
