"""An OpenID Connect issuer of the sandbox's own: its keys for the gateway, and tokens for whoever asks."""

import datetime
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.aws.http_server import HttpReply, HttpRequest

PREFIX = "/_sandbox/jwt"
DEFAULT_AUDIENCE = "farsync"
_KEY_ID = "sandbox"
_LIFE = datetime.timedelta(hours=1)
_ALGORITHM = "RS256"


class TokenIssuer:
    """Answers requests under `url`, which is also the `iss` of its tokens. Its key lives as long as it does."""

    def __init__(self, endpoint: str, audience: str = DEFAULT_AUDIENCE, clock: Callable[[], float] = time.time) -> None:
        self.url = f"{endpoint}{PREFIX}"
        self.audience = audience
        self._clock = clock
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def describe(self) -> dict[str, str]:
        return {"issuer": self.url, "audience": self.audience, "tokenUrl": f"{self.url}/tokens"}

    def handle(self, request: HttpRequest) -> HttpReply:
        match request.method, request.path.removeprefix(PREFIX):
            case "GET", "/.well-known/openid-configuration":
                return _json(200, {"issuer": self.url, "jwks_uri": f"{self.url}/keys"})
            case "GET", "/keys":
                return _json(200, {"keys": [self._public_key()]})
            case "POST", "/tokens":
                return self._mint(request.body)
        return _json(404, {"message": f"There is no {request.method} {request.path}"})

    def token(self, **claims: Any) -> str:
        """Good for an hour, for the subject `sandbox`. `claims` are laid over these; None takes one away."""
        now = int(self._clock())
        default = {
            "iss": self.url,
            "aud": self.audience,
            "sub": "sandbox",
            "iat": now,
            "exp": now + int(_LIFE.total_seconds()),
        }
        told = {name: value for name, value in (default | claims).items() if value is not None}
        return jwt.api_jws.encode(
            json.dumps(told, ensure_ascii=False).encode(),
            self._key,
            _ALGORITHM,
            headers={"kid": _KEY_ID, "typ": "JWT"},
        )

    def _mint(self, body: bytes) -> HttpReply:
        try:
            claims = json.loads(body or b"{}")
        except ValueError as error:
            return _json(400, {"message": f"The claims must be a JSON object ({error})"})
        if not isinstance(claims, dict):
            return _json(400, {"message": "The claims must be a JSON object"})
        return HttpReply(200, self.token(**claims).encode(), (("Content-Type", "application/jwt"),))

    def _public_key(self) -> dict[str, Any]:
        public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return public | {"kid": _KEY_ID, "use": "sig", "alg": _ALGORITHM}


def _json(status: int, content: Any) -> HttpReply:
    return HttpReply(status, json.dumps(content).encode(), (("Content-Type", "application/json"),))
