"""An OpenID Connect issuer of the sandbox's own: its keys for the gateway, and tokens for whoever asks."""

import json
import time
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from sandbox.aws.http_server import HttpReply, HttpRequest, json_reply

PREFIX = "/_sandbox/jwt"
DEFAULT_AUDIENCE = "farsync"
_KEY_ID = "sandbox"
_LIFE_SECONDS = 3600
_ALGORITHM = "RS256"


class TokenIssuer:
    """Answers requests under `url`, which is also the `iss` of its tokens. Its key lives as long as it does."""

    def __init__(self, endpoint: str, audience: str = DEFAULT_AUDIENCE) -> None:
        self.url = f"{endpoint}{PREFIX}"
        self.audience = audience
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)

    def describe(self) -> dict[str, str]:
        return {"issuer": self.url, "audience": self.audience, "tokenUrl": f"{self.url}/tokens"}

    def handle(self, request: HttpRequest) -> HttpReply:
        match request.method, request.path.removeprefix(PREFIX):
            case "GET", "/.well-known/openid-configuration":
                return json_reply(200, {"issuer": self.url, "jwks_uri": f"{self.url}/keys"})
            case "GET", "/keys":
                return json_reply(200, {"keys": [self._public_key()]})
            case "POST", "/tokens":
                try:
                    token = self.token(**json.loads(request.body or b"{}"))
                except (ValueError, TypeError) as error:
                    return json_reply(400, {"message": f"The claims must be a JSON object ({error})"})
                return HttpReply(200, token.encode(), (("Content-Type", "application/jwt"),))
        return json_reply(404, {"message": f"There is no {request.method} {request.path}"})

    def token(self, **claims: Any) -> str:
        """Good for an hour, for the subject `sandbox`. `claims` are laid over these; None takes one away."""
        now = int(time.time())
        life = {"iat": now, "exp": now + _LIFE_SECONDS}
        claims = {"iss": self.url, "aud": self.audience, "sub": "sandbox", **life, **claims}
        kept = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(kept, self._key, _ALGORITHM, headers={"kid": _KEY_ID})

    def _public_key(self) -> dict[str, Any]:
        public: dict[str, Any] = jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key(), as_dict=True)
        return public | {"kid": _KEY_ID, "use": "sig", "alg": _ALGORITHM}
