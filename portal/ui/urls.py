"""Cover art, colours, style guide."""

app_name = "ui"
urlpatterns: list = []
