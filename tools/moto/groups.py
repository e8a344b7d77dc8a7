"""
How groups behave in time, put into moto's own classes: a count that is met by and by, machines that are Pending, hooks
that hold, protection that is honoured, activities that are remembered.
"""

import time
import uuid
from datetime import datetime, timezone
from typing import Any, List, Optional

from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup, InstanceState, autoscaling_backends
from moto.core.utils import iso_8601_datetime_with_milliseconds

from notices import tell_of_hook
from refused import Refused
from world import WORLD

TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
# Auto Scaling lets a hook hold a machine for 48 hours or 100 heartbeats, whichever is less.
LONGEST_HOLD_SECONDS = 48 * 3600
MOST_HEARTBEATS = 100
# A launch that failed is tried again after so many seconds.
RETRY_SECONDS = 2


def no_group(name: str) -> Refused:
    return Refused("ValidationError", f"AutoScalingGroup name not found - AutoScalingGroup {name} not found")


def refuse_limits(least: Optional[int], most: Optional[int], desired: Optional[int]) -> None:
    if least is None or most is None:
        return
    if least > most:
        sentence = f"Max bound, {most}, must be greater than or equal to min bound, {least}"
        raise Refused("ValidationError", sentence)
    if desired is not None and not least <= desired <= most:
        sentence = f"Desired capacity:{desired} must be between the specified min size:{least} and max size:{most}"
        raise Refused("ValidationError", sentence)


class Group:
    """Methods that take the place of those of moto's group; `self` is moto's group."""

    def set_desired_capacity(self: Any, new_capacity: Optional[int]) -> None:
        wanted = self.min_size if new_capacity is None else int(new_capacity)
        refuse_limits(self.min_size, self.max_size, wanted)
        if not hasattr(self, "created_time"):
            self.created_at = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        self.desired_capacity = wanted
        settle(self)

    def update(self: Any, availability_zones: List[str], desired_capacity: Optional[int], **changes: Any) -> None:
        least = self.min_size if changes["min_size"] is None else changes["min_size"]
        most = self.max_size if changes["max_size"] is None else changes["max_size"]
        refuse_limits(least, most, desired_capacity)
        self._set_azs_and_vpcs(availability_zones, changes["vpc_zone_identifier"], update=True)
        self._set_launch_configuration(changes["launch_config_name"], changes["launch_template"], None)
        for name in ("health_check_period", "health_check_type", "new_instances_protected_from_scale_in"):
            if changes.get(name) is not None:
                setattr(self, name, changes[name])
        self.min_size, self.max_size = least, most
        kept = min(max(self.desired_capacity, least), most)
        self.set_desired_capacity(kept if desired_capacity is None else desired_capacity)

    @property
    def instance_type(self: Any) -> str:
        policy = getattr(self, "mixed_instances_policy", None) or {}
        kinds = [each.get("InstanceType") for each in policy.get("LaunchTemplate", {}).get("Overrides", [])]
        if kinds:
            return kinds[0]
        if self.launch_template:
            return self.launch_template.get_version(self.launch_template_version).instance_type
        return self.launch_config.instance_type


class Backend:
    """Methods that take the place of those of moto's Auto Scaling; `self` is moto's backend of a region."""

    def terminate_instance(self: Any, instance_id: str, should_decrement: bool) -> Any:
        group, state = managed(self, instance_id)
        before = group.desired_capacity
        if not leaves(state):
            if should_decrement and before - 1 < group.min_size:
                raise Refused(
                    "ValidationError",
                    f"Currently, desiredSize equals minSize ({group.min_size}). Terminating instance without "
                    "replacement will violate group's min size constraint. Either set "
                    "shouldDecrementDesiredCapacity flag to false or lower group's min size.",
                )
            if should_decrement:
                group.desired_capacity -= 1
            take_out(group, state, "in response to a user request")
            settle(group)
        return state, before, group.desired_capacity

    def notify_terminate_instances(self: Any, instance_ids: List[str]) -> None:
        """Machines were ended past the group: it sees them dead, and takes them out as it does any other."""
        for group in list(self.autoscaling_groups.values()):
            for state in [each for each in group.instance_states if each.instance.id in instance_ids]:
                state.health_status = "Unhealthy"
            settle(group)

    def set_instance_health(self: Any, instance_id: str, health_status: str) -> None:
        group, state = managed(self, instance_id)
        state.health_status = health_status
        settle(group)

    def delete_auto_scaling_group(self: Any, group_name: str) -> None:
        """By force: no hook holds a machine of a group that is deleted."""
        group = self.autoscaling_groups.pop(group_name)
        group.min_size = group.desired_capacity = 0
        for state in list(group.instance_states):
            finish(group, state)
        for key in [key for key, hook in self.lifecycle_hooks.items() if hook.as_name == group_name]:
            del self.lifecycle_hooks[key]

    def complete_lifecycle_action(self: Any, group_name: str, hook: str, instance_id: str, result: str) -> None:
        group, state = held(self, group_name, hook, instance_id)
        del state.holds[hook]
        if result == "ABANDON":
            state.holds.clear()
        settle(group)

    def record_lifecycle_action_heartbeat(self: Any, group_name: str, hook: str, instance_id: str) -> None:
        _group, state = held(self, group_name, hook, instance_id)
        hold = state.holds[hook]
        hold["until"] = min(time.monotonic() + hold["heartbeat"], hold["at_most"])


