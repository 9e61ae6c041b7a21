"""Copy third-party browser files into src/jiceng/ui/static/vendor, exactly as vendor.json names them.

Run by a maintainer who wants another version, never by a user: `python tools/vendor.py`. It asks npm for each package,
checks its integrity against vendor.json (an empty one is filled in), copies the files, drops source-map lines, writes
each licence beside them, and builds one sprite of the icons in use.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "src/jiceng/ui/static/vendor"
SOURCE_MAP = re.compile(r"\n?(/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=\S+)\s*$")
MIT = """MIT License

{copyright}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
"""


def main() -> int:
    """Bring every package of vendor.json in; returns the number of packages whose integrity differs."""
    listed = json.loads((HERE / "vendor.json").read_text(encoding="utf-8"))
    wrong = 0
    for entry in listed["packages"]:
        with tempfile.TemporaryDirectory() as folder:
            packed = pack(entry["package"], entry["version"], Path(folder))
            found = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
            if entry.get("integrity") not in ("", None, found):
                print(f"{entry['package']}: integrity differs from vendor.json, left as it was", file=sys.stderr)
                wrong += 1
                continue
            entry["integrity"] = found
            with tarfile.open(packed) as archive:
                archive.extractall(folder, filter="data")
            bring_in(entry, Path(folder) / "package")
    (HERE / "vendor.json").write_text(json.dumps(listed, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return wrong


def pack(package: str, version: str, folder: Path) -> Path:
    """The package's archive, downloaded by npm into the folder."""
    done = subprocess.run(["npm", "pack", "--json", f"{package}@{version}"], cwd=folder, check=True, capture_output=True, text=True)
    return folder / json.loads(done.stdout)[0]["filename"]


def bring_in(entry: dict[str, object], package: Path) -> None:
    """Copy files, licence and, for an icon package, the sprite."""
    target = HERE / str(entry["folder"])
    target.mkdir(exist_ok=True)
    for source, name in dict(entry.get("files", {})).items():  # type: ignore[call-overload]
        text = (package / source).read_text(encoding="utf-8")
        (target / name).write_text(SOURCE_MAP.sub("\n", text), encoding="utf-8")
    if "icons" in entry:
        (target / "icons.svg").write_text(sprite(package, list(entry["icons"])), encoding="utf-8")  # type: ignore[call-overload]
    licence = package / "LICENSE"
    text = licence.read_text(encoding="utf-8") if licence.exists() else MIT.format(copyright=entry["copyright"])
    (target / "LICENSE").write_text(text, encoding="utf-8")


def sprite(package: Path, names: list[str]) -> str:
    """One SVG with a symbol for each icon in use."""
    symbols = []
    for name in sorted(names):
        body = (package / "icons/outline" / f"{name}.svg").read_text(encoding="utf-8")
        shapes = [
            line.strip()
            for line in body.splitlines()
            if line.strip().startswith(("<path", "<circle", "<rect")) and "M0 0h24v24H0z" not in line
        ]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(shapes)}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    sys.exit(main())
