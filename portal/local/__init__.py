"""The portal on one machine: bundled PostgreSQL and Valkey with web, worker and beat; never imported in production."""
