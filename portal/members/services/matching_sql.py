"""SQL of matching: everything set-wise over the normalised columns of identities, in temporary tables."""

# Who can be matched at all, one row per identity; the verified addresses of an account hang on its portal identity.
# Demo and real people are never one.
FACES = """
CREATE TEMPORARY TABLE faces ON COMMIT DROP AS
SELECT i.id AS identity_id, i.member_id, i.service, i.site, i.uid, i.email_key, i.is_email_verified, i.username_key,
       i.name_key, members_folded(i.location) AS location_key, members_folded(i.employer) AS employer_key,
       lower(i.language) AS language, m.is_demo
FROM members_identity i JOIN members_member m ON m.id = i.member_id
WHERE m.erased_at IS NULL AND m.bot_state <> 'bot' AND (NOT i.is_bot_hint OR m.bot_state = 'human')
  AND i.uid NOT LIKE 'deleted:%'
UNION ALL
SELECT i.id, i.member_id, i.service, i.site, i.uid, members_email_key(e.email), true, '', '', '', '', '', m.is_demo
FROM account_emailaddress e
JOIN members_member m ON m.user_id = e.user_id AND m.erased_at IS NULL AND m.bot_state <> 'bot'
JOIN members_identity i ON i.member_id = m.id AND i.service = 'portal'
WHERE e.verified
"""

# Keys that several members have, but not too many, and that are not on the list of shared names.
SHARED = """
CREATE TEMPORARY TABLE shared ON COMMIT DROP AS
WITH said AS (
    SELECT DISTINCT 'email' AS code, email_key AS key, member_id, is_demo FROM faces
    WHERE email_key <> '' AND NOT EXISTS (
        SELECT FROM members_sharedname s
        WHERE s.kind = 'mailbox' AND s.key = split_part(email_key, '@', 1) OR s.kind = 'address' AND s.key = email_key)
    UNION ALL
    SELECT DISTINCT 'username', username_key, member_id, is_demo FROM faces
    WHERE username_key <> '' AND service <> 'portal' AND NOT EXISTS (
        SELECT FROM members_sharedname s WHERE s.kind = 'username' AND s.key = username_key)
    UNION ALL
    SELECT DISTINCT 'name', name_key, member_id, is_demo FROM faces
    WHERE name_key <> '' AND NOT EXISTS (
        SELECT FROM members_sharedname s WHERE s.kind = 'name' AND s.key = name_key)
), counted AS (
    SELECT code, key FROM said GROUP BY 1, 2 HAVING count(*) BETWEEN 2 AND %(most)s
)
SELECT said.* FROM said JOIN counted USING (code, key)
"""

PAIRS = """
CREATE TEMPORARY TABLE pairs ON COMMIT DROP AS
SELECT one.member_id AS first, other.member_id AS second, one.code, min(one.key) AS value
FROM shared one JOIN shared other
  ON other.code = one.code AND other.key = one.key AND other.is_demo = one.is_demo AND one.member_id < other.member_id
GROUP BY 1, 2, 3
"""

# Proof: an address that two places verified, or a no-reply address of GitHub, which carries the id of its account.
PROOFS = """
SELECT DISTINCT least(one.member_id, other.member_id), greatest(one.member_id, other.member_id), 'verified_email'
FROM pairs p
JOIN faces one ON one.member_id = p.first AND one.is_email_verified AND one.email_key <> ''
JOIN faces other ON other.member_id = p.second AND other.is_email_verified AND other.email_key = one.email_key
 AND (other.service, other.site) <> (one.service, one.site)
JOIN shared s ON s.code = 'email' AND s.key = one.email_key AND s.member_id = p.first
WHERE p.code = 'email'
UNION
SELECT least(one.member_id, hub.member_id), greatest(one.member_id, hub.member_id), 'github_noreply'
FROM faces one
JOIN faces hub ON hub.service = 'github' AND hub.site = 'github.com'
 AND hub.uid = substring(one.email_key FROM '^([0-9]+)[+][^@]*@users[.]noreply[.]github[.]com$')
 AND hub.is_demo = one.is_demo AND hub.member_id <> one.member_id
ORDER BY 1, 2, 3
"""

PLACES = """
SELECT member_id, array_agg(DISTINCT service || ' ' || site), count(DISTINCT identity_id),
       bool_or(service = 'portal')
FROM faces WHERE member_id = ANY(%(members)s) GROUP BY 1
"""

