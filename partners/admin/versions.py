"""Weights and the rule in the admin: a draft, a look at what it would have done, and putting it into force."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import dashboard.admin  # noqa: F401 - registers WeightVersion, which this page replaces
from dashboard.models import Weight, WeightVersion
from dashboard.weights import PRESETS
from partners.models import RankingRule
from partners.services import versions
from partners.services.rankings import utc_today


class ActivateForm(forms.Form):
    """The day from which a draft is in force."""

    from_on = forms.DateField(label=gettext_lazy("In force from"), widget=forms.DateInput(attrs={"type": "date"}))


class VersionAdmin(admin.ModelAdmin):
    """Drafts can be edited; what is in force, or was, is to read. Activation asks on a page of its own."""

    change_form_template = "admin/partners/version/change_form.html"
    preview: Callable[..., list[versions.PreviewMonth]]
    activate: Callable[..., Any]

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview_view), name=f"{name}_preview"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and (obj is None or obj.is_draft)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and (obj is None or obj.is_draft)

    @admin.display(description=gettext_lazy("state"))
    def status(self, version: Any) -> str:
        if version.is_draft:
            return _("draft")
        return _("in force") if version.pk == self._current() else _("before") if self._is_past(version) else _("later")

    def _current(self) -> int | None:
        found = self.model._default_manager.in_force(utc_today()).first()
        return found.pk if found else None

    def _is_past(self, version: Any) -> bool:
        return version.from_on <= utc_today()

    def change_view(self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None) -> Any:
        version = self.get_object(request, object_id)
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_preview"
        extra = {"preview_url": reverse(name, args=[version.pk])} if version is not None and version.is_draft else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **extra})

    def preview_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Three months side by side, and the button that puts the draft into force."""
        version = get_object_or_404(self.model, pk=pk)
        detail = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[pk])
        if not self.has_change_permission(request, version):
            raise PermissionDenied
        form = ActivateForm(request.POST or None, initial={"from_on": versions.first_free_day()})
        if request.method == "POST" and form.is_valid() and self._activated(request, version, form):
            return HttpResponseRedirect(detail)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "form": form, "version": version}
        context |= {"months": type(self).preview(version, today=utc_today()), "detail": detail}
        context["title"] = _("Preview: %(name)s") % {"name": version}
        return TemplateResponse(request, "admin/partners/version/preview.html", context)

    def _activated(self, request: HttpRequest, version: Model, form: ActivateForm) -> bool:
        try:
            made = type(self).activate(version, from_on=form.cleaned_data["from_on"])
        except ValidationError as problem:
            form.add_error(None if not hasattr(problem, "error_dict") else "from_on", problem.messages)
            return False
        words = _("In force from %(day)s.") % {"day": made.from_on}
        self.log_change(request, made, words)
        messages.success(request, words)
        return True


class WeightInline(admin.TabularInline):
    model = Weight
    extra = 0

    def _may(self, obj: WeightVersion | None) -> bool:
        return obj is None or obj.is_draft

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and self._may(obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._may(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._may(obj)


class WeightVersionForm(forms.ModelForm):
    """A new draft, empty or with the rows of a preset."""

    preset = forms.ChoiceField(
        label=gettext_lazy("preset"),
        required=False,
        choices=[("", gettext_lazy("none")), *((key, preset.name) for key, preset in PRESETS.items())],
        help_text=gettext_lazy("Its weights are filled in when you add none yourself."),
    )

    class Meta:
        model = WeightVersion
        fields = ("name", "preset")


@admin.register(WeightVersion)
class WeightVersionAdmin(VersionAdmin):
    list_display = ["name", "preset", "from_on", "status"]
    form = WeightVersionForm
    fields = ["name", "preset"]
    inlines = [WeightInline]
    actions = ["copy_to_draft"]
    preview = staticmethod(versions.preview_weights)
    activate = staticmethod(lambda version, from_on: versions.activate_weights(version=version, from_on=from_on))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["preset"] if obj else []

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        versions.fill_from_preset(form.instance)

    @admin.action(description=gettext_lazy("Copy to a new draft"), permissions=["add"])
    def copy_to_draft(self, request: HttpRequest, queryset: Any) -> None:
        for version in queryset:
            draft = versions.copy_weights(version=version)
            self.log_addition(request, draft, _("Copied from %(version)s.") % {"version": version})
        messages.success(request, _("Copied. Drafts stand at the top of the list."))


@admin.register(RankingRule)
class RankingRuleAdmin(VersionAdmin):
    list_display = ["name", "preset", "months_needed", "from_on", "status"]
    fields = ["name", "preset", "months_needed"]
    preview = staticmethod(versions.preview_rule)
    activate = staticmethod(lambda version, from_on: versions.activate_rule(rule=version, from_on=from_on))
