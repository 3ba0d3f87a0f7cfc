"""What the kept member of a merge takes over from the other, and how it is taken back."""

from typing import Any

from portal.members.models import FormerName, Identity, Member, Merge

#: What the kept member takes over where it has nothing itself and no human emptied it.
_PROFILE = ("name", "handle", "about", "place_id", "languages", "skills")
#: The fields that `fill` may change.
FILLED = [*(field.removesuffix("_id") for field in _PROFILE), "visibility", "bot_state", "by_hand"]


def fill(kept: Member, gone: Member) -> dict[str, list[Any]]:
    """Fill the blanks of `kept`, not saved yet; returns {field: [value before, value after]}.

    Who did not want to be named is not named after a merge either; and what a human said of the other being a bot or
    not stays said.
    """
    changed = {
        field: [getattr(kept, field), getattr(gone, field)]
        for field in _PROFILE
        if getattr(gone, field) and not getattr(kept, field) and _plain(field) not in kept.by_hand
    }
    hidden = Member.Visibility.HIDDEN
    if gone.visibility == hidden != kept.visibility and "visibility" not in kept.by_hand:
        changed["visibility"] = [kept.visibility, hidden]
    if "bot_state" in gone.by_hand and "bot_state" not in kept.by_hand and kept.bot_state != gone.bot_state:
        changed["bot_state"] = [kept.bot_state, gone.bot_state]
    taken = {_plain(field) for field in changed}
    if words := [field for field in gone.by_hand if field in taken]:
        changed["by_hand"] = [kept.by_hand, [*kept.by_hand, *words]]
    for field, (_before, after) in changed.items():
        setattr(kept, field, after)
    return changed


def save_filled(kept: Member) -> None:
    """Write what `fill` may have changed."""
    kept.save(update_fields=FILLED)


def unfill(kept: Member, merge: Merge) -> None:
    """Take back what the merge filled, unless a human wrote something else there since; saved."""
    renamed = set(Identity.objects.filter(pk__in=merge.identity_ids).values_list("username", flat=True))
    for field, (before, after) in merge.restore.get("kept", {}).items():
        now = getattr(kept, field)
        # A handle that came with an identity was renamed with it by an import.
        if now == after or (field == "handle" and now in {name[:80] for name in renamed} and now):
            setattr(kept, field, before)
    before = merge.restore.get("bot_state", kept.bot_state)
    if "bot_state" not in kept.by_hand and not kept.identities.filter(is_bot_hint=True).exists():
        kept.bot_state = before
    save_filled(kept)


def follow_names(gone: Member) -> None:
    """What imports would have written of a member that was merged meanwhile: new handle, hints of a bot; not saved."""
    if gone.user_id is None and "handle" not in gone.by_hand:
        former = FormerName.objects.filter(identity__member=gone, username=gone.handle).select_related("identity")
        if gone.handle and (renamed := former.first()):
            gone.handle = renamed.identity.username[:80]
    is_unknown = gone.bot_state == Member.BotState.UNKNOWN and "bot_state" not in gone.by_hand
    if is_unknown and gone.identities.filter(is_bot_hint=True).exists():
        gone.bot_state = Member.BotState.BOT


def _plain(field: str) -> str:
    return field.removesuffix("_id")
