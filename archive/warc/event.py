"""What happened to an article, as it is told beside each capture.  Pure."""

import json
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened to an article, at a time.

    kind: `page` (a page was read), `known` (addresses were learnt), `pictures` (missing ones arrived), `reread` (a kept
    page was read again), `accepted` or `dismissed` (a person's word on a suspect text), `forgotten`.
    state, rule, layout, charset, evidence: what the page turned out to be, and why.
    verdict: `new`, `same`, `revised`, `suspect`, `older` or `copy` for an article; empty for other pages.
    revision: the number of the text it made, or of the one that was dismissed.  of: the article it is a copy of.
    status, size: of the answer, where the answer itself is not kept.
    prints: what of the article is compared (`archive.dedupe.Print`), as a mapping.
    """

    id: str
    at: datetime
    kind: str = "page"
    url: str = ""
    asked: str = ""
    origin: str = ""
    state: str = ""
    rule: str = ""
    layout: str = ""
    charset: str = ""
    evidence: str = ""
    verdict: str = ""
    revision: int = 0
    of: str = ""
    addresses: tuple[str, ...] = ()
    etag: str = ""
    last_modified: str = ""
    status: int = 0
    size: int = 0
    prints: dict[str, str | int] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The event as it is written; what says nothing is left out."""
        facts = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        facts["at"] = self.at.isoformat()
        return json.dumps(facts, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def from_json(cls, text: bytes) -> "Event":
        """The event in a text; keys of a later version are passed over.  Raises ValueError when it is no event."""
        facts = json.loads(text)
        try:
            known = {name: value for name, value in facts.items() if name in cls.__slots__}
            known["at"] = datetime.fromisoformat(facts["at"])
            known["addresses"] = tuple(facts.get("addresses", ()))
            return cls(**known)
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"not an event: {error}") from error
