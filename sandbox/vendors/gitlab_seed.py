"""What the sandbox's GitLab starts with."""

from typing import Any

_REASONS = (
    "customer-resolved",
    "docs-new-issue",
    "docs-not-helpful",
    "known-issue",
    "product-new-issue",
    "missing-info-from-customer",
    "missing-info-by-engineer",
    "outside-support",
    "process-confusing-customer",
    "process-engineer-not-followed",
    "process-does-not-exist",
    "process-sfdc",
    "soft-skills",
    "technical-skills-engineer",
    "technical-skills-customer",
)
SUPPORT_OPS = "gitlab-com/gl-security/corp/cust-support-ops/issue-tracker"
TEAM = "gitlab-com/support/team"

LABELS = {
    "satisfaction::bad",
    "SSAT::Contact",
    "ssat-manager-contacted-customer",
    *(f"feedback::{reason}" for reason in _REASONS),
    *(f"Stage::{stage}" for stage in ("Triage", "Planning", "Development", "Blocked", "Validation", "Deployed")),
    *(f"severity::{number}" for number in range(1, 5)),
    "Self-Service",
}
"""Labels that no issue has yet."""


def people() -> list[dict[str, Any]]:
    """The people besides the desk."""
    names = {
        "maria": "María García",
        "omar": "Omar Haddad",
        "alice": "Alice Agent",
        "bob": "Bob Builder",
        "marco": "Marco Mori",
    }
    return [
        {"id": number, "username": username, "name": name, "state": "active"}
        for number, (username, name) in enumerate(names.items(), start=2)
    ]


def paths() -> list[str]:
    """The paths of the projects that are there."""
    return [
        "gitlab-org/gitlab",
        "gitlab-com/support/feedback",
        "gitlab-com/support/support-team-meta",
        SUPPORT_OPS,
        TEAM,
        "gitlab-com/account-management/acme-collaboration",
        "gitlab-org/gitlab-runner",
    ]


def templates() -> dict[str, dict[str, str]]:
    """The issue templates, by project and name."""
    bug = """<!-- Thank you for reporting! -->
### Summary

### Steps to reproduce

<!-- How one can reproduce the issue. This is very important. -->

### What is the current *bug* behavior?

### What is the expected *correct* behavior?

### Severity

/label ~"SupportOps::Bug"
"""
    feature = '### Business need\n\n### Expected outcome\n\n### Size\n\n/label ~"SupportOps::Feature"\n'
    rfc = "## Problem\n\n## Proposal\n"
    return {SUPPORT_OPS: {"Bug": bug, "Feature": feature}, "gitlab-com/support/support-team-meta": {"RFC": rfc}}


def files() -> dict[str, dict[str, str]]:
    """The files of the projects that have some, by project and path."""
    team = "- name: Alice Archer\n  focus: [runner]\n  hours: 40\n- name: Adam Abara\n  focus: [runner]\n  hours: 40\n"
    return {TEAM: {"data/support-team.yml": team, "data/areas-of-focus.yml": "runner: {lead: maria}\n"}}


def issues() -> list[tuple[str, str, str, list[str]]]:
    """The issues that exist: project, title, description, labels."""
    product = "gitlab-org/gitlab"
    feature, bug = ["type::feature"], ["type::bug"]
    return [
        (product, "Runner times out when cloning a large repository", "The job stops after an hour.", bug),
        (product, "Dark mode for the whole interface", "The bright page hurts at night.", feature),
        (product, "Pipeline schedules do not start after the owner left", "They stay inactive.", bug),
        (product, "Let a pipeline schedule run as a service account", "Owners leave.", feature),
        (product, "Runner autoscaling: shorter time-out for idle machines", "Idle machines cost.", feature),
        (product, "Merge request approvals by label", "Rules for each label.", feature),
        (product, "Search finds nothing in a group wiki", "Since the last release.", bug),
        ("gitlab-com/support/feedback", "Positive feedback for ticket 123400", "Well done.", ["satisfaction::good"]),
        ("gitlab-com/support/support-team-meta", "Write down how we hand over tickets", "", []),
    ]
