"""What a platform may ask of every stack of farsync's, by parameters of the same names as those of template.yaml."""

Resource = dict[str, object]

PARAMETERS: Resource = {
    "PermissionsBoundaryArn": {
        "Type": "String",
        "Default": "",
        "Description": "The managed policy that bounds the role; empty, none.",
    },
    "RolePath": {
        "Type": "String",
        "Default": "/",
        "AllowedPattern": "/([A-Za-z0-9._@=,+-]+/)*",
        "Description": "The IAM path of the role.",
    },
    "KmsKeyArn": {
        "Type": "String",
        "Default": "",
        "Description": "The key that encrypts the queue of missed times; empty, a key that AWS owns.",
    },
    "AlarmTopicArn": {
        "Type": "String",
        "Default": "",
        "Description": "The SNS topic that hears of alarms; empty, they only show.",
    },
}

_CONDITION_OF = {
    "PermissionsBoundaryArn": "HasPermissionsBoundary",
    "KmsKeyArn": "HasKmsKey",
    "AlarmTopicArn": "HasAlarmTopic",
}

CONDITIONS: Resource = {
    condition: {"Fn::Not": [{"Fn::Equals": [{"Ref": parameter}, ""]}]} for parameter, condition in _CONDITION_OF.items()
}


def if_given(parameter: str, value: object = None, otherwise: object = None) -> Resource:
    """The value, the parameter's own without one, where the parameter is not empty."""
    nothing = {"Ref": "AWS::NoValue"}
    given = {"Ref": parameter} if value is None else value
    return {"Fn::If": [_CONDITION_OF[parameter], given, nothing if otherwise is None else otherwise]}
