"""The commands that README.md shows for the REST API, run as they stand there."""

import os
import re
import subprocess

from installation import ROBOTS
from server import REPOSITORY

FENCED = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_the_commands_of_the_readme_work(own_server, tmp_path):
    text = REPOSITORY.joinpath("README.md").read_text(encoding="utf-8")
    blocks = [block for block in FENCED.findall(text) if "/public/v1/" in block]
    assert blocks, "README.md has no block fenced as ```bash with /public/v1/ in it"
    # An answer that is an error must end a block, whether or not it says so itself.
    tmp_path.joinpath(".curlrc").write_text("fail-with-body\nshow-error\n")
    settings = os.environ | {
        "LATCHKEY_URL": own_server.url, "LATCHKEY_TOKEN": ROBOTS["operations"]["secret"],
        "CURL_HOME": str(tmp_path),
    }
    for block in blocks:
        ran = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block], cwd=tmp_path, env=settings, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=60,
        )
        assert ran.returncode == 0, f"{block}\n{ran.stdout}\n{ran.stderr}"
