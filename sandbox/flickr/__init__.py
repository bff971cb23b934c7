"""Flickr: REST, upload and OAuth 1.0a hosts, as its fact sheet of 2026-11-23 describes them.

Where the sheet is silent, the refusal's message begins with `[ensayo]`: no client may mistake it for the platform's.
"""

from sandbox.flickr.service import FlickrImitation

__all__ = ["FlickrImitation"]
