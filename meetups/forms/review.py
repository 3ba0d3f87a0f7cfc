"""What the team says while it reviews an application: a verdict on one criterion, a line of the conversation."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetups.choices import capitalised
from meetups.models import CriterionVerdict
from meetups.services import conversation, verdicts

Verdict = CriterionVerdict.Verdict


class VerdictForm(forms.Form):
    """Met, not met, or waived with a reason."""

    verdict = forms.ChoiceField(
        label=gettext_lazy("Your verdict"),
        choices=capitalised(Verdict.choices),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose one of the three.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        required=False,
        max_length=verdicts.LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 40}),
        help_text=gettext_lazy("Needed to waive. The organisers read it."),
    )

    def clean(self) -> dict[str, object]:
        data = super().clean() or {}
        if data.get("verdict") == Verdict.WAIVED and "reason" in data and not data["reason"].strip():
            self.add_error("reason", ValidationError(_("Say why this criterion is waived.")))
        return data


class CommentForm(forms.Form):
    """A line: to the organisers, or for the team alone; which one is the form's own address."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=conversation.LONGEST,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        error_messages={"required": gettext_lazy("Write something first.")},
    )
