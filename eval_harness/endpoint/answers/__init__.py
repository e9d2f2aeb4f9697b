"""What servers say in their own ways: content, finish reasons, overflows, pages that are no API."""
