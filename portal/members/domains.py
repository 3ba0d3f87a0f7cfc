"""Mail domains that say something about where somebody works, and those that cannot."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_DOMAIN = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\Z")

#: Providers that give an address to anybody, and hosts of no-reply addresses; names that own many endings come first.
ANY_ENDING = frozenset(
    {"gmail", "googlemail", "yahoo", "ymail", "hotmail", "outlook", "live", "msn", "gmx", "aol", "yandex"}
)
PUBLIC_PROVIDERS = frozenset(
    """
    163.com 126.com 139.com abv.bg aim.com arcor.de att.net bigpond.com bluewin.ch btinternet.com centrum.cz
    charter.net comcast.net cox.net daum.net duck.com earthlink.net email.cz fastmail.com fastmail.fm
    foxmail.com free.fr freemail.hu freenet.de github.com hanmail.net hey.com home.nl icloud.com inbox.lv
    inbox.ru interia.pl kpnmail.nl laposte.net libero.it list.ru mac.com mail.com mail.de mail.ee mail.ru
    mailbox.org mailfence.com me.com mozmail.com naver.com ntlworld.com o2.pl onet.pl optonline.net orange.fr
    pm.me posteo.de posteo.net privaterelay.appleid.com proton.me protonmail.ch protonmail.com qq.com rambler.ru
    rediffmail.com riseup.net rocketmail.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca sina.com sky.com
    sohu.com sympatico.ca t-online.de talktalk.net telenet.be telia.com terra.com.br tiscali.it tuta.com tuta.io
    tutanota.com ukr.net uol.com.br users.noreply.github.com verizon.net virgilio.it virgin.net virginmedia.com
    wanadoo.fr web.de wp.pl xs4all.nl xtra.co.nz ziggo.nl zoho.com zohomail.eu
    """.split()  # noqa: SIM905  a hundred names read better as text
)


def is_public_provider(domain: str) -> bool:
    """Whether anybody can have an address there."""
    return domain in PUBLIC_PROVIDERS or domain.partition(".")[0] in ANY_ENDING


def clean_domain(text: str) -> str:
    """The domain in lower case, without "@". Raises ValidationError for what is no domain, or a public provider's."""
    domain = text.strip().lower().lstrip("@").rstrip(".")
    try:
        domain = domain.encode("idna").decode() if not domain.isascii() else domain
    except UnicodeError:
        domain = ""
    if not _DOMAIN.fullmatch(domain):
        raise ValidationError(_("Give a mail domain such as agency.example, without anything before it."))
    if is_public_provider(domain):
        raise ValidationError(
            _("Anybody can have an address at %(domain)s, so it says nothing about where they work."),
            params={"domain": domain},
        )
    return domain
