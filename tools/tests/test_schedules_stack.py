"""What a stack of schedules holds beside its schedules, and how it keeps to the rules of a platform."""

from typing import Any

from sandbox.aws.template.yaml_document import load_document
from tests.support.markdown import ROOT
from tools.schedules.stack import schedules_template

STACK: dict[str, Any] = schedules_template([])
RESOURCES: dict[str, dict[str, Any]] = STACK["Resources"]
OF_FARSYNC = load_document(ROOT / "template.yaml")
OPERATIONS = load_document(ROOT / "operations.yaml")
NOTHING = {"Ref": "AWS::NoValue"}


def properties(name: str) -> dict[str, Any]:
    found: dict[str, Any] = RESOURCES[name]["Properties"]
    return found


def test_its_parameters_and_conditions_are_farsyncs_own() -> None:
    for name, given in STACK["Parameters"].items():
        if name != "FarsyncStack":
            assert {key: text for key, text in given.items() if key != "Description"} == {
                key: text for key, text in OF_FARSYNC["Parameters"][name].items() if key != "Description"
            }
    assert STACK["Conditions"].items() <= {**OF_FARSYNC["Conditions"], **OPERATIONS["Conditions"]}.items()


def test_its_role_takes_the_path_and_the_boundary() -> None:
    role = properties("ScheduleRole")
    assert role["Path"] == {"Ref": "RolePath"}
    assert role["PermissionsBoundary"] == {
        "Fn::If": ["HasPermissionsBoundary", {"Ref": "PermissionsBoundaryArn"}, NOTHING]
    }


def test_the_queue_of_missed_times_is_encrypted_with_the_key_and_the_role_may_use_it() -> None:
    queue = properties("MissedQueue")
    assert queue["KmsMasterKeyId"] == {"Fn::If": ["HasKmsKey", {"Ref": "KmsKeyArn"}, NOTHING]}
    assert queue["SqsManagedSseEnabled"] == {"Fn::If": ["HasKmsKey", False, True]}
    _, of_key = properties("ScheduleRole")["Policies"]
    condition, policy, otherwise = of_key["Fn::If"]
    assert (condition, otherwise) == ("HasKmsKey", NOTHING)
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == ["kms:GenerateDataKey", "kms:Decrypt"]
    assert statement["Resource"] == {"Ref": "KmsKeyArn"}


def test_one_missed_time_is_an_alarm_as_one_undelivered_status_change_is() -> None:
    alarm, undelivered = properties("MissedAlarm"), OPERATIONS["Resources"]["UndeliveredAlarm"]["Properties"]
    own = {"AlarmName", "AlarmDescription", "Dimensions"}
    assert {key: value for key, value in alarm.items() if key not in own} == {
        key: value for key, value in undelivered.items() if key not in own
    }
    assert alarm["Dimensions"] == [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["MissedQueue", "QueueName"]}}]
