"""What Amazon's services say when they refuse a call, in the words and the form of each."""

import json
from typing import Dict, List, Tuple
from xml.sax.saxutils import escape

from moto.core.exceptions import RESTError

Answer = Tuple[str, List[Tuple[str, str]], bytes]

QUERY_ERROR = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
    "<RequestId>00000000-0000-0000-0000-000000000000</RequestId></ErrorResponse>"
)
EC2_ERROR = (
    "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
    "<RequestID>00000000-0000-0000-0000-000000000000</RequestID></Response>"
)

# Who is refused, in what a service says of a right that is missing.
CALLER = "arn:aws:iam::123456789012:user/jockey"


class Refused(RESTError):
    """A call of Auto Scaling that is refused: its code, and the sentence that goes with it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message, template="wrapped_single_error")


def refusal_of(service: str, kind: str, action: str) -> Dict[str, str]:
    """Code, sentence and HTTP status with which a service refuses for a reason of this kind."""
    if kind == "throttle":
        if service == "ec2":
            return {"code": "RequestLimitExceeded", "message": "Request limit exceeded.", "status": "503"}
        return {"code": "Throttling", "message": "Rate exceeded", "status": "400"}
    if kind == "deny":
        right = f"{service}:{action}"
        sentence = (
            f"User: {CALLER} is not authorized to perform: {right} "
            f"because no identity-based policy allows the {right} action"
        )
        code = "UnauthorizedOperation" if service == "ec2" else "AccessDenied"
        return {"code": code, "message": sentence, "status": "403"}
    if kind == "expire":
        if service == "ec2":
            return {"code": "RequestExpired", "message": "Request has expired.", "status": "400"}
        sentence = "The security token included in the request is expired"
        return {"code": "ExpiredToken", "message": sentence, "status": "403"}
    raise ValueError(f"kind of a fault is throttle, deny, expire or refuse, not {kind}")


def answer_of(service: str, refusal: Dict[str, str]) -> Answer:
    """The HTTP answer of a refusal: status line, headers, body."""
    code, message, status = refusal["code"], refusal["message"], refusal["status"]
    if service == "sqs":
        body = json.dumps({"__type": f"com.amazonaws.sqs#{code}", "message": message})
        kind = "application/x-amz-json-1.0"
    else:
        form = EC2_ERROR if service == "ec2" else QUERY_ERROR
        body = form.format(code=escape(code), message=escape(message))
        kind = "text/xml"
    raw = body.encode()
    return f"{status} Refused", [("Content-Type", kind), ("Content-Length", str(len(raw)))], raw
