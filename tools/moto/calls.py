"""Calls of Auto Scaling that moto does not know, or answers so that the SDK cannot read it."""

from typing import Any, Callable

from moto.autoscaling import responses
from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
from moto.autoscaling.responses import AutoScalingResponse
from moto.core.exceptions import RESTError

from groups import no_group, refuse_limits
from refused import Refused

EMPTY = "<{0}Response><{0}Result/><ResponseMetadata><RequestId></RequestId></ResponseMetadata></{0}Response>"

ACTIVITIES = """<DescribeScalingActivitiesResponse>
<DescribeScalingActivitiesResult>
  <Activities>
  {% for each in activities %}
    <member>
      <ActivityId>{{ each.id }}</ActivityId>
      <AutoScalingGroupName>{{ each.group }}</AutoScalingGroupName>
      <Description>{{ each.description | e }}</Description>
      <Cause>{{ each.cause | e }}</Cause>
      <StartTime>{{ each.at }}</StartTime>
      <EndTime>{{ each.at }}</EndTime>
      <StatusCode>{{ each.status }}</StatusCode>
      <StatusMessage>{{ each.message | e }}</StatusMessage>
      <Progress>100</Progress>
      <Details>{}</Details>
    </member>
  {% endfor %}
  </Activities>
  {% if next_token %}<NextToken>{{ next_token }}</NextToken>{% endif %}
</DescribeScalingActivitiesResult>
<ResponseMetadata><RequestId></RequestId></ResponseMetadata>
</DescribeScalingActivitiesResponse>"""


class Calls:
    """Methods that take the place of those of moto's answers; `self` is moto's answer to one call."""

    def describe_scaling_activities(self: Any) -> str:
        name = self._get_param("AutoScalingGroupName")
        every = [each for each in getattr(self.autoscaling_backend, "activities", []) if name in (None, each["group"])]
        start = int(self._get_param("NextToken", 0))
        end = start + self._get_int_param("MaxRecords", 100)
        token = str(end) if end < len(every) else None
        return self.response_template(ACTIVITIES).render(activities=every[start:end], next_token=token)

    def complete_lifecycle_action(self: Any) -> str:
        self.autoscaling_backend.complete_lifecycle_action(*held_of(self), self._get_param("LifecycleActionResult"))
        return EMPTY.format("CompleteLifecycleAction")

    def record_lifecycle_action_heartbeat(self: Any) -> str:
        self.autoscaling_backend.record_lifecycle_action_heartbeat(*held_of(self))
        return EMPTY.format("RecordLifecycleActionHeartbeat")


def held_of(call: Any) -> Any:
    return tuple(call._get_param(name) for name in ("AutoScalingGroupName", "LifecycleHookName", "InstanceId"))


def refuse_unknown_group(call: Any, action: str) -> None:
    if action in ("CreateAutoScalingGroup", "CreateLaunchConfiguration"):
        return
    tagged = [value[0] for key, value in call.querystring.items() if key.endswith(".ResourceId")]
    for name in [call._get_param("AutoScalingGroupName"), *tagged]:
        if name is not None and name not in call.autoscaling_backend.autoscaling_groups:
            raise no_group(name)


def refuse_creation(call: Any) -> None:
    name = call._get_param("AutoScalingGroupName")
    if name in call.autoscaling_backend.autoscaling_groups:
        sentence = "AutoScalingGroup by this name already exists - A group with the name " + name + " already exists"
        raise Refused("AlreadyExists", sentence)
    least, most = call._get_int_param("MinSize"), call._get_int_param("MaxSize")
    refuse_limits(least, most, call._get_int_param("DesiredCapacity"))


def refuse_deletion(call: Any) -> None:
    group = call.autoscaling_backend.autoscaling_groups[call._get_param("AutoScalingGroupName")]
    if group.instance_states and call._get_param("ForceDelete") != "true":
        sentence = (
            "You cannot delete an AutoScalingGroup while there are instances or pending Spot instance request(s) "
            "still in the group."
        )
        raise Refused("ResourceInUse", sentence)


def take_over_policy(call: Any) -> None:
    """What an update says of its launch template by a mixed instances policy, which moto leaves out."""
    policy = call._get_params().get("MixedInstancesPolicy")
    if policy:
        group = call.autoscaling_backend.autoscaling_groups[call._get_param("AutoScalingGroupName")]
        group._set_launch_configuration(None, None, policy)
        group.mixed_instances_policy = policy


CHECKS = {
    "CreateAutoScalingGroup": refuse_creation,
    "DeleteAutoScalingGroup": refuse_deletion,
    "UpdateAutoScalingGroup": take_over_policy,
}


def checked(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A call that is refused in the service's words where moto would answer a page of HTML."""

    def call_action(self: Any) -> Any:
        action = self._get_action()
        try:
            refuse_unknown_group(self, action)
            CHECKS.get(action, lambda _call: None)(self)
            return original(self)
        except RESTError as refused:
            return refused.code, {"Content-Type": "text/xml"}, refused.description
        except NotImplementedError:
            unknown = Refused("InvalidAction", f"Could not find operation {action} for version 2011-01-01")
            return unknown.code, {"Content-Type": "text/xml"}, unknown.description

    return call_action


def with_hook_kept(original: Callable[..., Any]) -> Callable[..., Any]:
    """A hook that is put again keeps what is not said."""

    def create(self: Any, name: str, as_name: str, transition: Any, timeout: Any, result: Any) -> Any:
        old = self.lifecycle_hooks.get(f"{as_name}_{name}")
        if old is not None:
            transition, timeout, result = transition or old.transition, timeout or old.timeout, result or old.result
        if timeout is not None and not 30 <= timeout <= 7200:
            raise Refused("ValidationError", "Heartbeat timeout must be between 30 and 7200 seconds")
        return original(self, name, as_name, transition, timeout, result)

    return create


def put_in_place() -> None:
    for name, member in vars(Calls).items():
        if not name.startswith("__"):
            setattr(AutoScalingResponse, name, member)
    AutoScalingResponse.call_action = checked(AutoScalingResponse.call_action)
    AutoScalingBackend.create_lifecycle_hook = with_hook_kept(AutoScalingBackend.create_lifecycle_hook)
    # The SDK refuses a time without its zone; and one brace too many stands in the text of a launch template.
    FakeAutoScalingGroup.created_at = ""
    described = responses.DESCRIBE_AUTOSCALING_GROUPS_TEMPLATE
    described = described.replace("{{ group.created_time }}", "{{ group.created_at }}").replace("%}}", "%}")
    responses.DESCRIBE_AUTOSCALING_GROUPS_TEMPLATE = described
