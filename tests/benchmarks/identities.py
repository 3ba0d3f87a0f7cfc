"""`make benchmark`: matching of 5,000 and 50,000 identities of people with an account in each of three places.

A tenth of them is proven to be one by an address, a tenth suggested by a user name, a tenth by a name and a town.
Prints seconds and ratios and judges nothing: seconds would only measure the machine.
"""

import os
import sys
import time

from tests.benchmarks.directory import _database

SIZES = (5_000, 50_000)

# Person p has the accounts p, p + third and p + 2 third; what they have in common goes by the last digit of p.
_FILL = """
WITH people AS (
    INSERT INTO members_member (name, handle, public_id, about, languages, skills, visibility, bot_state, is_demo,
                                created_at)
    SELECT '', 'login-' || n, 'benchmark-' || n, '', '{{}}', '{{}}', 'handle', 'unknown', false, now()
    FROM generate_series(1, {number}) n
    RETURNING id, substring(public_id FROM 11)::int AS n
)
INSERT INTO members_identity (service, site, uid, username, name, url, is_bot_hint, member_id, created_at, email,
                              is_email_verified, location)
SELECT (ARRAY['github', 'discourse', 'slack'])[1 + n / third], 'site', n::text,
       CASE WHEN p % 10 = 1 THEN 'shared-' || p ELSE 'login-' || n END,
       CASE WHEN p % 10 = 2 THEN 'Shared Name ' || p ELSE 'Own Name ' || n END, '', false, id, now(),
       CASE WHEN p % 10 = 3 THEN 'mail' || p ELSE 'own' || n END || '@example.org', true, 'Town ' || (p % 50)
FROM people, LATERAL (SELECT {number} / 3 + 1 AS third, n % ({number} / 3 + 1) AS p) person
"""


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    with _database():
        rows = [_measure(number) for number in SIZES]
    _print(rows)


def _measure(number: int) -> tuple[int, float, float, int, int]:
    """Identities, seconds of the first run and of one with nothing new to merge, merges and suggestions."""
    from django.db import connection
    from django.utils import timezone

    from portal.members.services import match

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE members_member CASCADE")
        cursor.execute(_FILL.format(number=number))
        cursor.execute("VACUUM ANALYZE members_member, members_identity")
    seconds = []
    found = []
    for _round in range(2):
        began = time.perf_counter()
        found.append(match(now=timezone.now()))
        seconds.append(time.perf_counter() - began)
    return number, *seconds, found[0].merged, found[0].suggested


def _print(rows: list[tuple[int, float, float, int, int]]) -> None:
    sys.stdout.write(f"{'identities':>12}{'with merges':>14}{'suggesting':>14}{'merged':>10}{'suggested':>11}\n")
    for number, first, second, merged, suggested in rows:
        sys.stdout.write(f"{number:>12,}{first:>12.2f} s{second:>12.2f} s{merged:>10,}{suggested:>11,}\n")
    small, large = rows[0], rows[-1]
    ratio = large[2] / small[2]
    sys.stdout.write(f"{large[0] // small[0]} times as many identities: {ratio:.1f} times as long\n")


if __name__ == "__main__":
    main()
