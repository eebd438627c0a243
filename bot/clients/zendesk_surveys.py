"""The answers to Zendesk's survey of today: questions with scales, where the older one had good and bad."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import structlog
from pydantic import AwareDatetime, Field, TypeAdapter

from bot.clients.http import VendorModel
from bot.clients.zendesk_answers import ListPage
from workflows.contract.facts import Score

log = structlog.get_logger(__name__)

_CATEGORIES: Final[Mapping[str, Score]] = {
    "good": Score.GOOD,
    "positive": Score.GOOD,
    "bad": Score.BAD,
    "negative": Score.BAD,
    "neutral": Score.NEUTRAL,
}
_SATISFACTION: Final = "customer_satisfaction"
_DEFAULT_SCALE: Final = (1.0, 5.0)
_ZRN: Final = "zen:ticket:"


class _Option(VendorModel):
    id: str = ""
    rating: float | None = None
    label: dict[str, Any] = Field(default_factory=dict)


class _Question(VendorModel):
    id: str = ""
    type: str = ""
    sub_type: str = ""
    alias: str = ""
    options: list[_Option] = Field(default_factory=list)


class _Selection(VendorModel):
    option_id: str = ""


class _Answer(VendorModel):
    type: str = ""
    question: _Question = _Question()
    rating: float | None = None
    rating_category: str = ""
    value: str = ""
    selections: list[_Selection] = Field(default_factory=list)
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None


class _Subject(VendorModel):
    id: str = ""
    type: str = ""
    zrn: str = ""


class SurveyResponse(VendorModel):
    """What one customer answered."""

    id: str
    answers: list[_Answer] = Field(default_factory=list)
    subjects: list[_Subject] = Field(default_factory=list)

    @property
    def ticket(self) -> int | None:
        """The number of the ticket it is about; None when it is about something else."""
        for one in self.subjects:
            number = one.zrn.removeprefix(_ZRN) if one.zrn.startswith(_ZRN) else one.id if "ticket" in one.type else ""
            if number.isascii() and number.isdecimal():
                return int(number)
        return None


class SurveyResponses(ListPage):
    """A page of them."""

    survey_responses: list[SurveyResponse]


SURVEY_RESPONSES: TypeAdapter[SurveyResponses] = TypeAdapter(SurveyResponses)


@dataclass
class SurveyAnswers:
    """What a response comes to. `unknown` are the kinds of questions that say something nobody here understands."""

    score: Score | None = None
    comment: str = ""
    contact: str = ""
    at: datetime | None = None
    unknown: list[str] = field(default_factory=list)


def read_answers(response: SurveyResponse, contact_question: str | None = None) -> SurveyAnswers:
    """The score by its category or its place in the scale, the words, and the answer to the question about contact."""
    found, words = SurveyAnswers(), []
    for answer in response.answers:
        question = answer.question
        times = [at for at in (answer.updated_at, answer.created_at, found.at) if at is not None]
        found.at = max(times, default=None)
        if contact_question is not None and contact_question in {question.id, question.alias}:
            found.contact = answer.value or ", ".join(_chosen(answer))
        elif answer.type == "rating_scale" and question.sub_type in {"", _SATISFACTION}:
            found.score = _score(answer) or found.score
        elif answer.type == "open_ended":
            words.append(answer.value.strip())
        elif answer.type == "closed_ended":
            words += [f"({chosen})" for chosen in _chosen(answer)]
        elif answer.type != "skipped":
            found.unknown.append(" ".join(filter(None, (answer.type or "?", question.sub_type)))[:60])
    found.comment = "\n".join(word for word in words if word)
    return found


class Unknown:
    """The kinds of questions that were not understood: said in the log once each."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()

    def add(self, kinds: list[str]) -> None:
        """Say what is new."""
        for kind in sorted(set(kinds) - self.kinds):
            self.kinds.add(kind)
            log.warning("survey_not_understood", kind=kind)


def _score(answer: _Answer) -> Score | None:
    if answer.rating_category.lower() in _CATEGORIES:
        return _CATEGORIES[answer.rating_category.lower()]
    if answer.rating is None:
        return None
    scale = [option.rating for option in answer.question.options if option.rating is not None] or _DEFAULT_SCALE
    middle = (min(scale) + max(scale)) / 2
    return Score.NEUTRAL if answer.rating == middle else Score.GOOD if answer.rating > middle else Score.BAD


def _chosen(answer: _Answer) -> Iterator[str]:
    chosen = {selection.option_id for selection in answer.selections}
    for option in answer.question.options:
        if option.id in chosen:
            yield str(option.label.get("value") or option.label.get("key") or option.id)
