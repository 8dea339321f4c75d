"""Queues of SQS with their mappings: hidden, received, received once more, purged, set aside."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from farsync.runtime.queue_messages import Record
from tests.model.agenda import Agenda
from tests.model.faults import Conditions

VISIBILITY_SECONDS = 90.0
PAUSE_SECONDS = 20.0
RECEIVE_SECONDS = 0.2


@dataclass
class Message:
    """`turn` counts changes of when it is to be seen."""

    number: int
    body: str
    sent_at: float
    receives: int = 0
    turn: int = 0
    is_gone: bool = False
    is_doubled: bool = False
    """Whether SQS itself made two of it."""

    def delete(self) -> None:
        self.is_gone = True


@dataclass
class Queue:
    """`consume` begins a call of the queue's function."""

    name: str
    agenda: Agenda
    conditions: Conditions
    most_receives: int
    consume: Callable[[Record, Message], None]
    messages: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    doubles_next: bool = False

    @property
    def live(self) -> list[Message]:
        return [message for message in self.messages if not message.is_gone]

    def send(self, body: str, delay_seconds: float = 0.0) -> None:
        copies, self.doubles_next = 2 if self.doubles_next else 1, False
        for _ in range(copies):
            message = Message(len(self.messages), body, self.agenda.now, is_doubled=copies > 1)
            self.messages.append(message)
            self._show_after(message, delay_seconds + RECEIVE_SECONDS)

    def hide(self, handle: str, seconds: float) -> bool:
        """Whether it is still there."""
        message = self.messages[int(handle)]
        if not message.is_gone:
            self._show_after(message, seconds + RECEIVE_SECONDS)
        return not message.is_gone

    def purge(self) -> None:
        for message in self.messages:
            message.delete()
        self.agenda.log(self.name, "is purged")

    def repeat(self) -> None:
        """SQS delivers a message once more, though it is hidden."""
        for message in self.live[-1:]:
            self.agenda.log(self.name, "delivers message %s once more", message.number)
            self._receive(message)

    def double_next(self) -> None:
        self.doubles_next = True

    def _show_after(self, message: Message, seconds: float) -> None:
        message.turn += 1
        self.agenda.after(seconds, partial(self._shown, message, message.turn))

    def _shown(self, message: Message, turn: int) -> None:
        if message.is_gone or message.turn != turn:
            return
        if self.agenda.now < self.conditions["mappings paused"]:
            self._show_after(message, PAUSE_SECONDS)
        elif message.receives >= self.most_receives:
            message.delete()
            self.dead.append(message)
            self.agenda.log(self.name, "gives message %s up", message.number)
        else:
            self._receive(message)

    def _receive(self, message: Message) -> None:
        message.receives += 1
        self._show_after(message, VISIBILITY_SECONDS)
        if self.agenda.now >= self.conditions["lambda away"]:
            sent_at = datetime.fromtimestamp(message.sent_at, UTC)
            number = str(message.number)
            self.consume(Record(number, number, message.body, message.receives, sent_at), message)
