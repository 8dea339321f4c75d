"""aws-sdk resources name services as AWS' SDK for Java does; moto hands most of these names to boto3 as they are.

https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
"""

from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import (
    StateTaskService,
)

from sandbox.aws.moto_patches.replacing import replace


def apply() -> None:
    known = StateTaskService._SERVICE_NAME_SFN_TO_BOTO_OVERRIDES
    replace(StateTaskService, "_SERVICE_NAME_SFN_TO_BOTO_OVERRIDES", {**known, "cloudwatchlogs": "logs"})
