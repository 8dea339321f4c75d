"""Stacks beside the template's: schedules and their queues, deployed while the sandbox runs."""

from collections.abc import Mapping
from pathlib import Path

from sandbox.aws import moto_services
from sandbox.aws.events.scheduler import Scheduler
from sandbox.aws.settings import AwsSettings
from sandbox.aws.template import TemplateError, read_template

SCHEDULES_STACK = "farsync-schedules"


class FurtherStacks:
    """A stack finds the template's exports, and the name of its stack as the parameter `FarsyncStack`."""

    def __init__(self, settings: AwsSettings, endpoint: str, exports: Mapping[str, str], scheduler: Scheduler) -> None:
        self._settings = settings
        self._endpoint = endpoint
        self._exports = exports
        self._scheduler = scheduler
        self._templates: dict[str, str] = {}

    def has(self, stack_name: str) -> bool:
        return stack_name in self._templates

    def template_of(self, stack_name: str) -> str:
        """As it was deployed."""
        return self._templates[stack_name]

    def deploy(self, stack_name: str, path: Path) -> list[str]:
        """The names of the stack's schedules, which take the place of those it had.

        Raises TemplateError and ScheduleInvalid.
        """
        template = read_template(
            path,
            endpoint=self._endpoint,
            stack_name=stack_name,
            parameters={"FarsyncStack": self._settings.stack_name},
            exports=self._exports,
        )
        if template.functions or template.state_machines or template.rules:
            raise TemplateError(f"{path}: the sandbox takes schedules and queues in a further stack, nothing else")
        self._scheduler.deploy(stack_name, template.schedules)
        for queue in template.queues:
            moto_services.create_queue(queue)
        self._templates[stack_name] = path.read_text(encoding="utf-8")
        return [schedule.name for schedule in template.schedules]

    def deploy_text(self, stack_name: str, text: bytes) -> list[str]:
        """As `deploy`, of a template that a client sends. Raises the same."""
        path = self._settings.folder / f"{stack_name}.template.json"
        path.write_bytes(text)
        return self.deploy(stack_name, path)
