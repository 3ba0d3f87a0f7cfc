"""The factories make rows that the database accepts."""

import pytest
from allauth.account.models import EmailAddress

from tests.members.factories import PASSWORD, AffiliationFactory, IdentityFactory, MemberFactory, UserFactory
from tests.places.factories import PlaceFactory, RegionFactory, town

pytestmark = pytest.mark.django_db


def test_user_factory_makes_a_verified_address_and_the_known_password():
    user = UserFactory()
    assert user.check_password(PASSWORD)
    assert list(EmailAddress.objects.values_list("user_id", "email", "verified", "primary")) == [
        (user.pk, user.email, True, True)
    ]
    UserFactory(email_verified=False)
    assert EmailAddress.objects.filter(verified=False).count() == 1
    UserFactory(email_verified=None)
    assert EmailAddress.objects.count() == 2


def test_member_identity_and_affiliation_factories_are_saved():
    member = MemberFactory(user=UserFactory())
    assert member.user.member == member
    assert IdentityFactory(member=member).member == member
    assert AffiliationFactory(member=member).days.upper is None


def test_place_factories_are_found_by_search():
    assert PlaceFactory().slug != PlaceFactory().slug
    assert RegionFactory().country_codes == ["PT"]
    cologne = town("Köln")
    assert list(type(cologne).objects.matching("cologne")) == [cologne]
