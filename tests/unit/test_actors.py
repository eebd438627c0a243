"""Who did it, as timelines and cards name them."""

import pytest

from tests.policies import company_policy
from workflows.contract.actors import in_system, who


@pytest.mark.parametrize(
    ("actor", "shown"),
    [
        ("U0ADA", "<@U0ADA>"),
        ("desk", "desk"),
        ("tickets", "Desk & Co"),
        (in_system("tracker", "Ada (she)"), "Ada (she) (GitLab)"),
        (in_system("pager", "<!here>"), "&lt;!here&gt; (PagerDuty)"),
        ("alice, who pages (pager", "alice, who pages (pager"),
        ("trackers", "trackers"),
    ],
)
def test_systems_have_the_names_the_policy_gives_them(actor: str, shown: str) -> None:
    """People in Slack are mentioned; anybody else is named, and can call nobody."""
    policy = company_policy()
    vendors = policy.vendors.model_copy(update={"tickets": "Desk & Co"})
    assert who(actor, policy.model_copy(update={"vendors": vendors})) == shown.replace("Desk &", "Desk &amp;")
