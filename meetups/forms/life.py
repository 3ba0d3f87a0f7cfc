"""What people say when they step up, leave, close or answer, and which mail they want."""

from django import forms
from django.utils.translation import gettext_lazy

from meetups.models import GroupMembership


class StepUpForm(forms.Form):
    """A short note, and the promises."""

    note = forms.CharField(
        label=gettext_lazy("Why you?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("Two sentences will do: who you are, and what you would like to begin with."),
        error_messages={"required": gettext_lazy("Say in a sentence or two why you would like to run this group.")},
    )
    agree = forms.BooleanField(
        label=gettext_lazy("I have read the six promises and the Code of Conduct, and I will keep them."),
        error_messages={"required": gettext_lazy("To run a group you need to accept the promises: tick the box.")},
    )


class AnswerForm(forms.Form):
    """An optional word to who asked."""

    note = forms.CharField(
        label=gettext_lazy("A few words to who asked"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("They read this in their mail."),
    )


class LeaveForm(forms.Form):
    """An organiser leaves; why is their own business."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("Only the community team reads this."),
    )


class RemoveForm(forms.Form):
    """An organiser who is gone is taken off the list."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("The person reads this in their mail."),
        error_messages={"required": gettext_lazy("Say why, in a sentence the person reads.")},
    )


class CloseForm(forms.Form):
    """Organisers close their group."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=300,
        help_text=gettext_lazy("The members read this in their mail."),
        error_messages={"required": gettext_lazy("Say why: it stands in the history of the group.")},
    )


class KeeperForm(forms.Form):
    """The team suspends, restores or archives."""

    reason = forms.CharField(
        label=gettext_lazy("Why?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text=gettext_lazy(
            "The organisers read this in their mail, and it stands in the history. "
            "Leave out what was told in confidence."
        ),
    )


class MailChoicesForm(forms.ModelForm):
    """What a member wants to hear of a group."""

    class Meta:
        model = GroupMembership
        fields = ["hears_of_dates", "hears_of_changes", "hears_of_life"]
