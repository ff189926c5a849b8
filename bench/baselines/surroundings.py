"""What every baseline reads from the environment: the names are those of the service itself."""

import os
from pathlib import Path

TOKEN = os.environ["SP_TELEGRAM_TOKEN"]
API_URL = os.environ["SP_TELEGRAM_API_URL"]
DATA_DIR = Path(os.environ["SP_DATA_DIR"])
