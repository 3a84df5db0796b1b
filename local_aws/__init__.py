"""A local AWS: moto, extended to behave as AWS does as far as this project needs it.

`client.LocalAws` starts, stops and controls it; `services` has a module for each service. It
follows AWS's documentation, knows nothing of what is built on it, and refuses what it does not
know.
"""

import functools
import os

import botocore.session

# Before moto is imported, which reads it: AWS's managed policies exist in every account.
os.environ.setdefault("MOTO_IAM_LOAD_MANAGED_POLICIES", "true")
# A session would read the models of its services for itself, and moto makes a session for each of
# its services.
botocore.session.create_loader = functools.cache(botocore.session.create_loader)
