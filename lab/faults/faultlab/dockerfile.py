"""Just enough of a Dockerfile to judge it: stages, instructions, continuation lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Dockerfile:
    name: str
    text: str

    @staticmethod
    def read(path: Path) -> Dockerfile:
        return Dockerfile(path.name, path.read_text())

    def instructions(self) -> list[tuple[str, str]]:
        """(INSTRUCTION, argument), comments gone, continuation lines joined."""
        lines = [line for line in self.text.splitlines() if not line.lstrip().startswith("#")]
        joined = re.sub(r"\\\s*\n", " ", "\n".join(lines))
        pairs = [line.strip().split(None, 1) for line in joined.splitlines() if line.strip()]
        return [(pair[0].upper(), pair[1] if len(pair) > 1 else "") for pair in pairs]

    def of(self, instruction: str) -> list[str]:
        return [argument for name, argument in self.instructions() if name == instruction]

    def final_stage(self) -> list[tuple[str, str]]:
        found = self.instructions()
        last = max(index for index, (name, _) in enumerate(found) if name == "FROM")
        return found[last:]

    def entrypoints(self) -> list[str]:
        return [argument for name, argument in self.final_stage() if name in ("ENTRYPOINT",)]

    def bases(self) -> list[str]:
        """Images the stages start from, build arguments resolved to their defaults; a stage of this file is not a base."""
        defaults = dict(argument.split("=", 1) for argument in self.of("ARG") if "=" in argument)
        stages: set[str] = set()
        found = []
        for argument in self.of("FROM"):
            words = [word for word in argument.split() if not word.startswith("--")]
            image = re.sub(r"\$\{?(\w+)\}?", lambda m: defaults.get(m[1], m[0]), words[0]).strip('"')
            if image not in stages:
                found.append(image)
            if len(words) == 3:
                stages.add(words[2])
        return found


def names_a_version(image: str) -> bool:
    """Whether an image reference has a tag that is not `latest`, and a version in the tag or the name (`python3-debian13:nonroot`)."""
    name, _, tag = image.rsplit("/", 1)[-1].partition("@")[0].partition(":")
    return bool(tag) and tag != "latest" and any(c.isdigit() for c in name.removeprefix("python3") + tag)
