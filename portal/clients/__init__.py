"""One HTTP client per outside service: endpoints, paging, limits and error shapes; knows no model and no settings."""
