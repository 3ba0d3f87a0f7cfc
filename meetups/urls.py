"""Addresses of meetups."""

from django.urls import path, register_converter

from meetups.views import applications, events, groups, invitations, life, organisers, places


class TokenConverter:
    """The long random word in the address of an invitation; nothing else gets as far as the database."""

    regex = "[A-Za-z0-9]{43}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TokenConverter, "token")

app_name = "meetups"
urlpatterns = [
    path("", groups.group_list, name="group_list"),
    path("groups/<slug:slug>/", groups.group_detail, name="group_detail"),
    path("groups/<slug:slug>/join/", groups.group_join, name="group_join"),
    path("groups/<slug:slug>/leave/", groups.group_leave, name="group_leave"),
    path("groups/<slug:slug>/events/new/", events.event_create, name="event_create"),
    path("groups/<slug:slug>/organisers/", organisers.group_organisers, name="group_organisers"),
    path("groups/<slug:slug>/organisers/<int:pk>/end/", organisers.organiser_end, name="organiser_end"),
    path("groups/<slug:slug>/organisers/<int:pk>/back/", organisers.organiser_take_back, name="organiser_take_back"),
    path("groups/<slug:slug>/step-up/", life.step_up, name="step_up"),
    path("groups/<slug:slug>/close/", life.group_close, name="group_close"),
    path("groups/<slug:slug>/mail/", life.group_mail, name="group_mail"),
    path("organisers/<token:token>/", organisers.co_organiser, name="co_organiser"),
    path("requests/<int:pk>/", life.organiser_request, name="organiser_request"),
    path("requests/<int:pk>/withdraw/", life.organiser_request_withdraw, name="organiser_request_withdraw"),
    path("mail/<str:token>/", life.mail_stop, name="mail_stop"),
    path("places/", places.place_list, name="place_list"),
    path("places/<slug:slug>/", places.place_detail, name="place_detail"),
    path("places/<slug:slug>/interest/", places.place_interest, name="place_interest"),
    path("places/<slug:slug>/withdraw/", places.place_withdraw, name="place_withdraw"),
    path("places/<slug:slug>/apply/", places.place_apply, name="place_apply"),
    path("events/", events.event_list, name="event_list"),
    path("events/<int:pk>-<slug:slug>/", events.event_detail, name="event_detail"),
    path("events/<int:pk>/edit/", events.event_edit, name="event_edit"),
    path("events/<int:pk>/publish/", events.event_publish, name="event_publish"),
    path("events/<int:pk>/cancel/", events.event_cancel, name="event_cancel"),
    path("events/<int:pk>/held/", events.event_held, name="event_held"),
    path("apply/", applications.application_start, name="application_start"),
    path("applications/<uuid:public_id>/", applications.application_detail, name="application_detail"),
    path("applications/<uuid:public_id>/check/", applications.application_check, name="application_check"),
    path("applications/<uuid:public_id>/withdraw/", applications.application_withdraw, name="application_withdraw"),
    path("applications/<uuid:public_id>/again/", applications.application_again, name="application_again"),
    path("applications/<uuid:public_id>/invite/", invitations.organiser_invite, name="organiser_invite"),
    path("applications/<uuid:public_id>/seats/<int:pk>/", invitations.organiser_remove, name="organiser_remove"),
    path("applications/<uuid:public_id>/<slug:part>/", applications.application_part, name="application_part"),
    path("invitations/<token:token>/", invitations.invitation, name="invitation"),
]
