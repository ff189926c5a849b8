"""The desk's answers: texts, the match from a question to a topic, danger words."""

import os

# Read by numpy when it is first imported: learning solves many small systems, for which a second thread only
# waits (0.8 s of CPU against 2.3 s at start, two cores), and every thread keeps a buffer of its own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
