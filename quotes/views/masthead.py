"""What stands at the head of an article: who published it, when, who wrote it, and whom it credits."""

from __future__ import annotations

from quotes import lexicon
from quotes.article.authors import is_desk
from quotes.records import Article
from quotes.views import facts

_AGENCIES = ("agency", "newswire", "wire", "wire service")


def masthead(article: Article) -> list[str]:
    """Publisher, date, byline, dateline, credits and file, as far as they are known."""
    parts = [article.publisher or "publisher unknown"]
    parts += [facts.day(article.published)] if article.published else []
    parts += [_byline(article.byline)] if article.byline else []
    parts += [f"dateline {article.dateline}"] if article.dateline else []
    credit = list(dict.fromkeys(each.name for each in article.credit))
    wires = [name for name in credit if _is_agency(name)]
    others = [name for name in credit if name not in wires]
    parts += [f"wire credit {facts.listed(wires)}"] if wires else []
    parts += [f"credited to {facts.listed(others)}"] if others else []
    parts += [] if credit else ["no wire credit"]
    parts += [article.path] if article.path and article.title else []
    return [facts.one_line(part) for part in parts]


def _is_agency(name: str) -> bool:
    """Whether an outlet is an agency, by our lists or by its own name; other outlets are credited too."""
    outlet = lexicon.load().outlets.get(name.lower())
    if outlet is not None:
        return outlet.kind == "agency"
    return name.lower().endswith(_AGENCIES)


def _byline(byline: str) -> str:
    """ "by Jane Doe"; "by the Sports Desk", which is no person."""
    lead = () if byline.casefold().startswith("by ") else ("by", "the") if _is_desk(byline) else ("by",)
    return " ".join((*lead, byline))


def _is_desk(byline: str) -> bool:
    return is_desk(byline, lexicon.load()) and not byline.casefold().startswith("the ")
