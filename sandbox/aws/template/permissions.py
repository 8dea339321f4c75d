"""Which functions the HTTP API may invoke: those that an AWS::Lambda::Permission of the template names."""

from fnmatch import fnmatchcase

from sandbox.aws.settings import ACCOUNT_ID, REGION
from sandbox.aws.template.event_sources import resources_of
from sandbox.aws.template.intrinsics import Resolver

_API_ID = "sandbox"  # what a reference to the API resolves to


def may_be_invoked(resolver: Resolver, function: str, method: str, path: str) -> bool:
    """`function` is a name. Of a permission's SourceArn, stage, method and path must fit, by `*` and `?`.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    """
    caller = f"arn:aws:execute-api:{REGION}:{ACCOUNT_ID}:{_API_ID}/$default/{'*' if method == 'ANY' else method}{path}"
    for _, permission in resources_of(resolver, "AWS::Lambda::Permission"):
        invoked = str(permission.get("FunctionName", "")).split(":function:")[-1]
        if (
            invoked == function
            and permission.get("Principal") == "apigateway.amazonaws.com"
            and permission.get("Action") == "lambda:InvokeFunction"
            and fnmatchcase(caller, str(permission.get("SourceArn", "*")).replace("[", "[[]"))
        ):
            return True
    return False
