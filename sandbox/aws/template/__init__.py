"""The system under test as its SAM template describes it."""

from sandbox.aws.template.reader import read_template
from sandbox.aws.template.yaml_document import TemplateError

__all__ = ["TemplateError", "read_template"]
