"""Messages on a queue: hidden for a while, or sent. The mapping that feeds a function receives and deletes them."""

from farsync.aws.client import Stack


def hide(stack: Stack, queue_url: str, receipt_handle: str, seconds: int) -> None:
    """The message comes again after so many seconds from now, at most 43,200. Raises AwsRequestFailed."""
    question: dict[str, object] = {
        "QueueUrl": queue_url,
        "ReceiptHandle": receipt_handle,
        "VisibilityTimeout": seconds,
    }
    stack.aws.call("sqs", "ChangeMessageVisibility", question)


def send(stack: Stack, queue_url: str, body: str, delay_seconds: int = 0) -> None:
    """Raises AwsRequestFailed, after which the message may be on the queue or not. The delay is 900 at most."""
    question: dict[str, object] = {"QueueUrl": queue_url, "MessageBody": body, "DelaySeconds": delay_seconds}
    stack.aws.call("sqs", "SendMessage", question)
