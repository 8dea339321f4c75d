"""AWS's names of errors: which pass by themselves, whose fault the others are, and what to do about them.

What a call may answer stands in the Errors section of its page, and in
https://docs.aws.amazon.com/step-functions/latest/apireference/CommonErrors.html for all. A name that is in none of
these sets, beside a status of 4xx, is one that no waiting cures.
"""

THROTTLED = frozenset(
    {
        *("Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException"),
        *("TooManyRequestsException", "RequestLimitExceeded", "LimitExceededException", "BandwidthLimitExceeded"),
        *("ProvisionedThroughputExceededException", "EC2ThrottledException", "SlowDown", "PriorRequestNotComplete"),
        *("KmsThrottled", "KmsThrottlingException", "ExecutionLimitExceeded", "TransactionInProgressException"),
    }
)
FAILED_WITHIN_AWS = frozenset(
    {
        *("InternalError", "InternalFailure", "InternalServerError", "InternalServiceError", "ServiceUnavailable"),
        *("ServiceUnavailableException", "RequestTimeout", "RequestTimeoutException"),
    }
)
"""Worth asking again within the same call, whatever the status beside them."""
RENEWED_BY_AWS = frozenset(
    {
        *("ExpiredToken", "ExpiredTokenException", "InvalidClientTokenId", "UnrecognizedClientException"),
        *("InvalidSignatureException", "SignatureDoesNotMatch", "IncompleteSignature", "MissingAuthenticationToken"),
        *("RequestExpired", "RequestTimeTooSkewed"),
    }
)
"""Lambda renews credentials and sets clocks: another call has others."""
ANSWERS = frozenset(
    {
        *("ExecutionAlreadyExists", "ExecutionDoesNotExist", "TaskDoesNotExist", "TaskTimedOut"),
        *("MessageNotInflight", "ReceiptHandleIsInvalid"),
    }
)
"""Who expects one of these takes it for an answer. To all others AWS shows later what is the case."""
WRONG_REQUEST = frozenset(
    {
        *("InvalidArn", "InvalidExecutionInput", "InvalidMessageContents", "InvalidName", "InvalidOutput"),
        *("InvalidParameterException", "InvalidParameterValue", "InvalidRequestException", "InvalidToken"),
        *("InvalidNextTokenException", "ValidationError", "ValidationException"),
    }
)
"""What was asked for is wrong. Callers check all that they can, so this is what only AWS knows to be wrong."""

REMEDIES: tuple[tuple[frozenset[str], str], ...] = (
    (
        frozenset({"KmsAccessDenied", "KmsAccessDeniedException", "KmsDisabled", "KmsInvalidKeyUsage"})
        | {"KmsInvalidState", "KmsInvalidStateException", "KmsNotFound", "KmsOptInRequired", "DecryptionFailure"},
        "let the policy and the state of the stack's key (KmsKeyArn) allow it",
    ),
    (
        frozenset({"QueueDoesNotExist", "ResourceNotFound", "ResourceNotFoundException", "StateMachineDeleting"})
        | {"StateMachineDoesNotExist", "StateMachineTypeNotSupported", "EnvironmentIncomplete", "InvalidAddress"},
        "deploy the stack again",
    ),
)
OTHERWISE = "let the policies of the function's role allow it, or deploy the stack again"


def remedy(code: str) -> str:
    """What to do about a rejection that no waiting cures."""
    return next((text for codes, text in REMEDIES if code in codes), OTHERWISE)
