"""
moto's server for Jockey's tests: Amazon's Auto Scaling, EC2 and SQS in one process, with what moto 5.1.1 lacks put in.

    python3 server.py PORT

Calls with the access key `onlooker` never fail on demand, and are not counted. Beside Amazon's own calls it answers:

    GET    /jockey/ready      200 once it serves
    PATCH  /jockey/settings   {"launch_seconds", "capacity", "heartbeat_seconds", "events_queue": {"region", "name"}}
    POST   /jockey/faults     {"action" or "*", "kind": throttle | deny | expire | refuse, "times", "service", "code", "message"}
    DELETE /jockey/faults     no call fails any more
    POST   /jockey/notices    {"kind": spot_interruption | rebalance, "region", "instance"}
    POST   /jockey/addresses  {"region", "instance", "address"}: the private address of a machine
    GET    /jockey/calls      [{"service", "action"}] of all calls since the start
    POST   /moto-api/reset    forgets everything
"""

import io
import json
import sys
from threading import RLock
from typing import Any, Dict, Tuple
from urllib.parse import parse_qs

from moto.core import DEFAULT_ACCOUNT_ID
from moto.ec2 import ec2_backends
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, run_simple

import calls
import groups
from notices import tell_of_machine
from refused import answer_of
from world import WORLD

# Services whose state is shared by calls; a queue is asked for up to 20 seconds and must not hold them up.
ORDERED = ("autoscaling", "ec2")

# Access key of who only looks on: its calls neither fail nor count.
ONLOOKER = "onlooker"


class Server:
    """The WSGI application."""

    def __init__(self) -> None:
        self.moto = DomainDispatcherApplication(create_backend_app)
        self.lock = RLock()

    def __call__(self, environ: Dict[str, Any], start_response: Any) -> Any:
        path = environ.get("PATH_INFO", "")
        if path.startswith("/jockey/"):
            with self.lock:
                return control(environ, start_response)
        if path == "/moto-api/reset":
            WORLD.reset()
        caller, service, action = call_of(environ)
        if action and caller != ONLOOKER:
            WORLD.calls.append({"service": service, "action": action})
            refusal = WORLD.refusal(service, action)
            if refusal is not None:
                status, headers, body = answer_of(service, refusal)
                start_response(status, headers)
                return [body]
        if service not in ORDERED:
            return self.moto(environ, start_response)
        with self.lock:
            groups.settle_all()
            return self.moto(environ, start_response)


def call_of(environ: Dict[str, Any]) -> Tuple[str, str, str]:
    """Access key, service and action of a call, by its signature and its body."""
    scope = environ.get("HTTP_AUTHORIZATION", "").split("Credential=")[-1].split(",")[0].split("/")
    caller, service = (scope[0], scope[3]) if len(scope) > 3 else ("", "")
    target = environ.get("HTTP_X_AMZ_TARGET")
    if target:
        return caller, service, target.split(".")[-1]
    return caller, service, parse_qs(body_of(environ)).get("Action", [""])[0]


def body_of(environ: Dict[str, Any]) -> str:
    raw = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    environ["wsgi.input"] = io.BytesIO(raw)
    return raw.decode()


def control(environ: Dict[str, Any], start_response: Any) -> Any:
    what = f'{environ["REQUEST_METHOD"]} {environ["PATH_INFO"]}'
    wishes = json.loads(body_of(environ) or "{}")
    answer: Any = {}
    if what == "PATCH /jockey/settings":
        WORLD.settle_for(wishes)
    elif what == "POST /jockey/faults":
        WORLD.faults.append(wishes)
    elif what == "DELETE /jockey/faults":
        WORLD.faults.clear()
    elif what == "POST /jockey/notices":
        tell_of_machine(wishes["kind"], wishes["region"], wishes["instance"])
    elif what == "POST /jockey/addresses":
        place(wishes["region"], wishes["instance"], wishes["address"])
    elif what == "GET /jockey/calls":
        answer = WORLD.calls
    elif what != "GET /jockey/ready":
        start_response("404 Not Found", [("Content-Type", "application/json")])
        return [b"{}"]
    start_response("200 OK", [("Content-Type", "application/json")])
    return [json.dumps(answer).encode()]


def place(region: str, instance: str, address: str) -> None:
    machine = ec2_backends[DEFAULT_ACCOUNT_ID][region].get_instance(instance)
    machine.nics[0].private_ip_address = address
    for known in machine.nics[0].private_ip_addresses:
        if known.get("Primary"):
            known["PrivateIpAddress"] = address


class Quiet(WSGIRequestHandler):
    """One connection serves many calls, and none of them is a line of the log."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_args: Any) -> None:
        pass


if __name__ == "__main__":
    groups.put_in_place()
    calls.put_in_place()
    run_simple("127.0.0.1", int(sys.argv[1]), Server(), threaded=True, request_handler=Quiet)
