"""What waits for a teacher on Today, and for a learner on Home, told by each feature and read in one statement each."""
