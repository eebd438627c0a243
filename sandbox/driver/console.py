"""The sandbox in a terminal: type commands, see what Slack shows. `python -m sandbox.driver.console URL`."""

import cmd
import re
import sys
from collections.abc import Callable
from datetime import timedelta

import httpx

from sandbox.core.errors import Impossible
from sandbox.driver.client import SandboxClient
from sandbox.driver.observations import Modal, Reply, Shown
from sandbox.driver.people import SandboxPerson

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
DURATION = re.compile(r"\+(\d+)([mhd])")
REACH_SECONDS = 0.6
"""How long to wait for what the app does after it has answered."""

HELP = """\
  /feedback 123456 some text   any slash command, as the person you are
  see                          what the channel you are in shows (or: see #product, see dm)
  fill Ticket = 123456         fill in the open form, by the name of the field
  submit, close                send the open form, or close it
  press Acknowledge            press a button: in the open form, else the newest one in this channel
  shortcut Send as feedback    use a message shortcut on the newest message here
  say some text                write a message
  as pia, in #product, in dm   be somebody else, go somewhere else
  clock +10m, clock +3d        let time pass
  quit                         stop"""


class Console(cmd.Cmd):
    """Reads what is typed, does it in the sandbox, and shows what came of it."""

    def __init__(self, slack: SandboxClient, out: Callable[[str], None] = print) -> None:
        super().__init__()
        self.slack = slack
        self.out = out
        self.me: SandboxPerson = slack.person("alice")
        self.place = "#support"
        self._read: dict[str, str] = {}
        self._prompt()

    def onecmd(self, line: str) -> bool:
        """Do one line; what cannot be done is said, and nothing is lost."""
        try:
            return self.runs(line.strip()) if line.lstrip().startswith("/") else bool(super().onecmd(line.strip()))
        except (Impossible, ValueError, LookupError) as error:
            self.out(f"  {error}")
        except httpx.HTTPError:
            self.out("  The sandbox does not answer any more.")
            return True
        return False

    def runs(self, line: str) -> bool:
        """Run a slash command."""
        self._reply_of(self.me.runs(line, in_=self.place))
        return False

    def do_as(self, name: str) -> None:
        """Be somebody else: as pia."""
        names = {user["name"] for user in self.slack.state()["users"]}
        if name not in names:
            raise LookupError(f"There is no {name}. There are: {', '.join(sorted(names))}.")
        self.me = self.slack.person(name)
        self._prompt()

    def do_in(self, place: str) -> None:
        """Go somewhere else: in #product, in dm."""
        self.me.sees(place)
        self.place = place
        self._prompt()
        self.do_see("")

    def do_see(self, place: str) -> None:
        """Show a channel: see, see #product, see dm."""
        shown = self.me.sees(place or self.place)
        self.out("\n".join(_lines(one) for one in shown[-6:]) or "  (nothing yet)")

    def do_say(self, text: str) -> None:
        """Write a message here."""
        self.me.says(text, in_=self.place)
        self._wait()
        self.do_see("")

    def do_fill(self, line: str) -> None:
        """Fill in the open form: fill Ticket = 123456."""
        label, _, value = line.partition("=")
        self.me.fills({self._label(label.strip()): value.strip()})
        self._show_modal()

    def do_submit(self, _line: str) -> None:
        """Send the open form."""
        self._reply_of(self.me.submits())

    def do_close(self, _line: str) -> None:
        """Close the open form."""
        self._reply_of(self.me.closes())

    def do_press(self, button: str) -> None:
        """Press a button: in the open form, else the newest one in this channel."""
        modal = self.me.modal
        if modal and button in modal.buttons:
            return self._reply_of(self.me.clicks(button))
        message = next((one for one in reversed(self._messages()) if button in one.buttons), None)
        if message is None:
            raise LookupError(f"There is no button “{button}” here.")
        return self._reply_of(self.me.clicks(button, on=message))

    def do_shortcut(self, name: str) -> None:
        """Use a message shortcut on the newest message here."""
        messages = self.me.sees(self.place)
        self._reply_of(self.me.uses_shortcut(name, on=messages[-1] if messages else None))

    def do_clock(self, line: str) -> None:
        """Let time pass: clock +10m, clock +3d; without more, say what time it is."""
        if found := DURATION.fullmatch(line.strip()):
            self.slack.clock.advance(timedelta(**{UNITS[found[2]]: int(found[1])}))
            self._wait()
        self.out(f"  It is {self.slack.clock.now():%A %d %B %Y, %H:%M} UTC in the sandbox.")
        self._prompt()

    def do_help(self, _line: str) -> None:
        """Say what can be typed."""
        self.out(HELP)

    def do_quit(self, _line: str) -> bool:
        """Leave the console."""
        return True

    do_EOF = do_quit  # noqa: N815 - the name `cmd` gives to the end of the input

    def emptyline(self) -> bool:
        """Do nothing; `cmd` would do the last line again."""
        return False

    def default(self, line: str) -> None:
        """Say that it was not understood."""
        self.out(f"  I do not know “{line}”. `help` says what can be typed.")

    def _messages(self) -> list[Shown]:
        shown = self.me.sees(self.place)
        replies = [reply for one in shown if one.reply_count for reply in self.me.sees_thread(one)[1:]]
        return sorted([*shown, *replies], key=lambda one: float(one.ts))

    def _label(self, start: str) -> str:
        labels = self.me.modal.labels if self.me.modal else []
        return next((label for label in labels if label.lower().startswith(start.lower())), start)

    def _reply_of(self, reply: Reply) -> None:
        if reply.message:
            self.out(_lines(reply.message))
        if reply.error:
            self.out(f"  Slack says: {reply.error}")
        self._wait()
        self._show_modal()

    def _show_modal(self) -> None:
        modal = self.me.modal
        if modal:
            self.out(_form(modal))
            return
        if self.place != "dm" and (unread_messages := self._unread_dms()):
            self.out("\n".join(["  New in your DM with the desk:", *map(_lines, unread_messages)]))
        self.do_see("")

    def _unread_dms(self) -> list[Shown]:
        """The messages this person's DM has got since this was asked last."""
        shown, read = self.me.dm(), self._read.get(self.me.name, "0")
        self._read[self.me.name] = shown[-1].ts if shown else read
        return [one for one in shown if float(one.ts) > float(read)]

    def _wait(self) -> None:
        """Give the app a moment: what it does, it does in its own time."""
        self.slack.settle()
        try:
            self.slack.until(lambda: False, REACH_SECONDS)
        except AssertionError:
            return

    def _prompt(self) -> None:
        self.prompt = f"{self.me.name} {self.place}> "


def _lines(message: Shown) -> str:
    private = " (only you see this)" if message.ephemeral else ""
    thread = f"  [{message.reply_count} in the thread]" if message.reply_count else ""
    body = "\n".join(f"  | {line}" for line in message.rendered.splitlines())
    return f"  {message.user}{private}:{thread}\n{body}"


def _form(modal: Modal) -> str:
    errors = [f"! {label}: {sentence}" for label, sentence in modal.errors.items()]
    lines = [f"[{modal.title}]", *modal.text.splitlines(), *errors]
    keys = f"submit = [{modal.submit_label}], close" if modal.submit_label else "close"
    return "\n".join([*(f"  # {line}" for line in lines), f"  # -> fill FIELD = VALUE, {keys}"])


def main() -> None:
    """Talk to the sandbox at the address on the command line."""
    with SandboxClient(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8065") as slack:
        Console(slack).cmdloop("`help` says what can be typed.")


if __name__ == "__main__":
    main()
