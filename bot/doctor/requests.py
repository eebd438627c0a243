"""What requests to Support Operations need in the tracker and the ticket system."""

from collections.abc import Mapping
from typing import Final

from bot.clients.gitlab import GitLab
from bot.clients.gitlab_reader import GitLabReader
from bot.clients.zendesk import Zendesk, vendor_name
from bot.doctor.findings import Findings
from workflows.contract.errors import NotFound
from workflows.policy.model import Policy
from workflows.policy.request import IssueForm, MergeRequestPolicy
from workflows.request.template import Answer, fill

DEVELOPER: Final = 30
"""The least role in GitLab that may make branches and merge requests."""


def forms(clients: Mapping[str, Zendesk], policy: Policy, findings: Findings) -> None:
    """Whether each account has the form by which Support Operations finds tickets."""
    wanted = policy.request.portal.form
    for account in policy.tickets.accounts:
        client = clients.get(account)
        if client is None:
            continue
        part = f"{vendor_name(account)} form {wanted}"
        with findings.check(part, "Correct request.portal.form in the policy: the form's exact name."):
            if client.has_form(wanted):
                findings.ok(part, "It is there.")
            else:
                remedy = "Correct request.portal.form in the policy: the form's exact name."
                findings.failed(part, "There is no form of this name.", remedy)


class RequestDoctor:
    """Asks GitLab about templates, stages and where merge requests are drafted."""

    def __init__(self, client: GitLab, policy: Policy, findings: Findings) -> None:
        self.client = client
        self.reader = GitLabReader(client)
        self.policy = policy.request
        self.findings = findings

    def look(self) -> None:
        """The templates and their headings, the labels of the stages, the projects of merge requests."""
        for form in (self.policy.bug, self.policy.feature, self.policy.rfc):
            if form.template is not None:
                self._template(form, form.template)
        self._stages()
        for item in self.policy.self_service.values():
            if item.merge_request is not None:
                self._merge_requests(item.merge_request)

    def _template(self, form: IssueForm, name: str) -> None:
        part = f"issue template {name} of {form.project}"
        remedy = "Correct the template or the headings of its fields in the policy."
        with self.findings.check(part, remedy):
            try:
                text = self.reader.template(form.project, name).text
            except NotFound:
                self.findings.failed(part, "There is none of this name.", remedy)
                return
            missing = fill(text, [Answer(field.heading, "") for field in form.fields.values()]).missing
            if missing:
                self.findings.failed(part, f"It has no heading {', '.join(missing)}.", remedy)
            else:
                self.findings.ok(part, f"It has all {len(form.fields)} headings.")

    def _stages(self) -> None:
        project = self.policy.bug.project
        part = f"stages in {project}"
        with self.findings.check(part, "Correct request.stages in the policy."):
            missing = [label for label in self.policy.stages if not self.client.has_label(project, label)]
            if missing:
                remedy = "Correct request.stages in the policy: the labels by which a request's stage is shown."
                self.findings.failed(part, f"There is no label {', '.join(missing)}.", remedy)
            else:
                self.findings.ok(part, f"All {len(self.policy.stages)} labels are there.")

    def _merge_requests(self, wanted: MergeRequestPolicy) -> None:
        part = f"merge requests in {wanted.project}"
        with self.findings.check(part, "Correct the project in the policy."):
            if self.client.project(wanted.project).access_level < DEVELOPER:
                remedy = "Give the token's user the role Developer there, or set merge_request to null in the policy."
                self.findings.failed(part, "The token may not make branches there.", remedy)
                return
            unknown = [name for name in wanted.approvers if self.client.user(name) is None]
            if unknown:
                self.findings.failed(part, f"GitLab knows nobody called {', '.join(unknown)}.", "Correct `approvers`.")
            else:
                self.findings.ok(part, "The token may draft them.")
