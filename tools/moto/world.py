"""What the cloud is told to be like: how long a machine takes to start, how many there are, which calls fail."""

from typing import Any, Dict, List, Optional

from refused import refusal_of


class World:
    """Settings that hold for all regions, until they are told otherwise or the server is reset."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        # Seconds that a machine is Pending.
        self.launch_seconds: float = 0
        # How many machines the cloud can give to a group; None is as many as it wants.
        self.capacity: Optional[int] = None
        # Runs hooks out after so many seconds, whatever they say; None leaves it to the hook.
        self.heartbeat_seconds: Optional[float] = None
        # Queue of SQS that EventBridge writes to: {"region", "name"}.
        self.events_queue: Optional[Dict[str, str]] = None
        self.faults: List[Dict[str, Any]] = []
        self.calls: List[Dict[str, str]] = []

    def settle_for(self, wishes: Dict[str, Any]) -> None:
        """Takes over settings; an unknown one is a fault of the test that sends it."""
        for name, value in wishes.items():
            if name not in ("launch_seconds", "capacity", "heartbeat_seconds", "events_queue"):
                raise ValueError(f"there is no setting {name}")
            setattr(self, name, value)

    def refusal(self, service: str, action: str) -> Optional[Dict[str, str]]:
        """The refusal of this call, if it has to fail; a fault that was to happen so often is used up by it."""
        for fault in self.faults:
            if fault["action"] not in ("*", action) or fault.get("service", service) != service:
                continue
            if fault.get("times") is not None:
                fault["times"] -= 1
                if fault["times"] <= 0:
                    self.faults.remove(fault)
            if fault["kind"] == "refuse":
                return {"code": fault["code"], "message": fault["message"], "status": str(fault.get("status", 400))}
            return refusal_of(service, fault["kind"], action)
        return None


WORLD = World()
