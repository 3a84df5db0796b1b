"""`python -m shared_provider terraform …`: run a command that starts no provider of its own.

It runs in a folder that `terraform init` has prepared.
"""

import os
import subprocess
import sys
from pathlib import Path

from shared_provider import SharedProvider

folder = Path.cwd()
data = folder / os.environ.get("TF_DATA_DIR", ".terraform")
with SharedProvider(data, folder, os.environ) as provider:
    done = subprocess.run(sys.argv[1:], env={**os.environ, **provider.env}, check=False)
sys.exit(done.returncode)
