"""A bare Bolt app that only acknowledges: what Bolt itself takes. `socket` or `http PORT` is how Slack reaches it."""

import os
import sys

from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient


def main() -> None:
    """Run until killed."""
    client = WebClient("xoxb-bench", base_url=os.environ["SLACK_API_URL"])
    app = App(client=client, signing_secret="bench", token_verification_enabled=False)

    @app.command("/manager-contact")
    def contact(ack: Ack) -> None:
        ack("MC-1")

    @app.event("message")
    def message() -> None:
        """Do nothing."""

    if sys.argv[1] == "http":
        _serve(app, int(sys.argv[2]))
    else:
        SocketModeHandler(app, "xapp-bench", web_client=client).start()  # type: ignore[no-untyped-call]  # Bolt's own


def _serve(app: App, port: int) -> None:
    """As Bolt's own guide has it for FastAPI."""
    import uvicorn  # noqa: PLC0415 - Socket Mode needs none of it
    from fastapi import FastAPI, Request, Response  # noqa: PLC0415
    from slack_bolt.adapter.fastapi import SlackRequestHandler  # noqa: PLC0415

    handler, web = SlackRequestHandler(app), FastAPI()

    async def take(request: Request) -> Response:
        return await handler.handle(request)

    web.post("/slack/events")(take)
    uvicorn.run(web, host="127.0.0.1", port=port, log_level="error", access_log=False)


if __name__ == "__main__":
    main()
