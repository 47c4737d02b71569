"""The table of what was measured, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One figure."""

    name: str
    value: float | None
    """None where it could not be measured; the remark then says why."""
    unit: str = ""
    remark: str = ""

    def figure(self) -> str:
        """The value with three significant digits, or all digits before the point."""
        if self.value is None:
            return "skipped"
        digits = f"{self.value:.0f}" if abs(self.value) >= 100 else f"{self.value:.3g}"
        return f"{digits} {self.unit}".rstrip()


@dataclass(frozen=True)
class Section:
    """The figures of one subject, and the command that measures them again."""

    subject: str
    command: str
    rows: tuple[Row, ...]


def render(machine: str, sections: Iterable[Section]) -> str:
    """One Markdown table; the machine above it, the commands below."""
    sections = list(sections)
    head = [machine, "", "| subject | measured | figure | remark |", "|---|---|---:|---|"]
    rows = [
        f"| {section.subject} | {row.name} | {row.figure()} | {row.remark} |"
        for section in sections
        for row in section.rows
    ]
    commands = [f"    {section.command}" for section in sections]
    return "\n".join([*head, *rows, "", "Measured again by", "", *commands])


def to_json(machine: str, sections: Iterable[Section]) -> dict[str, Any]:
    """The same with all digits."""
    return {"machine": machine, "sections": [asdict(section) for section in sections]}
