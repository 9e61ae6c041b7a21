"""Puts the policy folders of the repository's root into the wheel as `jiceng/policies`; all else stands in pyproject.toml."""

from __future__ import annotations

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent


class WithPolicies(build_py):
    """The usual build, plus the folders of law. An editable install reads them from the checkout instead."""

    def run(self) -> None:
        super().run()
        if not self.editable_mode:
            target = Path(self.build_lib) / "jiceng" / "policies"
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(ROOT / "policies", target, ignore=shutil.ignore_patterns("__pycache__"))


setup(cmdclass={"build_py": WithPolicies})
