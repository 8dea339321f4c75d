"""Requests signed as both providers want them, by none of farsync's code."""

import time
from collections.abc import Mapping

from requests.auth import AuthBase

from sandbox.main_job import data_flow_client, dataarts_client
from sandbox.provider_service.keys import Keys


def signer(description: Mapping[str, str]) -> AuthBase:
    """Of a provider as the sandbox describes it."""
    access_key, secret_key = description["accessKey"], description["secretKey"]
    if "projectId" in description:
        return dataarts_client.Signature(access_key, secret_key, time.time)
    return data_flow_client.Signature(Keys(access_key, secret_key), time.time)
