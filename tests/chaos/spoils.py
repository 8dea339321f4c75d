"""Each row of the table, made to happen in a small dump."""

from collections.abc import Callable
from datetime import timedelta

from tests.chaos.judging import STILL_RUNNING
from tests.chaos.plan import SPEED
from tests.chaos.small_dump import RUNS_ENDED_AT, SmallDump, emitted, ended, event, foreign_end

Spoil = Callable[[SmallDump], None]


def the_run_claims_anothers_execution(dump: SmallDump) -> None:
    dump.run_job[0] = ended("t1", "SUCCEEDED", None, "N3")


def an_event_claims_a_foreign_execution(dump: SmallDump) -> None:
    dump.queue[2] = event("t3", "execution.canceled", "NF", "CANCELED", "ExecutionCanceled")


def the_run_claims_what_never_was(dump: SmallDump) -> None:
    dump.run_job[0] = ended("t1", "SUCCEEDED", None, "N8")


def a_foreign_execution_was_asked_to_stop(dump: SmallDump) -> None:
    dump.naver[2]["cancelRequestedAt"] = "now"


def a_runs_parameter_was_executed_twice(dump: SmallDump) -> None:
    dump.naver.append({**dump.naver[0], "jobExecutionId": "N4"})


def the_aborted_runs_execution_goes_on(dump: SmallDump) -> None:
    dump.naver[1]["status"] = "RUNNING"
    dump.queue[2] = event("t3", "run.failed", error="AmbiguousStart")


def an_execution_goes_on_for_more_than_an_hour(dump: SmallDump) -> None:
    dump.naver[1]["endedAt"] = (RUNS_ENDED_AT + timedelta(seconds=3600 / SPEED + 101)).isoformat()


def a_healthy_run_ended_as_failed(dump: SmallDump) -> None:
    dump.queue[0] = event("t1", "run.failed", error="ProviderUnavailable")
    dump.run_job[0] = ended("t1", "FAILED", "ProviderUnavailable", None)


def a_healthy_run_ended_out_of_sight(dump: SmallDump) -> None:
    dump.queue[0] = event("t1", "run.unobservable", "N1", error="RunUnobservable")
    dump.run_job[0] = ended("t1", "FAILED", "RunUnobservable", "N1")


def a_healthy_execution_was_cancelled(dump: SmallDump) -> None:
    dump.naver[0]["status"], dump.naver[0]["cancelRequestedAt"] = "CANCELED", "now"
    dump.queue[0] = event("t1", "execution.canceled", "N1", "CANCELED", "ExecutionCanceled")
    dump.run_job[0] = ended("t1", "FAILED", "ExecutionCanceled", "N1")


def the_caller_hears_of_a_failure_and_the_queue_of_a_success(dump: SmallDump) -> None:
    dump.run_job[0] = ended("t1", "FAILED", "States.Runtime", "N1")


def every_healthy_run_is_ambiguous(dump: SmallDump) -> None:
    for number, token in enumerate(("t1", "t2")):
        dump.queue[number] = event(token, "run.failed", error="AmbiguousStart")
        dump.run_job[number] = ended(token, "FAILED", "AmbiguousStart", None)


def no_event_came(dump: SmallDump) -> None:
    del dump.queue[0]


def only_a_notice_came(dump: SmallDump) -> None:
    dump.queue[0] = event("t1", "execution.needs_attention", "N1", "COMPLETED")


def the_true_end_never_followed(dump: SmallDump) -> None:
    dump.queue[2] = event("t3", "run.unobservable", "N3", error="RunUnobservable")


def what_was_emitted_never_reached_the_queue(dump: SmallDump) -> None:
    dump.emitted_besides.append(emitted({"id": "lost"}))


def a_watched_foreign_end_is_missing(dump: SmallDump) -> None:
    dump.is_watched = True
    dump.naver[2]["status"] = "COMPLETED"


def a_backfill_has_no_event(dump: SmallDump) -> None:
    dump.run_backfill.append({"name": "b", "status": "SUCCEEDED", "events": []})


def a_backfill_has_two_events(dump: SmallDump) -> None:
    a_backfill_has_no_event(dump)
    for number in range(2):
        dump.queue.append({"id": f"b{number}", "type": "io.farsync.backfill.completed", "data": {}})


def the_same_event_came_twice(dump: SmallDump) -> None:
    dump.queue.append(dump.queue[0])


def one_end_was_emitted_under_two_ids(dump: SmallDump) -> None:
    dump.queue.append({**dump.queue[0], "id": "another"})


def one_run_has_two_events_and_no_redrive(dump: SmallDump) -> None:
    dump.queue += [event("t3", kind, error="ExecutionCanceled") for kind in ("run.failed", "run.unobservable")]


def a_failure_is_called_a_success(dump: SmallDump) -> None:
    dump.naver[0]["status"] = "FAILED"


def another_word_is_given_than_the_providers(dump: SmallDump) -> None:
    dump.queue[0]["data"]["providerStatus"] = "SUCCESS"


def what_was_started_is_called_never_started(dump: SmallDump) -> None:
    dump.queue.append(event("t3", "run.failed", error="ExecutionCanceled"))


