"""From a start to a staged inventory: the crawl, the stages, the joined numbers and the files."""

from journeyseo.crawling.run import Inventory, crawl
from journeyseo.pages.crawl import CrawlOptions

__all__ = ["CrawlOptions", "Inventory", "crawl"]
