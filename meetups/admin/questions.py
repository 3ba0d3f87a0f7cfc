"""Pages of the admin that ask once more: a form, a button, and a service that answers with a sentence."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse

from portal.jobs.transitions import MoveRefused


class ReasonForm(forms.Form):
    reason = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 4, "cols": 80}))

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, be it empty; a form without fields would take an empty POST for none."""
    return request.POST if request.method == "POST" else None


def ask(
    model_admin: admin.ModelAdmin,
    request: HttpRequest,
    *,
    title: str,
    text: str,
    detail: str,
    form: forms.Form,
    verb: Callable[[], str],
) -> HttpResponse:
    """Show the question; on POST with a good form call `verb`, whose words or refusal are shown on `detail`."""
    if request.method == "POST" and form.is_valid():
        try:
            said = verb()
        except MoveRefused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, said)
        return HttpResponseRedirect(detail)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.model._meta,
        "title": title,
        "text": text,
        "detail": detail,
        "form": form,
    }
    return TemplateResponse(request, "admin/meetups/question.html", context)