def a_cancel_is_said_to_be_accepted_that_nobody_sent(dump: SmallDump) -> None:
    dump.queue[1]["data"]["error"]["message"] = "its end was not seen; its cancel was accepted"


def a_cancel_is_said_to_be_confirmed_that_nobody_sent(dump: SmallDump) -> None:
    dump.queue[1]["data"]["cancelConfirmed"] = True


def a_cancel_is_said_to_be_unconfirmed_that_nobody_sent(dump: SmallDump) -> None:
    dump.queue[1]["data"]["cancelConfirmed"] = False


def a_cancel_is_said_to_be_rejected_that_the_provider_never_received(dump: SmallDump) -> None:
    dump.requests.clear()
    dump.queue.append(event("t3", "run.unobservable", "N3", error="RunUnobservable"))
    dump.queue[-1]["data"]["error"]["message"] = "its cancel was rejected"


def an_execution_of_a_run_is_told_as_nobodys(dump: SmallDump) -> None:
    del dump.queue[0]["data"]["runName"]


def a_foreign_end_is_told_otherwise_than_it_was(dump: SmallDump) -> None:
    dump.queue.append(foreign_end())


def labels_are_missing(dump: SmallDump) -> None:
    dump.queue[1]["data"]["labels"] = {}


def a_candidate_never_was(dump: SmallDump) -> None:
    dump.queue[1]["data"]["candidates"] = [{"executionId": "77"}]


def a_token_is_left(dump: SmallDump) -> None:
    dump.messages["left"]["poll"] = 1


def a_run_is_still_to_be_closed(dump: SmallDump) -> None:
    dump.messages["left"]["close"] = 1


def a_message_is_a_dead_letter(dump: SmallDump) -> None:
    dump.messages["deadLetters"]["close-dead"] = ["{}"]


def a_consumer_raised_what_others_may(dump: SmallDump) -> None:
    dump.log += "[ERROR] Throttled: later\n"


def a_function_has_a_bug(dump: SmallDump) -> None:
    dump.other_log += "[ERROR] KeyError: 'x'\n"


def a_key_stands_in_a_log(dump: SmallDump) -> None:
    dump.log += "signing with SKNAVER\n"


def a_signature_stands_in_a_history(dump: SmallDump) -> None:
    dump.run_job[0]["cause"] = "Authorization: SDK-HMAC-SHA256 Access=A, Signature=0123456789abcdef0"


def a_secret_parameter_stands_in_an_event(dump: SmallDump) -> None:
    dump.queue[2]["data"]["error"]["message"] = "table hush-3 is missing"


def an_execution_has_not_ended(dump: SmallDump) -> None:
    dump.emitted_besides.append({**emitted({"id": "slow"}), "status": "RUNNING"})


SPOILT: dict[str, list[Spoil]] = {
    "wrong attachments": [
        the_run_claims_anothers_execution,
        an_event_claims_a_foreign_execution,
        the_run_claims_what_never_was,
    ],
    "foreign executions cancelled": [a_foreign_execution_was_asked_to_stop],
    "duplicates": [a_runs_parameter_was_executed_twice],
    "orphans": [the_aborted_runs_execution_goes_on, an_execution_goes_on_for_more_than_an_hour],
    "wrong ends": [
        a_healthy_run_ended_as_failed,
        a_healthy_run_ended_out_of_sight,
        a_healthy_execution_was_cancelled,
        the_caller_hears_of_a_failure_and_the_queue_of_a_success,
    ],
    "too many ambiguous starts": [every_healthy_run_is_ambiguous],
    "events missing": [
        no_event_came,
        only_a_notice_came,
        the_true_end_never_followed,
        what_was_emitted_never_reached_the_queue,
        a_watched_foreign_end_is_missing,
        a_backfill_has_no_event,
    ],
    "events double": [
        the_same_event_came_twice,
        one_end_was_emitted_under_two_ids,
        one_run_has_two_events_and_no_redrive,
        a_backfill_has_two_events,
    ],
    "events untrue": [
        a_failure_is_called_a_success,
        another_word_is_given_than_the_providers,
        what_was_started_is_called_never_started,
        a_cancel_is_said_to_be_accepted_that_nobody_sent,
        a_cancel_is_said_to_be_confirmed_that_nobody_sent,
        a_cancel_is_said_to_be_unconfirmed_that_nobody_sent,
        a_cancel_is_said_to_be_rejected_that_the_provider_never_received,
        an_execution_of_a_run_is_told_as_nobodys,
        a_foreign_end_is_told_otherwise_than_it_was,
        labels_are_missing,
        a_candidate_never_was,
    ],
    "messages left": [a_token_is_left, a_run_is_still_to_be_closed],
    "dead letters": [a_message_is_a_dead_letter],
    "exceptions": [a_consumer_raised_what_others_may, a_function_has_a_bug],
    "secrets found": [
        a_key_stands_in_a_log,
        a_signature_stands_in_a_history,
        a_secret_parameter_stands_in_an_event,
    ],
    STILL_RUNNING: [an_execution_has_not_ended],
}
