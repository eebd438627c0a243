"""What a person sees who follows a link to a vendor: the record as it is, on a plain page."""

from collections.abc import Mapping
from html import escape
from typing import Any

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from sandbox.vendors.base import Refusal
from sandbox.vendors.gitlab import GitLab
from sandbox.vendors.pagerduty import PagerDuty
from sandbox.vendors.salesforce import Salesforce
from sandbox.vendors.zendesk import Zendesk

Record = Mapping[str, Any]


class Pages:
    """Tickets, issues and incidents to look at."""

    def __init__(self, zendesk: Zendesk, gitlab: GitLab, pagerduty: PagerDuty, salesforce: Salesforce) -> None:
        self.zendesk = zendesk
        self.gitlab = gitlab
        self.pagerduty = pagerduty
        self.salesforce = salesforce
        self.router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        for address in ("/agent/tickets/{ticket}", "/tickets/{ticket}", "/hc/requests/{ticket}"):
            self.router.get("/vendors/zendesk" + address)(self.ticket)
        self.router.get("/vendors/gitlab/{project:path}/-/issues/new")(self.new_issue)
        self.router.get("/vendors/gitlab/{project:path}/-/issues/{number}")(self.issue)
        self.router.get("/vendors/zendesk/agent/organizations/{organization}/tickets")(self.organization)
        self.router.get("/vendors/salesforce/lightning/r/{table}/{key}/view")(self.account)
        self.router.get("/vendors/gitlab/{project:path}/-/merge_requests/{number}")(self.merge_request)
        self.router.get("/vendors/pagerduty-web/incidents/{incident}")(self.incident)

    async def ticket(self, ticket: int) -> str:
        """Show a ticket with its comments."""
        found = _found(self.zendesk.tickets.get(ticket))
        said = [
            f"{'public' if comment['public'] else 'internal note'}: {comment['body']}"
            for comment in self.zendesk.comments[ticket]
        ]
        return _page(f"Zendesk: ticket {ticket}", found, said)

    async def new_issue(self, project: str) -> str:
        """Show where a person would open an issue."""
        return _page(f"GitLab: a new issue in {project}", {}, ["Here a person would open an issue."])

    async def issue(self, project: str, number: int) -> str:
        """Show an issue with its notes."""
        try:
            found = self.gitlab.issue(project, number)
        except Refusal:
            raise HTTPException(404) from None
        return _page(f"GitLab: {project}#{number}", found, [note["body"] for note in self.gitlab.notes[found["id"]]])

    async def organization(self, organization: int) -> str:
        """Show an organisation with its tickets."""
        found = _found(self.zendesk.organizations.get(organization))
        own = [one for one in self.zendesk.tickets.values() if one["organization_id"] == organization]
        return _page(f"Zendesk: {found['name']}", found, [f"#{one['id']} {one['subject']}" for one in own])

    async def account(self, table: str, key: str) -> str:
        """Show an account, or a case."""
        found = (one for one in self.salesforce.tables.get(table, ()) if one["Id"] == key)
        return _page(f"Salesforce: {table} {key}", _found(next(found, None)), [])

    async def merge_request(self, project: str, number: int) -> str:
        """Show a merge request."""
        found = next(
            (one for one in self.gitlab.repository.merge_requests.get(project, []) if one["iid"] == number), None
        )
        return _page(f"GitLab: {project}!{number}", _found(found), [])

    async def incident(self, incident: str) -> str:
        """Show an incident."""
        found = next((one for one in self.pagerduty.incidents if one["id"] == incident), None)
        return _page(f"PagerDuty: incident {incident}", _found(found), [])


def _found(record: Record | None) -> Record:
    if record is None:
        raise HTTPException(404)
    return record


def _page(title: str, record: Record, said: list[str]) -> str:
    rows = "".join(
        f"<tr><th align=left valign=top>{escape(key)}<td><pre>{escape(str(value))}</pre>"
        for key, value in record.items()
    )
    texts = "".join(f"<hr><pre>{escape(text)}</pre>" for text in said)
    head = f"<!doctype html><html lang=en><meta charset=utf-8><title>{escape(title)}</title>"
    return f"{head}<body style='font-family: sans-serif'><h1>{escape(title)}</h1><table>{rows}</table>{texts}"