# Somebody's word that two identities are not one person, as it stands between the members who have them now.
DIFFERENT = """
SELECT DISTINCT least(one.member_id, other.member_id), greatest(one.member_id, other.member_id)
FROM members_differentpeople d
JOIN members_identity one ON one.id = d.first_id
JOIN members_identity other ON other.id = d.second_id
WHERE one.member_id <> other.member_id
"""

# What backs an equal name: where somebody is, whom they work for, which language they use.
BACKING = """
INSERT INTO pairs (first, second, code, value)
WITH named AS (SELECT first, second FROM pairs WHERE code = 'name'),
both_faces AS (
    SELECT n.first, n.second, one.location_key, one.employer_key, one.language,
           other.location_key AS location_2, other.employer_key AS employer_2, other.language AS language_2
    FROM named n JOIN faces one ON one.member_id = n.first JOIN faces other ON other.member_id = n.second
)
SELECT first, second, 'location', min(location_key) FROM both_faces
WHERE location_key = location_2 AND location_key <> '' GROUP BY 1, 2
UNION ALL
SELECT first, second, 'organisation', min(employer_key) FROM both_faces
WHERE employer_key = employer_2 AND employer_key <> '' GROUP BY 1, 2
UNION ALL
SELECT first, second, 'language', min(language) FROM both_faces
WHERE language = language_2 AND language <> '' GROUP BY 1, 2
UNION ALL
SELECT n.first, n.second, 'location', place.name
FROM named n JOIN members_member one ON one.id = n.first JOIN members_member other ON other.id = n.second
JOIN places_place place ON place.geoname_id = one.place_id WHERE one.place_id = other.place_id
UNION ALL
SELECT n.first, n.second, 'organisation', min(o.name)
FROM named n JOIN members_affiliation one ON one.member_id = n.first AND one.rejected_at IS NULL
JOIN members_affiliation other ON other.member_id = n.second AND other.organisation_id = one.organisation_id
 AND other.rejected_at IS NULL
JOIN members_organisation o ON o.id = one.organisation_id GROUP BY 1, 2
"""

# One suggestion per pair with its reasons. Two accounts in one place, two that sign in here, and somebody's word that
# they are different people speak against it whatever else there is.
_SCORED = """
CREATE TEMPORARY TABLE found ON COMMIT DROP AS
WITH points AS (SELECT code, points FROM unnest(%(codes)s::text[], %(points)s::int[]) AS given (code, points)),
reasons AS (
    SELECT DISTINCT ON (first, second, code) first, second, code, value, points
    FROM pairs JOIN points USING (code) ORDER BY first, second, code, value
), scored AS (
    SELECT first, second, least(sum(points), 100) AS score,
           jsonb_agg(jsonb_build_object('code', code, 'value', value, 'points', points)
                     ORDER BY points DESC, code) AS reasons
    FROM reasons GROUP BY 1, 2 HAVING bool_or(code <> 'name')
), different AS ("""
_UNLESS = """)
SELECT s.* FROM scored s
WHERE NOT EXISTS (
    SELECT FROM faces one JOIN faces other ON other.service = one.service AND other.site = one.site
    WHERE one.member_id = s.first AND other.member_id = s.second
) AND NOT EXISTS (SELECT FROM different d WHERE d.least = s.first AND d.greatest = s.second)
"""
SUGGEST = _SCORED + DIFFERENT + _UNLESS

STORE = """
INSERT INTO members_mergesuggestion AS stored (first_id, second_id, score, reasons, made_at)
SELECT first, second, score, reasons, %(now)s FROM found
ON CONFLICT (first_id, second_id) DO UPDATE SET score = excluded.score, reasons = excluded.reasons
WHERE (stored.score, stored.reasons) IS DISTINCT FROM (excluded.score, excluded.reasons)
"""

FORGET = """
DELETE FROM members_mergesuggestion stored
WHERE NOT EXISTS (SELECT FROM found WHERE found.first = stored.first_id AND found.second = stored.second_id)
"""

# What matching reads, in numbers that grow with every change.
SEEN = """
SELECT jsonb_build_object(
    'identity', (SELECT coalesce(max(id), 0) FROM members_identity),
    'former', (SELECT coalesce(max(id), 0) FROM members_formername),
    'change', (SELECT coalesce(max(id), 0) FROM members_memberchange),
    'different', (SELECT coalesce(max(id), 0) FROM members_differentpeople),
    'shared', (SELECT ARRAY[coalesce(max(id), 0), count(*)] FROM members_sharedname),
    'address', (SELECT ARRAY[coalesce(max(id), 0), count(*)] FROM account_emailaddress WHERE verified))
"""
