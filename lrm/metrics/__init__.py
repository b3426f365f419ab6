"""Numbers for Prometheus: requests as each web server counts them, and work as the database has it when it is asked."""
