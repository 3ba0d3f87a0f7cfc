"""Which state of the data a page shows: a text that changes with every commit that could change a page."""

from django.db import connection

_VERSION = """
SELECT (SELECT format('%s-%s', version, extract(epoch FROM built_at)) FROM dashboard_summarystate WHERE id = 1),
       count(*), max(id)
FROM dashboard_pagechange
"""


def page_version() -> str:
    """The number of the summaries, and how many changes were committed since they were built.

    Triggers write a row for each change; rows vanish only when the summaries get a new number. So among answers with
    one number the count only grows, at the moment a commit becomes visible, in whatever order transactions end.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VERSION)
        return "-".join(str(part) for part in cursor.fetchone())
