import uuid
from typing import Any

from farsync.events.event_json import LARGEST_EVENT_BYTES, bytes_within_json, json_text
from farsync.model.names import execution_name
from tests.support.sandbox import Ended, Sandbox
from tests.support.transitions import Transition, transitions_of, transitions_walked

EVENT = {"id": "an-event-id", "source": "urn:farsync:default:작업", "type": "test"}


def walked(machine: str, *executions: Ended) -> set[Transition]:
    return {transition for ended in executions for transition in transitions_walked(machine, ended.history)}


def start_once(sandbox: Sandbox, machine: str, *name_parts: list[str], machine_input: object) -> Ended:
    request = {"machine": machine, "nameParts": name_parts, "input": machine_input}
    return sandbox.wait_for(sandbox.start("start_once", request))


def test_every_transition_of_start_once_is_walked_and_one_intent_is_one_run(sandbox: Sandbox) -> None:
    parts = (["default", "야간 적재"], ["schedule", "2026-11-21T03:00:00Z"])
    event = {"event": EVENT}
    first = start_once(sandbox, "emit_event", *parts, machine_input=event)
    second = start_once(sandbox, "emit_event", *parts, machine_input={**event, "fired": "again"})
    wrong = start_once(sandbox, "no_such_machine", *parts, machine_input=event)
    assert first.output == second.output
    assert wrong.status == "FAILED"
    assert walked("start_once", first, second, wrong) == transitions_of("start_once")


def test_start_once_gives_the_name_that_the_functions_give_or_takes_one_as_it_is(sandbox: Sandbox) -> None:
    parts = [["야간 적재"], ["schedule", uuid.uuid4().hex]]
    started = start_once(sandbox, "emit_event", *parts, machine_input={"event": EVENT})
    assert started.output["name"] == execution_name(*(tuple(part) for part in parts))
    name = f"{uuid.uuid4().hex}-{uuid.uuid4().hex}-{uuid.uuid4().hex[:14]}"
    request = {"machine": "emit_event", "name": name, "input": {"event": {**EVENT, "id": name}}}
    assert sandbox.wait_for(sandbox.start("start_once", request)).output["name"] == name
    assert name in sandbox.names_of_executions("emit_event")


def emit(sandbox: Sandbox, event: dict[str, Any]) -> Ended:
    return sandbox.wait_for(sandbox.start("emit_event", {"event": event}), seconds=120)


def test_every_transition_of_emit_event_is_walked_and_the_message_is_the_event(sandbox: Sandbox) -> None:
    sent = emit(sandbox, {**EVENT, "id": "sent"})
    unsendable = emit(sandbox, {"no": "id"})
    sandbox.set_aws_faults({"operation": "PutLogEvents", "fault": "http_403", "times": 9, "match": "unrecorded"})
    unrecorded = emit(sandbox, {**EVENT, "id": "unrecorded"})
    ended = (sent, unsendable, unrecorded)
    assert [execution.status for execution in ended] == ["SUCCEEDED", "FAILED", "SUCCEEDED"]
    assert walked("emit_event", *ended) == transitions_of("emit_event")
    assert {**EVENT, "id": "sent"} in sandbox.receive_events()


def test_every_event_goes_to_the_default_bus_too(sandbox: Sandbox) -> None:
    event: dict[str, Any] = {**EVENT, "id": "for-both", "data": {"job": "야간 적재"}}
    sandbox.set_aws_faults({"operation": "PutEvents", "fault": "http_503", "times": 3, "match": "for-both"})
    assert emit(sandbox, event).status == "SUCCEEDED"
    (published,) = [entry for entry in sandbox.events_on_buses() if entry["detail"] == event]
    assert (published["bus"], published["source"], published["detail-type"]) == ("default", "io.farsync", "test")
    assert event in sandbox.receive_events()


def test_the_largest_event_is_sent_recorded_and_published(sandbox: Sandbox) -> None:
    """Of quotes, which have a backslash more in each text that holds the event."""
    reason = '"' * ((LARGEST_EVENT_BYTES - 100) // 4)
    event: dict[str, Any] = {**EVENT, "id": "the-largest", "data": {"error": {"message": reason}}}
    assert bytes_within_json(json_text(event["data"])) in range(LARGEST_EVENT_BYTES - 100, LARGEST_EVENT_BYTES)
    assert emit(sandbox, event).status == "SUCCEEDED"
    assert event in sandbox.receive_events()
    assert event in [line["event"] for line in sandbox.event_lines()]
    assert event in [entry["detail"] for entry in sandbox.events_on_buses()]


def test_a_queue_that_fails_for_less_than_a_day_delays_an_event_and_loses_none(sandbox: Sandbox) -> None:
    event: dict[str, Any] = {**EVENT, "id": "delayed"}
    sandbox.set_aws_faults({"operation": "SendMessage", "fault": "http_503", "times": 6, "match": "delayed"})
    assert emit(sandbox, event).status == "SUCCEEDED"
    assert sandbox.receive_events().count(event) == 1
