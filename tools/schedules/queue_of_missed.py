"""Where Scheduler leaves times that it could not start, and the alarm that says so."""

from tools.schedules.platform_rules import Resource, if_given


def missed_queue() -> Resource:
    return {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": {"Fn::Sub": "${AWS::StackName}-missed"},
            "KmsMasterKeyId": if_given("KmsKeyArn"),
            "SqsManagedSseEnabled": if_given("KmsKeyArn", value=False, otherwise=True),
            "MessageRetentionPeriod": 1209600,
        },
    }


def missed_alarm() -> Resource:
    return {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmName": {"Fn::Sub": "${AWS::StackName}-missed"},
            "AlarmDescription": "A schedule could not start what it should for a day. See docs/operations.md#missed.",
            "Namespace": "AWS/SQS",
            "MetricName": "ApproximateNumberOfMessagesVisible",
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["MissedQueue", "QueueName"]}}],
            "Statistic": "Maximum",
            "Period": 300,
            "EvaluationPeriods": 1,
            "ComparisonOperator": "GreaterThanOrEqualToThreshold",
            "Threshold": 1,
            "TreatMissingData": "notBreaching",
            "AlarmActions": if_given("AlarmTopicArn", value=[{"Ref": "AlarmTopicArn"}]),
        },
    }
