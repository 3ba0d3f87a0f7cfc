"""Fields: label, hint, control and error belong together for eyes and for screen readers."""

from django import forms
from django.template import Context, Template


class RoomForm(forms.Form):
    name = forms.CharField(label="Name", help_text="As on the door")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "Library"), ("b", "Office")])
    access = forms.MultipleChoiceField(
        label="Access", widget=forms.CheckboxSelectMultiple, choices=[("s", "Step-free")], required=False
    )
    agree = forms.BooleanField(label="Agreed")
    token = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("The house is closed.")


def drawn(source: str, form: forms.Form) -> str:
    return " ".join(Template("{% load ui %}" + source).render(Context({"form": form})).split())


def test_field_ties_label_and_hint_to_the_control():
    html = drawn("{% field form.name %}", RoomForm())
    assert '<label class="field__label" for="id_name">Name </label>' in html
    assert 'id="id_name_helptext">As on the door</div>' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert "aria-invalid" not in html


def test_field_in_error_says_so_to_everyone():
    html = drawn("{% field form.name %}", RoomForm({}))
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'class="field__error" id="id_name_error"' in html
    assert "field--error" in html
    assert "<li>This field is required.</li>" in html


def test_field_keeps_and_escapes_what_was_typed():
    assert 'value="&quot;&gt;&lt;b&gt;"' in drawn("{% field form.name %}", RoomForm({"name": '"><b>'}))


def test_choices_are_tiles_in_a_fieldset():
    html = drawn("{% field form.kind %}", RoomForm({"kind": "b"}))
    assert html.count('<label class="choice"') == 2
    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count("checked") == 1


def test_optional_fields_are_marked():
    assert "(if you like)" in drawn("{% field form.access %}", RoomForm())
    assert "(if you like)" not in drawn("{% field form.name %}", RoomForm())


def test_hidden_field_has_no_label():
    assert drawn("{% field form.token %}", RoomForm()) == '<input type="hidden" name="token" id="id_token">'


def test_error_summary_links_each_error_to_its_field():
    html = drawn("{% error_summary form %}", RoomForm({}))
    assert "4 things to put right" in html
    assert [target in html for target in ('href="#id_name"', 'href="#id_kind"', 'href="#id_agree"')] == [True] * 3
    assert "The house is closed." in html


def test_error_summary_of_a_clean_form_is_nothing():
    assert drawn("{% error_summary form %}", RoomForm()) == ""


def test_whole_form_is_drawn_by_the_same_fields():
    html = drawn("{{ form }}", RoomForm({}))
    assert html.count('class="field field--error"') == 3
    assert 'type="hidden" name="token"' in html
    assert "error-summary" in html
