"""What EventBridge writes into a queue when something is about to happen to a machine."""

import json
import uuid
from typing import Any, Dict

from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.utils import iso_8601_datetime_with_milliseconds
from moto.sqs.models import sqs_backends

from world import WORLD

DETAIL_TYPES = {
    "spot_interruption": "EC2 Spot Instance Interruption Warning",
    "rebalance": "EC2 Instance Rebalance Recommendation",
}


def tell_of_machine(kind: str, region: str, instance: str) -> None:
    """A machine that is taken back in two minutes, or may be soon."""
    detail = {"instance-id": instance}
    if kind == "spot_interruption":
        detail["instance-action"] = "terminate"
    send("aws.ec2", DETAIL_TYPES[kind], region, detail)


def tell_of_hook(group: Any, state: Any, hook: Any) -> None:
    """A machine that a hook holds."""
    detail = {
        "LifecycleActionToken": str(uuid.uuid4()),
        "AutoScalingGroupName": group.name,
        "LifecycleHookName": hook.name,
        "EC2InstanceId": state.instance.id,
        "LifecycleTransition": hook.transition,
    }
    send("aws.autoscaling", "EC2 Instance-terminate Lifecycle Action", group.region, detail)


def send(source: str, detail_type: str, region: str, detail: Dict[str, str]) -> None:
    if WORLD.events_queue is None:
        return
    envelope = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": detail_type,
        "source": source,
        "account": DEFAULT_ACCOUNT_ID,
        "time": iso_8601_datetime_with_milliseconds(),
        "region": region,
        "resources": [],
        "detail": detail,
    }
    queue = WORLD.events_queue
    sqs_backends[DEFAULT_ACCOUNT_ID][queue["region"]].send_message(queue["name"], json.dumps(envelope))
