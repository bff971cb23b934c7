"""Video categories (sheet 2.1 names four of them; the others are the well-known ones [memory])."""

from typing import Any

from sandbox.youtube import params
from sandbox.youtube.channels import Visit, etag
from sandbox.youtube.errors import not_found

DEFAULT = "22"
"""What an upload without a category gets [memory]."""
_TITLES = {
    "1": "Film & Animation",
    "2": "Autos & Vehicles",
    "10": "Music",
    "15": "Pets & Animals",
    "17": "Sports",
    "18": "Short Movies",
    "19": "Travel & Events",
    "20": "Gaming",
    "21": "Videoblogging",
    "22": "People & Blogs",
    "23": "Comedy",
    "24": "Entertainment",
    "25": "News & Politics",
    "26": "Howto & Style",
    "27": "Education",
    "28": "Science & Technology",
    "29": "Nonprofits & Activism",
    "30": "Movies",
    "43": "Shows",
    "44": "Trailers",
}
_NOT_ASSIGNABLE = {"18", "21", "30", "43", "44"}


def is_assignable(category_id: str) -> bool:
    """Whether a video may be given that category."""
    return category_id in _TITLES and category_id not in _NOT_ASSIGNABLE


def listing(visit: Visit) -> dict[str, Any]:
    """Answer videoCategories.list."""
    by = params.one_filter(visit.params, ("regionCode", "id"))
    wanted = list(_TITLES) if by == "regionCode" else visit.params["id"]
    for category_id in wanted:
        if category_id not in _TITLES:
            text = "The video category identified by the id parameter cannot be found."
            raise not_found("videoCategoryNotFound", text, domain="youtube.videoCategory", location="id")
    kind = "youtube#videoCategory"
    return {
        "kind": "youtube#videoCategoryListResponse",
        "etag": etag("categories", *wanted),
        "items": [
            {
                "kind": kind,
                "etag": etag(kind, category_id),
                "id": category_id,
                **(
                    {
                        "snippet": {
                            "title": _TITLES[category_id],
                            "assignable": is_assignable(category_id),
                            "channelId": "UCBR8-60-B28hp2BmDPdntcQ",
                        }
                    }
                    if "snippet" in visit.parts
                    else {}
                ),
            }
            for category_id in wanted
        ],
    }
