"""A delivery is settled once: by the first answer, or by the end of its window."""

from sandbox.core.model import AppSettings
from sandbox.slack.delivery import ACK_SECONDS, Ack, Pending


def test_the_first_answer_counts() -> None:
    """A second copy's answer changes nothing."""
    pending = Pending(lambda: 0.0)
    pending.settle(Ack(ok=True, payload={"text": "first"}))
    pending.settle(Ack(ok=False, reason="connection_lost"))
    assert pending.outcome() == Ack(ok=True, payload={"text": "first"})


def test_the_window_ends_after_three_seconds() -> None:
    """Before that there is no outcome; an answer in time is not undone by the clock."""
    now = [10.0]
    silent, answered = Pending(lambda: now[0]), Pending(lambda: now[0])
    answered.settle(Ack(ok=True))
    now[0] += ACK_SECONDS - 0.001
    assert silent.outcome() is None
    now[0] += 0.001
    assert silent.outcome() == Ack(ok=False, reason="timeout")
    assert answered.outcome() == Ack(ok=True)


def test_no_secret_is_shown_when_the_settings_are_printed() -> None:
    """Tokens and the signing secret stay out of logs."""
    assert "sandbox-" not in repr(AppSettings())
    assert "xoxb" not in repr(AppSettings())
