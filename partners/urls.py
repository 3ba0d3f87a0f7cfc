"""Addresses of partners."""

from django.urls import path

from partners.views import directory, joining, managing, rules, sponsoring, standings

app_name = "partners"
urlpatterns = [
    path("", directory.partner_list, name="partner_list"),
    path("ranking.csv", standings.ranking_csv, name="ranking_csv"),
    path("ranking.json", standings.ranking_json, name="ranking_json"),
    path("months/<str:month>/<int:revision>/", rules.run_detail, name="run_detail"),
    path("how-ranking-works/", rules.rules, name="rules"),
    path("why-contribute/", joining.why, name="why"),
    path("join/", joining.application_start, name="application_start"),
    path("applications/<uuid:public_id>/", joining.application_detail, name="application_detail"),
    path("applications/<uuid:public_id>/withdraw/", joining.application_withdraw, name="application_withdraw"),
    path("needs/", sponsoring.need_list, name="need_list"),
    path("needs/<int:pk>/", sponsoring.need_answer, name="need_answer"),
    path("groups/<slug:slug>/", sponsoring.group_sponsors, name="group_sponsors"),
    path("sponsorships/<int:pk>/<slug:to>/", sponsoring.sponsorship_move, name="sponsorship_move"),
    path("invitations/<str:token>/", managing.invitation, name="invitation"),
    path("changes/<int:pk>/logo/", managing.change_logo, name="change_logo"),
    path("<slug:slug>/", directory.partner_detail, name="partner_detail"),
    path("<slug:slug>/explain/", standings.partner_explain, name="partner_explain"),
    path("<slug:slug>/standing.json", standings.standing_json, name="standing_json"),
    path("<slug:slug>/badge.svg", standings.partner_badge_svg, name="partner_badge_svg"),
    path("<slug:slug>/logo-<slug:version>.webp", managing.partner_logo, name="partner_logo"),
    path("<slug:slug>/manage/", managing.partner_manage, name="partner_manage"),
    path("<slug:slug>/manage/profile/", managing.partner_edit, name="partner_edit"),
    path("<slug:slug>/manage/name-and-logo/", managing.partner_change, name="partner_change"),
    path("<slug:slug>/manage/invite/", managing.partner_invite, name="partner_invite"),
    path("<slug:slug>/manage/offer/", managing.offer_add, name="offer_add"),
    path("<slug:slug>/manage/offers/<int:pk>/end/", managing.offer_end, name="offer_end"),
]
