"""The library that offices use for the Graph, facebook-sdk, as the sheet's section 8 ran it."""

import json
from collections.abc import Iterator
from typing import Any

import facebook
import pytest

from tests.sandbox.clients import Stand, video
from tests.sandbox.instagram_client import Insta, jpeg, shelf


@pytest.fixture
def insta(stand: Stand) -> Iterator[Insta]:
    with shelf() as files:
        yield Insta(stand, files)


@pytest.fixture
def sdk(stand: Stand, insta: Insta, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(facebook, "FACEBOOK_GRAPH_URL", f"{stand.server.address}/graph.facebook.com/")
    graph = facebook.GraphAPI(insta.token, timeout=(5, 30), session=stand.session)
    graph.version = "v26.0"
    return graph


def finished(sdk: Any, number: str) -> str:
    for _look in range(5):
        if sdk.get_object(number, fields="status_code,status")["status_code"] == "FINISHED":
            return number
    raise AssertionError(number)


def test_from_container_to_answered_comment(stand: Stand, insta: Insta, sdk: Any) -> None:
    number = sdk.put_object(insta.account, "media", image_url=insta.shelf.put(jpeg()), caption="Hola #feria")["id"]
    with pytest.raises(facebook.GraphAPIError) as early:
        sdk.put_object(insta.account, "media_publish", creation_id=number)
    assert (early.value.code, early.value.result["error"]["error_subcode"]) == (9007, 2207027)
    media = sdk.put_object(insta.account, "media_publish", creation_id=finished(sdk, number))["id"]
    assert [one["id"] for one in sdk.get_all_connections(insta.account, "media", limit=1)] == [media]
    made = stand.sandbox.grow(comments=3, platform="instagram")
    assert [one["id"] for one in sdk.get_all_connections(media, "comments", limit=2)] == list(made)[::-1]
    assert sdk.put_object(made[0], "replies", message="Gracias")["id"]
    assert sdk.request(f"v26.0/{made[1]}", args={"hide": "true"}, method="POST") == {"success": True}
    assert sdk.get_object(made[1], fields="hidden")["hidden"] is True
    sdk.delete_object(media)
    assert stand.writes[-1].visible is False


def test_carousel_and_resumable_reel(stand: Stand, insta: Insta, sdk: Any) -> None:
    children = [
        sdk.put_object(insta.account, "media", image_url=insta.shelf.put(jpeg(color), color), is_carousel_item="true")
        for color in ("red", "navy")
    ]
    ids = [finished(sdk, child["id"]) for child in children]
    parent = sdk.put_object(insta.account, "media", media_type="CAROUSEL", children=json.dumps(ids))["id"]
    sdk.put_object(insta.account, "media_publish", creation_id=finished(sdk, parent))
    reel = sdk.put_object(insta.account, "media", media_type="REELS", upload_type="resumable")
    assert insta.upload(reel["uri"], video()).status_code == 200
    sdk.put_object(insta.account, "media_publish", creation_id=finished(sdk, reel["id"]))
    assert [(write.kind, len(write.media)) for write in stand.writes] == [("post", 2), ("video", 1)]


def test_tags_stop_early_for_who_follows_next_only(insta: Insta, sdk: Any) -> None:
    assert len(list(sdk.get_all_connections(insta.account, "tags", limit=10))) == 10
