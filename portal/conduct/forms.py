"""What a report asks, and what the team writes beside it."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.conduct import spam, subjects, team
from portal.conduct.models import LINE_LIMIT, TEXT_LIMIT
from portal.members.models import Member

NUL = "\x00"


class TextField(forms.CharField):
    """Text that says how much too long it is. The browser is not told the limit: it would cut what is pasted in."""

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit
        self.validators = [v for v in self.validators if not isinstance(v, ProhibitNullCharactersValidator)]

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")

    def validate(self, value: str) -> None:
        super().validate(value)
        if NUL in value:
            raise ValidationError(_("There are characters in here that cannot be kept. Type this part again."))
        over = len(value) - self.limit
        if over > 0:
            text = ngettext(
                "This is %(over)s character too long: %(limit)s fit in.",
                "This is %(over)s characters too long: %(limit)s fit in.",
                over,
            )
            raise ValidationError(text % {"over": over, "limit": self.limit})


class TeamMemberField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, member: Member) -> str:
        return member.display_name


class ReportForm(forms.Form):
    """A report. `website` is a trap that people do not see; `opened` says when the page was handed out."""

    what_happened = TextField(
        limit=TEXT_LIMIT,
        label=gettext_lazy("What happened?"),
        help_text=gettext_lazy("In your own words, in any language. A few sentences are enough."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Write what happened; one sentence is enough.")},
    )
    when_where = TextField(
        limit=LINE_LIMIT,
        required=False,
        label=gettext_lazy("When and where?"),
        help_text=gettext_lazy("As well as you remember: a date, a room, a channel."),
    )
    subject_label = TextField(
        limit=LINE_LIMIT,
        required=False,
        label=gettext_lazy("Who or what is it about?"),
        help_text=gettext_lazy("Names or handles, if you know them."),
    )
    subject_url = TextField(
        limit=LINE_LIMIT,
        required=False,
        label=gettext_lazy("Page on this site"),
        help_text=gettext_lazy(
            "Such as the page of the group or the event. Empty it if it has nothing to do with this."
        ),
    )
    contact = TextField(
        limit=LINE_LIMIT,
        required=False,
        label=gettext_lazy("How can we reach you?"),
        help_text=gettext_lazy(
            "An e-mail address or another way. Leave it empty and we cannot ask back or tell you the end."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    keep_out = TeamMemberField(
        queryset=Member.objects.none(),
        required=False,
        label=gettext_lazy("Who of the team must not read this?"),
        help_text=gettext_lazy(
            "Tick everybody it is about or who is close to them. For them this report will not exist."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    is_anonymous = forms.BooleanField(
        required=False,
        label=gettext_lazy("Send without my name"),
        help_text=gettext_lazy("Then nothing that we keep leads to your account."),
    )
    website = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )
    opened = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, now: datetime, has_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        self.fields["keep_out"].queryset = named_in_team()  # type: ignore[attr-defined]
        if not self.fields["keep_out"].queryset.exists():  # type: ignore[attr-defined]
            del self.fields["keep_out"]
        if not has_account:
            del self.fields["is_anonymous"]

    @property
    def asked(self) -> list[forms.BoundField]:
        """The fields that people see."""
        return [self[name] for name in self.fields if name not in {"website", "opened"}]

    def clean_subject_url(self) -> str:
        text = self.cleaned_data["subject_url"].strip()
        path = subjects.local_path(text, site_url=settings.SITE_URL)
        if text and not path:
            raise ValidationError(
                _(
                    "This is no page of this site: such a path begins with “/”."
                    " Write other addresses under “What happened?”."
                )
            )
        return path

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        again = _("Nothing is lost: look it over and send it once more.")
        seconds = spam.seconds_open(values.get("opened") or "", now=self.now)
        if values.get("website"):
            self.add_error(None, f"{_('A field that people do not see was filled in, by a program perhaps.')} {again}")
        elif seconds is None:
            self.add_error(None, f"{_('This page was open for very long.')} {again}")
        elif seconds < spam.FASTEST_SECONDS:
            self.add_error(None, f"{_('That was faster than people type.')} {again}")
        if self.errors:
            self._renew(values, is_stale=seconds is None)
        return values

    def _renew(self, values: dict[str, Any], *, is_stale: bool) -> None:
        """What is shown again has an empty trap, a stamp that counts, and no bytes that a page cannot hold."""
        data: QueryDict = self.data.copy()  # type: ignore[attr-defined]
        for name in data:
            data.setlist(name, [text.replace(NUL, "") for text in data.getlist(name)])
        data[self.add_prefix("website")] = ""
        if is_stale:
            data[self.add_prefix("opened")] = spam.opened_stamp(self.now)
        self.data = data


def named_in_team() -> Any:
    """Members of the team whom a page may name."""
    named = Member.objects.people().exclude(visibility=Member.Visibility.HIDDEN)
    return named.filter(user__in=team.team()).order_by("name", "handle")


class NoteForm(forms.Form):
    """A note of the team, alone."""

    text = TextField(limit=TEXT_LIMIT, label=gettext_lazy("Note"), widget=forms.Textarea(attrs={"rows": 4, "cols": 80}))


class MoveForm(forms.Form):
    """The note that goes with a move, and the state the reader saw."""

    text = TextField(
        limit=TEXT_LIMIT,
        required=False,
        label=gettext_lazy("Why, for the team"),
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
    )
    to = forms.CharField(widget=forms.HiddenInput)
    expected = forms.CharField(widget=forms.HiddenInput)


class NameForm(forms.Form):
    """Somebody who is to be kept out, by handle or by the last part of their profile's address."""

    who = TextField(limit=80, label=gettext_lazy("Handle, or the end of the address of their profile"))

    def clean_who(self) -> Member:
        text = self.cleaned_data["who"].strip().lstrip("@")
        found = list(Member.objects.people().filter(public_id=text)[:1]) or list(
            Member.objects.people().filter(handle__iexact=text)[:2]
        )
        if not found:
            raise ValidationError(_("Nobody here is called that. The address of a profile always works."))
        if len(found) > 1:
            raise ValidationError(_("Several people are called that: use the end of the address of their profile."))
        return found[0]
