"""Reading content: a folder of HTML, an inventory, a sitemap or a site."""

from journeyseo.pages.read import read_pages

__all__ = ["read_pages"]
