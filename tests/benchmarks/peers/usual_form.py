"""The field's usual form: Bolt's built-in Socket Mode, 86 listeners, and a row saved by SQLModel before the answer."""

import os
from datetime import UTC, datetime

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from sqlmodel import Field, Session, SQLModel, create_engine

LISTENERS = 86


class Contact(SQLModel, table=True):
    """A request for contact."""

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(index=True)
    why: str
    reporter: str = Field(index=True)
    channel: str
    status: str = "open"
    created_at: datetime
    updated_at: datetime


def main() -> None:
    """Run until killed."""
    client = WebClient("xoxb-bench", base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, signing_secret="bench", token_verification_enabled=False)
    engine = create_engine(os.environ["DATABASE_URL"])
    SQLModel.metadata.create_all(engine)

    def others(numbers: range) -> None:
        for number in numbers:
            (app.action, app.view, app.command, app.event)[number % 4](f"other_{number}")(lambda ack: ack())

    others(range(LISTENERS // 2))

    @app.command("/manager-contact")
    def contact(ack: Ack, command: dict[str, str]) -> None:
        ticket, _, why = command["text"].partition(" ")
        now = datetime.now(UTC)
        with Session(engine) as session:
            row = Contact(
                ticket=int(ticket),
                why=why,
                reporter=command["user_id"],
                channel=command["channel_id"],
                created_at=now,
                updated_at=now,
            )
            session.add(row)
            session.commit()
            session.refresh(row)
        ack(f"MC-{row.id}")

    others(range(LISTENERS // 2, LISTENERS - 1))
    SocketModeHandler(app, "xapp-bench", web_client=client).start()  # type: ignore[no-untyped-call]  # Bolt's own


if __name__ == "__main__":
    main()
