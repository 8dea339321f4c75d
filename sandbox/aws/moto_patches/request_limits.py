"""Sizes and characters that AWS rejects in messages and in the input of an execution.

moto counts a message's characters instead of its bytes, and takes the rest as it comes.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
"""

import re
from typing import Any

from moto.sqs.exceptions import InvalidParameterValue, SQSException
from moto.sqs.models import SQSBackend
from moto.stepfunctions.exceptions import ValidationException
from moto.stepfunctions.responses import StepFunctionResponse

from sandbox.aws.moto_patches.replacing import replace

_NOT_IN_A_MESSAGE = re.compile("[^\\u0009\\u000A\\u000D\\u0020-\\uD7FF\\uE000-\\uFFFD\\U00010000-\\U0010FFFF]")
DATA_BYTES = 262144


def apply() -> None:
    def validate(self: Any, queue: Any, message_body: str, delay_seconds: int, *args: Any, **kwargs: Any) -> None:
        moto_validate(self, queue, message_body, delay_seconds, *args, **kwargs)
        if len(message_body.encode(errors="surrogatepass")) > queue.maximum_message_size:
            size = queue.maximum_message_size
            reason = f"Message must be shorter than {size} bytes."
            raise InvalidParameterValue(f"One or more parameters are invalid. Reason: {reason}")
        if _NOT_IN_A_MESSAGE.search(message_body):
            raise SQSException("InvalidMessageContents", "Invalid characters were found in the message body.")
        if delay_seconds < 0:
            reason = "DelaySeconds must be >= 0 and <= 900."
            raise InvalidParameterValue(
                f"Value {delay_seconds} for parameter DelaySeconds is invalid. Reason: {reason}"
            )

    def start_execution(self: Any) -> Any:
        reject_longer("input", self._get_param("input"), DATA_BYTES)
        return moto_start(self)

    moto_validate = replace(SQSBackend, "_validate_message", validate)
    moto_start = replace(StepFunctionResponse, "start_execution", start_execution)


def reject_longer(name: str, value: str | None, longest: int) -> None:
    """`longest` in bytes of UTF-8. Raises ValidationException."""
    if value is not None and len(value.encode(errors="surrogatepass")) > longest:
        constraint = f"Member must have length less than or equal to {longest}"
        raise ValidationException(
            f"1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}"
        )
