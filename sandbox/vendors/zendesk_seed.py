"""Who is in the sandbox's Zendesk."""

from typing import Any

EMAIL = "desk@example.com"
DESK = 9001

Record = dict[str, Any]


def users() -> list[Record]:
    """Customers, the desk and an agent."""
    people = [
        (101, "Erika Mustermann", "erika@acme.example", "end-user", 201),
        (102, "Juan Pérez", "juan@acme.example", "end-user", 201),
        (103, "Jane Doe", "jane@example.org", "end-user", None),
        (104, "Sam Lee", "sam@digital.example", "end-user", 202),
        (DESK, "Escalation Desk", EMAIL, "agent", None),
        (DESK + 1, "Alice Agent", "alice@example.com", "agent", None),
    ]
    keys = ("id", "name", "email", "role", "organization_id")
    return [dict(zip(keys, person, strict=True)) for person in people]


def organizations() -> list[Record]:
    """Whose customers they are."""
    names = {201: "ACME", 202: "DigitalOcean Support"}
    fields = {201: {"am_project_id": "278969", "plan": "Ultimate"}, 202: {"am_project_id": None, "plan": None}}
    return [
        {
            "id": one,
            "name": name,
            "external_id": f"001Sx0000000{one}AAA",
            "domain_names": [],
            "tags": [],
            "organization_fields": fields[one],
        }
        for one, name in names.items()
    ]
