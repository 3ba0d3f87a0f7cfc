"""Work asked for after commit, leases and the reconciler. Use: `from portal.jobs.services import enqueue`."""
