"""A OneRoster package against the district: wanted (what it says), planning (what would change), applying."""
