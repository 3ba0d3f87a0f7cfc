"""Addresses of meetups."""

from django.urls import path, register_converter

from meetups.views import (
    applications,
    calendars,
    communities,
    events,
    groups,
    invitations,
    life,
    needs,
    offers,
    organisers,
    places,
    tracker,
    venues,
)


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
    path("groups.geojson", groups.group_geojson, name="group_geojson"),
    path("calendar/", calendars.my_calendar, name="my_calendar"),
    path("calendar/all.ics", calendars.site_ics, name="site_ics"),
    path("calendar/online.ics", calendars.online_ics, name="online_ics"),
    path("calendar/mine/<token:token>.ics", calendars.personal_ics, name="personal_ics"),
    path("groups/<slug:slug>/calendar.ics", calendars.group_ics, name="group_ics"),
    path("places/<slug:slug>/calendar.ics", calendars.place_ics, name="place_ics"),
    path("events/<int:pk>.ics", calendars.event_ics, name="event_ics"),
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
    path("groups/<slug:slug>/describe/", communities.group_describe, name="group_describe"),
    path("groups/<slug:slug>/done/<slug:key>/", communities.onboarding_tick, name="onboarding_tick"),
    path("groups/<slug:slug>/claim/", communities.community_claim, name="community_claim"),
    path("groups/<slug:slug>/official/", communities.community_official, name="community_official"),
    path("groups/<slug:slug>/needs/", needs.group_needs, name="group_needs"),
    path("groups/<slug:slug>/needs/<int:pk>/fulfilled/", needs.need_fulfil, name="need_fulfil"),
    path("groups/<slug:slug>/needs/<int:pk>/close/", needs.need_close, name="need_close"),
    path("communities/suggest/", communities.community_suggest, name="community_suggest"),
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
    path("applications/", tracker.application_list, name="application_list"),
    path("applications/<uuid:public_id>/say/", applications.application_say, name="application_say"),
    path("applications/<uuid:public_id>/my-name/", tracker.my_name, name="my_name"),
    path("applications/<uuid:public_id>/ask-seat/", offers.seat_ask, name="seat_ask"),
    path("applications/<uuid:public_id>/asked/<int:pk>/", offers.seat_asked, name="seat_asked"),
    path("applications/<uuid:public_id>/ask-host/", venues.venue_ask, name="venue_ask"),
    path("applications/<uuid:public_id>/<slug:part>/", applications.application_part, name="application_part"),
    path("invitations/<token:token>/", invitations.invitation, name="invitation"),
    path("venues/<token:token>/", venues.venue_answer, name="venue_answer"),
]
