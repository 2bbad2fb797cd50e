"""The pages bench: server time of the pages that read across 100,000 SKUs x 20 shops.

    python -m bench.pages [--quick] [--json]

The firm is that of the ledger bench, in a database of its own that is dropped at the end.
"""

import sys

from bench.ledger import main

if __name__ == "__main__":
    sys.argv += ["--only", "pages"]
    sys.exit(main())
