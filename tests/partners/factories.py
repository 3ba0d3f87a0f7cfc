"""Partners for tests."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from partners.models import Partner
from tests.dashboard.factories import OrganisationFactory


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    organisation = factory.SubFactory(OrganisationFactory)
    since_on = date(2025, 1, 1)
