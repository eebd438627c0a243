"""Whose people the desk takes for its own, by what Slack's payloads say themselves."""

from typing import Any, cast

import pytest

from handlers.kit.context import Desk
from tests.integration.engine.workspace import FakeSlack


@pytest.mark.parametrize(
    ("payload", "is_outsider"),
    [
        ({"user": {"id": "U1"}}, False),
        ({"user": {"id": "U1", "team_id": "T0OWN"}, "team": {"id": "T0OWN"}}, False),
        ({"user": {"id": "U1", "team_id": "T0PARTNER"}, "team": {"id": "T0OWN"}}, True),
        ({"user": {"id": "U1"}, "team": {"id": "T0PARTNER"}, "enterprise": None}, True),
        ({"user": {"id": "U1", "team_id": "T0SISTER"}, "enterprise": {"id": "E0OWN"}}, False),
        ({"user": {"id": "U1", "team_id": "T0OTHER"}, "enterprise": {"id": "E0OTHER"}}, True),
        ({"user_id": "U1", "team_id": "T0OWN"}, False),
        ({"user_id": "U1", "team_id": "T0PARTNER", "enterprise_id": "E0PARTNER"}, True),
        ({"user_id": "U1", "team_id": "T0SISTER", "enterprise_id": "E0OWN"}, False),
    ],
)
def test_who_comes_from_elsewhere_is_an_outsider(payload: dict[str, Any], *, is_outsider: bool) -> None:
    """Whatever Slack says of the person: the payload's own team and organisation count."""
    nothing = cast("Any", None)
    desk = Desk(nothing, nothing, nothing, FakeSlack(), nothing)
    assert desk.outsider(payload) is is_outsider
    assert desk.may_read(payload) is not is_outsider
