"""What is asked of GitHub's GraphQL: each query as small as its page allows.

The cost of a call is the number of connections it may open, divided by 100 and rounded, at least 1: it goes by what is
asked for, not by what there is. The sizes below keep a page at one point (changes, commits) or four (discussions).
"""

from typing import Final

CHANGES_PER_CALL: Final = 50
#: While history is read, half the calls at the same points.
OLD_CHANGES_PER_CALL: Final = 100
DISCUSSIONS_PER_CALL: Final = 20
COMMITS_PER_CALL: Final = 100
MORE_PER_CALL: Final = 100
IDS_PER_CALL: Final = 100
#: Their replies are a connection for each comment.
MORE_COMMENTS_PER_CALL: Final = 50

_ACCOUNT = """
fragment account on Actor {
  __typename login url
  ... on User { databaseId name company location }
  ... on Bot { databaseId }
  ... on Mannequin { databaseId }
  ... on Organization { databaseId }
}
"""
_REVIEW = """
fragment review on PullRequestReview {
  databaseId fullDatabaseId state submittedAt updatedAt url author { ...account }
}
"""
_REPLY = """
fragment reply on DiscussionComment {
  id databaseId url createdAt updatedAt deletedAt isAnswer author { ...account }
}
"""
_HEAD = "query($owner: String!, $name: String!, $first: Int!, $after: String"
_QUOTA = "rateLimit { cost remaining resetAt }"
_PLACE = "pageInfo { hasNextPage endCursor }"
_REPOSITORY = "repository(owner: $owner, name: $name)"

CHANGES: Final = f"""{_HEAD}) {{
  {_QUOTA}
  {_REPOSITORY} {{
    databaseId
    pullRequests(first: $first, after: $after, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
      {_PLACE}
      nodes {{
        id databaseId fullDatabaseId number title state url createdAt updatedAt closedAt mergedAt additions deletions
        author {{ ...account }}
        mergedBy {{ ...account }}
        labels(first: 20) {{ nodes {{ name }} }}
        reviews(first: 50) {{ {_PLACE} nodes {{ ...review }} }}
      }}
    }}
  }}
}}{_ACCOUNT}{_REVIEW}"""

MORE_REVIEWS: Final = f"""{_HEAD}, $number: Int!) {{
  {_QUOTA}
  {_REPOSITORY} {{
    databaseId
    pullRequest(number: $number) {{ reviews(first: $first, after: $after) {{ {_PLACE} nodes {{ ...review }} }} }}
  }}
}}{_ACCOUNT}{_REVIEW}"""

DISCUSSIONS: Final = f"""{_HEAD}) {{
  {_QUOTA}
  {_REPOSITORY} {{
    databaseId
    discussions(first: $first, after: $after, orderBy: {{field: UPDATED_AT, direction: DESC}}) {{
      {_PLACE}
      nodes {{
        databaseId number title url createdAt updatedAt answerChosenAt
        author {{ ...account }}
        comments(first: 20) {{
          {_PLACE}
          nodes {{ ...reply replies(first: 20) {{ {_PLACE} nodes {{ ...reply }} }} }}
        }}
      }}
    }}
  }}
}}{_ACCOUNT}{_REPLY}"""

MORE_COMMENTS: Final = f"""{_HEAD}, $number: Int!) {{
  {_QUOTA}
  {_REPOSITORY} {{
    databaseId
    discussion(number: $number) {{
      comments(first: $first, after: $after) {{
        {_PLACE}
        nodes {{ ...reply replies(first: 20) {{ {_PLACE} nodes {{ ...reply }} }} }}
      }}
    }}
  }}
}}{_ACCOUNT}{_REPLY}"""

MORE_REPLIES: Final = f"""query($id: ID!, $first: Int!, $after: String) {{
  {_QUOTA}
  node(id: $id) {{
    ... on DiscussionComment {{ replies(first: $first, after: $after) {{ {_PLACE} nodes {{ ...reply }} }} }}
  }}
}}{_ACCOUNT}{_REPLY}"""

#: Discussions by the day they were started, to see which are still there.
DISCUSSION_IDS: Final = f"""{_HEAD}) {{
  {_QUOTA}
  {_REPOSITORY} {{
    databaseId
    discussions(first: $first, after: $after, orderBy: {{field: CREATED_AT, direction: DESC}}) {{
      {_PLACE}
      nodes {{ databaseId createdAt }}
    }}
  }}
}}"""

#: One discussion, to see whether it is still there.
DISCUSSION: Final = f"""query($owner: String!, $name: String!, $number: Int!) {{
  {_QUOTA}
  {_REPOSITORY} {{ databaseId discussion(number: $number) {{ databaseId }} }}
}}"""

COMMITS: Final = f"""{_HEAD}, $since: GitTimestamp) {{
  {_QUOTA}
  {_REPOSITORY} {{
    databaseId
    defaultBranchRef {{
      target {{
        ... on Commit {{
          history(first: $first, after: $after, since: $since) {{
            {_PLACE}
            nodes {{
              oid messageHeadline committedDate url
              author {{ name email user {{ __typename login databaseId url }} }}
              associatedPullRequests(first: 1) {{ totalCount }}
            }}
          }}
        }}
      }}
    }}
  }}
}}"""
