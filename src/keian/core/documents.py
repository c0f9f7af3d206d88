"""Building blocks of the documents people write: settings of the models, and names."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

DOCUMENT = ConfigDict(extra="forbid", frozen=True)


class Names(BaseModel):
    """What a thing is called on the screen, in English and Japanese."""

    model_config = DOCUMENT

    en: str
    ja: str
