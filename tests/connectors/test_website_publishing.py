"""Publishing on a real WordPress: public once, at once, as approved; a lost answer is found again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.errors import Gone, NotAuthorized, OutcomeUnknown, Unavailable, Unsupported
from core.deliveries import Stage
from core.posts import OutgoingPost
from tests.connectors.website_office import Office, key, staged, until
from tests.wordpress.peer import Site

pytestmark = pytest.mark.wordpress


@pytest.fixture
def office(real_wordpress: Site) -> Office:
    return Office(real_wordpress)


@pytest.fixture
def post() -> OutgoingPost:
    return OutgoingPost(key=key(), text="El taller de panadería abrió hoy.", title="Abrió el taller")


def public_posts(office: Office, post: OutgoingPost) -> list[int]:
    return [one["id"] for one in office.posts(post.key) if one["status"] == "publish"]


@pytest.mark.parametrize("role", ["editor", "author"])
@pytest.mark.parametrize("zone", ["UTC", "America/Lima", "Pacific/Auckland"])
def test_publish_is_public_now_whatever_the_site_calls_now(
    office: Office, post: OutgoingPost, zone: str, role: str
) -> None:
    connector = office.connector(role, conditions=f"zone={zone}")
    stage = staged(connector, post)
    before = datetime.now(UTC)
    assert connector.find(post, stage, before) is None
    published = connector.publish(post, stage)
    assert public_posts(office, post) == [int(published.remote_id)]
    assert office.public(f"/posts/{published.remote_id}") == 200
    # the address of a post carries the month as the site's own zone has it
    month = before.astimezone(ZoneInfo(zone))
    assert published.url == f"{office.site.url}/{month:%Y/%m}/abrio-el-taller-{post.key}/"
    assert published.published_at is not None
    assert abs(published.published_at - before) < timedelta(seconds=10)
    assert connector.find(post, stage, before) == published


def test_publish_again_is_harmless(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    stage = staged(connector, post)
    first = connector.publish(post, stage)
    assert connector.publish(post, stage) == first
    assert len(office.posts(post.key)) == 1


@pytest.mark.parametrize("how", ["late=publish:2", "broken=publish"])
def test_publish_lost_answer_is_unknown_then_found_and_never_doubled(
    office: Office, post: OutgoingPost, how: str
) -> None:
    connector = office.connector()
    stage = staged(connector, post)
    with pytest.raises(OutcomeUnknown):
        office.connector(conditions=how, patience=1).publish(post, stage)
    until(lambda: bool(public_posts(office, post)))
    found = connector.find(post, stage, datetime.now(UTC))
    assert found is not None
    assert connector.publish(post, stage) == found
    assert len(office.posts(post.key)) == 1


def test_publish_notices_before_the_json_are_a_success(office: Office, post: OutgoingPost) -> None:
    connector = office.connector(conditions="notices=1")
    published = connector.publish(post, staged(connector, post))
    assert office.public(f"/posts/{published.remote_id}") == 200


def test_publish_plain_permalinks(office: Office, post: OutgoingPost) -> None:
    connector = office.connector(conditions="plain=1")
    stage = staged(connector, post)
    # another process publishes: the address must come from the stage, since publishing asks nothing else
    published = office.connector(conditions="plain=1").publish(post, stage)
    assert published.url == f"{office.site.url}/?p={published.remote_id}"


def test_publish_makes_public_what_was_approved_even_if_edited_at_the_last_moment(
    office: Office, post: OutgoingPost
) -> None:
    connector = office.connector()
    stage = staged(connector, post)
    office.ask("POST", f"/posts/{stage.token['post_id']}", content={"title": "Otro", "content": "No aprobado."})
    published = connector.publish(post, stage)
    after = office.read(f"/posts/{published.remote_id}")
    assert after["title"]["raw"] == post.title
    assert post.text in after["content"]["raw"]


def test_publish_dated_meanwhile_is_put_off_and_staged_anew(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    stage = staged(connector, post)
    office.ask("POST", f"/posts/{stage.token['post_id']}", content={"date_gmt": "2027-06-01T00:00:00"})
    with pytest.raises(Unavailable) as caught:
        connector.publish(post, stage)
    assert caught.value.code == "future"
    assert not public_posts(office, post)
    connector.publish(post, staged(connector, post, stage))
    assert public_posts(office, post) == [stage.token["post_id"]]


def test_publish_draft_deleted_meanwhile_is_not_done(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    stage = staged(connector, post)
    office.ask("DELETE", f"/posts/{stage.token['post_id']}", params={"force": "true"})
    with pytest.raises(Unavailable):
        connector.publish(post, stage)
    assert connector.find(post, stage, datetime.now(UTC)) is None
    connector.publish(post, staged(connector, post, stage))
    assert len(public_posts(office, post)) == 1


def test_publish_without_a_ready_stage_is_our_bug(office: Office, post: OutgoingPost) -> None:
    stage = office.connector().stage(post)
    assert not stage.ready
    with pytest.raises(Unsupported):
        office.connector().publish(post, stage)


def test_publish_wrong_password_and_lacking_right(office: Office, post: OutgoingPost) -> None:
    stage = staged(office.connector("contributor"), post)
    with pytest.raises(NotAuthorized) as caught:
        office.connector("contributor").publish(post, stage)
    assert caught.value.code == "rest_cannot_publish"
    with pytest.raises(NotAuthorized) as caught:
        office.connector(password="aaaa bbbb cccc dddd eeee ffff").publish(post, stage)
    assert caught.value.status == 401
    assert not public_posts(office, post)


def test_find_without_a_token_goes_by_the_slug(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    nothing = Stage(token={}, ready=False)
    assert connector.find(post, nothing, datetime.now(UTC)) is None
    stage = staged(connector, post)
    assert connector.find(post, nothing, datetime.now(UTC)) is None
    published = connector.publish(post, stage)
    assert connector.find(post, nothing, datetime.now(UTC)) == published


def test_find_post_withdrawn_on_the_site_is_for_a_person(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    stage = staged(connector, post)
    published = connector.publish(post, stage)
    office.ask("POST", f"/posts/{published.remote_id}", content={"date_gmt": "2026-11-01T10:00:00"})
    connector.take_down(published.remote_id)
    with pytest.raises(OutcomeUnknown):
        connector.find(post, stage, datetime.now(UTC))
    with pytest.raises(OutcomeUnknown):
        connector.find(post, Stage(token={}, ready=False), datetime.now(UTC))


def test_find_draft_in_the_trash_is_not_public(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    stage = staged(connector, post)
    office.ask("DELETE", f"/posts/{stage.token['post_id']}")
    assert connector.find(post, stage, datetime.now(UTC)) is None


@pytest.mark.parametrize("role", ["subscriber", "editor"])
def test_find_as_a_visitor_does_not_say_that_it_is_not_there(office: Office, post: OutgoingPost, role: str) -> None:
    stage = staged(office.connector(), post)
    office.connector().publish(post, stage)
    stranger = office.connector(role, password="" if role == "subscriber" else "aaaa bbbb cccc dddd eeee ffff")
    for known in (stage, Stage(token={}, ready=False)):
        with pytest.raises(NotAuthorized):
            stranger.find(post, known, datetime.now(UTC))


def test_take_down_is_done_once_and_stays_done(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    published = connector.publish(post, staged(connector, post))
    connector.take_down(published.remote_id)
    assert office.public(f"/posts/{published.remote_id}") == 401
    assert office.read(f"/posts/{published.remote_id}")["status"] == "trash"
    connector.take_down(published.remote_id)
    office.ask("DELETE", f"/posts/{published.remote_id}", params={"force": "true"})
    with pytest.raises(Gone):
        connector.take_down(published.remote_id)


def test_take_down_where_there_is_no_trash_keeps_the_post(office: Office, post: OutgoingPost) -> None:
    connector = office.connector(conditions="trashless=1")
    published = connector.publish(post, staged(connector, post))
    connector.take_down(published.remote_id)
    assert office.read(f"/posts/{published.remote_id}")["status"] == "draft"


def test_take_down_as_a_visitor_is_not_taken_for_done(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    published = connector.publish(post, staged(connector, post))
    with pytest.raises(NotAuthorized):
        office.connector(password="aaaa bbbb cccc dddd eeee ffff").take_down(published.remote_id)
    with pytest.raises(NotAuthorized):
        office.connector("contributor").take_down(published.remote_id)
    assert office.public(f"/posts/{published.remote_id}") == 200


@pytest.mark.parametrize(
    ("role", "missing"),
    [
        ("administrator", ()),
        ("editor", ()),
        ("author", ("manage_categories", "moderate_comments")),
        (
            "contributor",
            (
                "publish_posts",
                "edit_published_posts",
                "delete_published_posts",
                "upload_files",
                "manage_categories",
                "moderate_comments",
            ),
        ),
    ],
)
def test_identify_names_the_site_the_user_and_the_missing_rights(
    office: Office, role: str, missing: tuple[str, ...]
) -> None:
    identity = office.connector(role).identify()
    assert identity.remote_id == office.site.url.removeprefix("http://")
    assert identity.name == f"INPE de prueba ({office.site.users[role].name})"
    assert identity.address == office.site.url
    assert identity.missing == missing


@pytest.mark.parametrize("conditions", ["", "plain=1", "notices=1"])
def test_identify_wrong_password_is_noticed_though_the_site_answers(office: Office, conditions: str) -> None:
    with pytest.raises(NotAuthorized) as caught:
        office.connector(conditions=conditions, password="aaaa bbbb cccc dddd eeee ffff").identify()
    assert (caught.value.status, caught.value.code) == (401, "rest_not_logged_in")


def test_identify_password_may_be_typed_without_its_spaces(office: Office) -> None:
    password = office.site.users["editor"].password.replace(" ", "")
    assert office.connector(password=password).identify().missing == ()


def test_stage_ready_at_another_time_of_the_site_stays_undated(office: Office, post: OutgoingPost) -> None:
    connector = office.connector(conditions="zone=Pacific/Auckland")
    stage = staged(connector, post)
    assert connector.stage(replace(post), stage).token == stage.token
