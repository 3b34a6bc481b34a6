"""A corpus as a folder of pages that link to one another and need no server.

contents.py   what there is: articles, claims, their ways, who is heard
tables.py     lists of these
places.py     what the page of a source or an outlet says
search.py     the index that the search reads
build.py      all files, one after the other
"""

from quotes.views.site.build import LARGEST, Told, pages
from quotes.views.site.contents import Card, ClaimKey, Contents

__all__ = ["LARGEST", "Card", "ClaimKey", "Contents", "Told", "pages"]
