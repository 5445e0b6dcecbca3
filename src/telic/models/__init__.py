"""Language models behind one small protocol: remote, local, recorded, scripted."""

from telic.models._prices import about_prices
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
from telic.models.local import Local, missing_for_local
from telic.models.recorded import CassetteMode, Recorded, unknown_request
from telic.models.remote import Remote
from telic.models.scripted import Scripted
from telic.models.static import StaticVectors, missing_for_vectors

__all__ = [
    "ENDINGS",
    "Blocking",
    "Capability",
    "CassetteMode",
    "Choices",
    "Embedding",
    "Ending",
    "Local",
    "Message",
    "Model",
    "Prompt",
    "Question",
    "Recorded",
    "Remote",
    "Reply",
    "Role",
    "Scripted",
    "StaticVectors",
    "Usage",
    "about_prices",
    "content_key",
    "missing_for_local",
    "missing_for_vectors",
    "unknown_request",
]
