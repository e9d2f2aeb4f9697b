"""Asking: from the body of a request to a reply or a failure, whatever a server does."""