def managed(backend: Any, instance_id: str) -> Any:
    for group in backend.autoscaling_groups.values():
        for state in group.instance_states:
            if state.instance.id == instance_id:
                return group, state
    sentence = f"Instance Id not found - No managed instance found for instance ID: {instance_id}"
    raise Refused("ValidationError", sentence)


def held(backend: Any, group_name: str, hook: str, instance_id: str) -> Any:
    group = backend.autoscaling_groups[group_name]
    for state in group.instance_states:
        if state.instance.id == instance_id and hook in getattr(state, "holds", {}):
            return group, state
    sentence = f"No active Lifecycle Action found with instance ID {instance_id}"
    raise Refused("ValidationError", sentence)


def leaves(state: InstanceState) -> bool:
    return state.lifecycle_state.startswith("Terminating")


def settle_all() -> None:
    """Brings every group to where it is by now."""
    for account in autoscaling_backends.values():
        for backend in list(account.values()):
            for group in list(backend.autoscaling_groups.values()):
                settle(group)


def settle(group: Any) -> None:
    now = time.monotonic()
    for state in list(group.instance_states):
        if state.lifecycle_state == "Pending" and now >= state.ready_at:
            state.lifecycle_state = "InService"
        if leaves(state):
            let_go(group, state, now)
        elif state.health_status == "Unhealthy" and "ReplaceUnhealthy" not in group.suspended_processes:
            take_out(group, state, "in response to an EC2 health check")
    counted = [each for each in group.instance_states if not leaves(each) and each.lifecycle_state != "Standby"]
    missing = group.desired_capacity - len(counted)
    if missing > 0 and "Launch" not in group.suspended_processes:
        launch(group, missing, now)
    elif missing < 0 and "Terminate" not in group.suspended_processes:
        spare = [each for each in counted if not each.protected_from_scale_in]
        for state in spare[:-missing]:
            take_out(group, state, "in response to a difference between desired and actual capacity")


def launch(group: Any, missing: int, now: float) -> None:
    here = len(group.instance_states)
    possible = missing if WORLD.capacity is None else max(0, min(missing, WORLD.capacity - here))
    if possible > 0:
        known = {id(state) for state in group.instance_states}
        group.replace_autoscaling_group_instances(possible, group.get_propagated_tags())
        for state in [each for each in group.instance_states if id(each) not in known]:
            state.ready_at = now + WORLD.launch_seconds
            state.lifecycle_state = "InService" if WORLD.launch_seconds <= 0 else "Pending"
            note(group, f"Launching a new EC2 instance: {state.instance.id}", "Successful", "")
    if possible < missing and now >= getattr(group, "try_again_at", 0):
        group.try_again_at = now + RETRY_SECONDS
        sentence = (
            f"We currently do not have sufficient {group.instance_type} capacity in the Availability Zones you "
            "requested. Launching EC2 instance failed."
        )
        note(group, "Launching a new EC2 instance.  Status Reason: " + sentence, "Failed", sentence)


def take_out(group: Any, state: Any, cause: str) -> None:
    """Begins to end a machine: its hooks hold it first."""
    backend = group.autoscaling_backend
    note(group, f"Terminating EC2 instance: {state.instance.id}", "InProgress", "", cause)
    hooks = [each for each in backend.describe_lifecycle_hooks(group.name) if each.transition == TERMINATING]
    state.lifecycle_state = "Terminating:Wait"
    state.holds = {hook.name: hold_of(hook) for hook in hooks}
    for hook in hooks:
        tell_of_hook(group, state, hook)
    let_go(group, state, time.monotonic())


def hold_of(hook: Any) -> Any:
    now = time.monotonic()
    beat = WORLD.heartbeat_seconds if WORLD.heartbeat_seconds is not None else hook.timeout
    return {"heartbeat": beat, "until": now + beat, "at_most": now + min(LONGEST_HOLD_SECONDS, MOST_HEARTBEATS * beat)}


def let_go(group: Any, state: Any, now: float) -> None:
    """Ends a machine that no hook holds any more; one whose time is over is let go, whatever its default result says."""
    for name in [name for name, hold in state.holds.items() if now >= hold["until"]]:
        del state.holds[name]
    if not state.holds:
        finish(group, state)


def finish(group: Any, state: Any) -> None:
    if state.instance.state != "terminated":
        group.autoscaling_backend.ec2_backend.terminate_instances([state.instance.id])
    group.instance_states = [each for each in group.instance_states if each is not state]


def note(group: Any, description: str, status: str, message: str, cause: str = "") -> None:
    backend = group.autoscaling_backend
    now = iso_8601_datetime_with_milliseconds()
    activity = {
        "id": str(uuid.uuid4()),
        "group": group.name,
        "description": description,
        "cause": f"At {now} {cause or 'an instance was started to meet the desired capacity'}.",
        "at": now,
        "status": status,
        "message": message,
    }
    # Auto Scaling answers the newest first, and forgets after six weeks; ours forgets by count.
    backend.activities = [activity, *getattr(backend, "activities", [])][:1000]


def put_in_place() -> None:
    for own, theirs in ((Group, FakeAutoScalingGroup), (Backend, AutoScalingBackend)):
        for name, member in vars(own).items():
            if not name.startswith("__"):
                setattr(theirs, name, member)
