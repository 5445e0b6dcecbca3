"""Language models behind one small protocol: remote, local, recorded, scripted."""

from telic.models.base import (
    ENDINGS,
    Capability,
    Choices,
    Embedding,
    Ending,
    Message,
    Model,
    Prompt,
    Question,
    Reply,
    Role,
    Usage,
    content_key,
)
from telic.models.blocking import Blocking

__all__ = [
    "ENDINGS",
    "Blocking",
    "Capability",
    "Choices",
    "Embedding",
    "Ending",
    "Message",
    "Model",
    "Prompt",
    "Question",
    "Reply",
    "Role",
    "Usage",
    "content_key",
]
