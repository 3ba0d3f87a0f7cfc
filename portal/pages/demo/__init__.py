"""The demo community: invented people, companies, groups and a year of what they did."""
