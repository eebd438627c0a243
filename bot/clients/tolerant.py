"""Reading what vendors send: one field that is not as it should be hides nothing else.

A field that the desk can do without (it has a default) is left out when it cannot be read, such as null where a list
could be. What was left out is remembered in the context, a set, for a metric.
"""

from typing import Any, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_validator,
)


class Tolerant(BaseModel):
    """Base of what is read: what we do not know is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    @field_validator("*", mode="wrap")
    @classmethod
    def _or_default(cls, value: Any, read: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:  # noqa: ANN401 - any field
        field = cls.model_fields[info.field_name or ""]
        if field.is_required():
            return read(value)
        try:
            return read(value)
        except ValidationError:
            if info.context is not None:
                info.context.add(f"{cls.__name__.strip('_')}.{info.field_name}")
            return field.get_default(call_default_factory=True)

    @classmethod
    def of_json(cls, body: bytes | str, odd: set[str] | None = None) -> Self:
        """Read JSON; `odd` gets the names of the fields that were left out."""
        return cls.model_validate_json(body, context=odd)
