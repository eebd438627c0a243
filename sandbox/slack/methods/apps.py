"""api.test, auth.test, apps.connections.open, bots.info."""

from sandbox.core.errors import SlackError
from sandbox.core.model import Json
from sandbox.slack.methods.call import Call


def api_test(call: Call) -> Json:
    """Answer, whatever is asked."""
    if error := call.text("error"):
        raise SlackError(error, args=call.args)
    return {"args": call.args}


def auth_test(call: Call) -> Json:
    """Say whose token this is."""
    workspace = call.workspace
    return {
        "url": f"https://{workspace.team_domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.app.name,
        "team_id": workspace.team_id,
        "user_id": workspace.app.bot_user,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def connections_open(call: Call) -> Json:
    """Hand out the address of a Socket Mode connection, good for one use."""
    return {"url": call.open_socket()}


def bots_info(call: Call) -> Json:
    """Show a bot."""
    for user in call.workspace.users.values():
        if user.bot_id and user.bot_id == call.text("bot"):
            app_id = call.workspace.app.app_id if user.id == call.workspace.app.bot_user else "A0OTHER"
            bot = {"id": user.bot_id, "deleted": user.deleted, "name": user.name, "user_id": user.id}
            return {"bot": bot | {"app_id": app_id, "updated": 0, "icons": {}}}
    raise SlackError("bot_not_found")
