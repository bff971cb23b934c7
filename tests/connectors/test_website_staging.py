"""Preparing a post on a real WordPress: all of it is there, nothing of it twice, and nothing of it otherwise."""

import html
from dataclasses import replace
from pathlib import Path

import pytest

from connectors.errors import NotAuthorized, Rejected, Unavailable
from connectors.website import WebsiteConnector
from core.deliveries import Stage
from core.media import MediaKind
from core.posts import OutgoingPost
from tests.connectors.website_office import Office, key, medium, picture, staged
from tests.wordpress.peer import Site

pytestmark = pytest.mark.wordpress

TEXT = (
    "El INPE realizó una campaña de salud en el E.P. «Ancón I».\n\n"
    "Más de 300 personas: médicos & enfermeras <voluntarias>.\nInformes en https://www.inpe.example/salud?a=1&b=2.\n\n"
    "[gallery] no es una galería 😀"
)


@pytest.fixture
def office(real_wordpress: Site) -> Office:
    return Office(real_wordpress)


@pytest.fixture
def post(tmp_path: Path) -> OutgoingPost:
    return OutgoingPost(
        key=key(),
        text=TEXT,
        title="Campaña de salud: médicos & más",
        link="https://www.inpe.example/notas?x=1&y=2",
        media=(
            picture(tmp_path / "uno.png", alt_text='Médica atiende a una "interna"', colour="navy"),
            picture(tmp_path / "dos.jpg", alt_text="Carpa de salud", colour="green"),
            picture(tmp_path / "tres.webp", alt_text="Fila de espera", colour="red"),
        ),
        excerpt="Atención médica & preventiva.",
        categories=("Notas de prensa", "Salud & Vida"),
        tags=("salud", "Ancón"),
    )


def plain_post(**changes: object) -> OutgoingPost:
    return replace(OutgoingPost(key=key(), text="Un aviso breve.", title="Aviso"), **changes)  # type: ignore[arg-type]


def until_lost(connector: WebsiteConnector, post: OutgoingPost) -> Stage | None:
    """Prepare until an answer is lost; return what had been stored by then."""
    stage = None
    try:
        for _ in range(40):
            stage = connector.stage(post, stage)
    except Unavailable:
        return stage
    raise AssertionError("no answer was lost")


@pytest.mark.parametrize("role", ["editor", "author"])
def test_stage_whole_post_is_on_the_site_and_unseen(office: Office, post: OutgoingPost, role: str) -> None:
    # an author's HTML is filtered: our markup must come through all the same; and an author may not make categories
    for name in post.categories:
        terms = {term["name"] for term in office.read("/categories")}
        if name.replace("&", "&amp;") not in terms:
            office.ask("POST", "/categories", content={"name": name})
    stage = staged(office.connector(role), post)

    (draft,) = office.posts(post.key)
    assert draft["id"] == stage.token["post_id"]
    assert draft["status"] == "draft"
    assert draft["slug"] == f"campana-de-salud-medicos-mas-{post.key}"
    assert draft["title"]["raw"] == "Campaña de salud: médicos &amp; más"
    assert draft["excerpt"]["raw"] == "Atención médica &amp; preventiva."
    raw = draft["content"]["raw"]
    assert "médicos &amp; enfermeras &lt;voluntarias&gt;.<br>Informes en <a href=" in raw
    assert '<a href="https://www.inpe.example/notas?x=1&amp;y=2">' in raw
    assert "[gallery] no es una galería" in html.unescape(draft["content"]["rendered"])  # shown, not carried out
    media = {one["id"]: one for one in office.read("/media") if post.key in one["slug"]}
    assert len(media) == 3
    featured = media.pop(draft["featured_media"])
    assert featured["alt_text"] == 'Médica atiende a una "interna"'
    assert featured["mime_type"] == "image/png"
    for other in media.values():
        assert f'<img src="{other["source_url"]}" alt="{other["alt_text"]}" class="wp-image-{other["id"]}" />' in raw
    assert raw.count("<!-- wp:image ") == 2
    assert "<!-- wp:gallery " in raw
    names = {term["id"]: term["name"] for term in office.read("/categories") + office.read("/tags")}
    assert [names[one] for one in draft["categories"]] == ["Notas de prensa", "Salud &amp; Vida"]
    assert sorted(names[one] for one in draft["tags"]) == ["Ancón", "salud"]
    assert office.public(f"/posts/{draft['id']}") == 401


def test_stage_missing_categories_are_made_by_an_editor_and_refused_to_an_author(office: Office) -> None:
    post = plain_post(categories=(f"Nueva {key()}",))
    with pytest.raises(Rejected, match="may not create one"):
        staged(office.connector("author"), post)
    staged(office.connector("editor"), post)
    staged(office.connector("author"), replace(post, key=key()))  # now it exists
    assert [term["name"] for term in office.read("/categories")].count(post.categories[0]) == 1


def test_stage_film_and_single_picture(office: Office, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    # the smallest head that fileinfo takes for MP4
    film.write_bytes(b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64))
    pictures = (picture(tmp_path / "a.gif", alt_text="A"), picture(tmp_path / "b.gif", alt_text="B", colour="red"))
    post = plain_post(media=(*pictures, medium(film, MediaKind.VIDEO, "video/mp4", "Recorrido por el taller")))
    staged(office.connector(), post)
    (draft,) = office.posts(post.key)
    assert "<!-- wp:gallery" not in draft["content"]["raw"]
    assert draft["content"]["raw"].count("<!-- wp:image ") == 1
    assert f'src="{office.site.url}/wp-content/uploads/' in draft["content"]["raw"]
    assert ".mp4" in draft["content"]["raw"]
    assert "Recorrido por el taller</figcaption>" in draft["content"]["raw"]


def test_stage_long_alt_text_is_written_after_the_upload(office: Office, tmp_path: Path) -> None:
    alt_text = "Fotografía: " + "niños, mamás y señoras con ñandúes; " * 40 + 'a < b & "c"'
    post = plain_post(media=(picture(tmp_path / "a.png", alt_text=alt_text),))
    staged(office.connector(), post)
    (file,) = [one for one in office.read("/media") if post.key in one["slug"]]
    assert file["alt_text"].startswith("Fotografía: niños, mamás")
    assert "&lt; b &amp;" in file["alt_text"]


def test_stage_alt_text_that_wordpress_changes_is_rejected(office: Office, tmp_path: Path) -> None:
    post = plain_post(media=(picture(tmp_path / "a.png", alt_text="Foto <b>de</b> archivo"),))
    with pytest.raises(Rejected, match="alternative text"):
        staged(office.connector(), post)


def test_stage_file_that_is_not_the_approved_one_is_not_sent(office: Office, tmp_path: Path) -> None:
    post = plain_post(media=(picture(tmp_path / "a.png", alt_text="A"),))
    picture(tmp_path / "a.png", alt_text="A", colour="red")
    with pytest.raises(Rejected, match="not the approved one"):
        office.connector().stage(post)
    assert not [one for one in office.read("/media") if post.key in one["slug"]]


def test_stage_file_of_another_type_is_rejected_although_the_site_says_500(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text("this is no image")
    with pytest.raises(Rejected) as caught:
        office.connector().stage(plain_post(media=(medium(path, MediaKind.IMAGE, "image/png", "A"),)))
    assert (caught.value.status, caught.value.code) == (500, "rest_upload_sideload_error")


def test_stage_again_when_ready_changes_nothing(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    ready = staged(connector, post)
    before = office.posts(post.key)
    again = connector.stage(post, ready)
    assert again.ready
    assert again.token == ready.token
    assert office.posts(post.key) == before


@pytest.mark.parametrize("lost", ["media", "draft"])
@pytest.mark.parametrize("how", ["late={}:2", "broken={}"])
def test_stage_lost_answer_is_taken_over_and_not_doubled(
    office: Office, post: OutgoingPost, lost: str, how: str
) -> None:
    stage = until_lost(office.connector(conditions=how.format(lost), patience=1), post)
    staged(office.connector(), post, stage)
    (draft,) = office.posts(post.key)
    assert draft["status"] == "draft"
    assert len([one for one in office.read("/media") if post.key in one["slug"]]) == 3


def test_stage_from_nothing_finds_everything_again(office: Office, post: OutgoingPost) -> None:
    first = staged(office.connector(), post)
    assert staged(office.connector(), post).token == first.token
    assert len(office.posts(post.key)) == 1


def test_stage_twins_leave_the_oldest(office: Office) -> None:
    # four parallel creates of one delivery, as after lost answers that came late
    post = plain_post()
    slug = f"aviso-{post.key}"
    ids = [office.ask("POST", "/posts", role="editor", content={"title": "x", "slug": slug})["id"] for _ in range(4)]
    stage = staged(office.connector(), post)
    assert stage.token["post_id"] == min(ids)
    assert {one["id"]: one["status"] for one in office.posts(post.key)} == {
        one: "draft" if one == min(ids) else "trash" for one in ids
    }


@pytest.mark.parametrize(
    "edit",
    [
        {"content": "Otra cosa que nadie aprobó."},
        {"title": "Otro título"},
        {"featured_media": 0},
        {"tags": []},
        {"slug": "otro-nombre"},
        {"date_gmt": "2027-06-01T00:00:00"},
        {"status": "pending"},
        {"password": "secreta"},
        {"status": "future", "date_gmt": "2027-06-01T00:00:00"},
    ],
    ids="+".join,
)
def test_stage_edit_after_approval_is_undone(office: Office, post: OutgoingPost, edit: dict[str, object]) -> None:
    connector = office.connector()
    ready = staged(connector, post)
    path = f"/posts/{ready.token['post_id']}"
    before = office.read(path)
    office.ask("POST", path, content=edit)
    again = staged(connector, post, ready)
    after = office.read(path)
    assert again.token["post_id"] == ready.token["post_id"]
    compared = ("title", "content", "excerpt", "featured_media", "categories", "tags", "status", "password")
    assert {name: after[name] for name in compared} == {name: before[name] for name in compared}
    assert after["date_gmt"] == after["modified_gmt"]  # undated: it will bear the moment of its publishing


def test_stage_file_deleted_from_the_library_is_uploaded_again(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    ready = staged(connector, post)
    (draft,) = office.posts(post.key)
    office.ask("DELETE", f"/media/{draft['featured_media']}", params={"force": "true"})
    staged(connector, post, ready)
    (after,) = office.posts(post.key)
    assert after["featured_media"] not in (0, draft["featured_media"])
    assert office.read(f"/media/{after['featured_media']}")["alt_text"] == post.media[0].alt_text


def test_stage_alt_text_changed_in_the_library_is_written_back(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    ready = staged(connector, post)
    (draft,) = office.posts(post.key)
    path = f"/media/{draft['featured_media']}"
    office.ask("POST", path, content={"alt_text": "otra"})
    staged(connector, post, ready)
    assert office.read(path)["alt_text"] == post.media[0].alt_text


@pytest.mark.parametrize("force", ["false", "true"])
def test_stage_draft_thrown_away_is_prepared_again(office: Office, post: OutgoingPost, force: str) -> None:
    connector = office.connector()
    ready = staged(connector, post)
    path = f"/posts/{ready.token['post_id']}"
    office.ask("DELETE", path, params={"force": force})
    again = staged(connector, post, ready)
    (draft,) = office.posts(post.key)
    assert draft["status"] == "draft"
    assert again.token["post_id"] == draft["id"]
    assert (again.token["post_id"] == ready.token["post_id"]) is (force == "false")
    assert draft["slug"].endswith(post.key)


def test_stage_post_withdrawn_on_the_site_is_not_published_again(office: Office) -> None:
    post = plain_post()
    connector = office.connector()
    ready = staged(connector, post)
    published = connector.publish(post, ready)
    # as if it had been public since yesterday
    office.ask("POST", f"/posts/{published.remote_id}", content={"date_gmt": "2026-11-01T10:00:00"})
    office.ask("DELETE", f"/posts/{published.remote_id}")
    with pytest.raises(Rejected, match="withdrew") as caught:
        connector.stage(post, ready)
    assert caught.value.code == "withdrawn_on_site"


def test_stage_post_that_is_public_already_stays_as_it_is(office: Office, post: OutgoingPost) -> None:
    connector = office.connector()
    published = connector.publish(post, staged(connector, post))
    assert staged(connector, post).token["post_id"] == int(published.remote_id)
    assert office.public(f"/posts/{published.remote_id}") == 200
    office.ask("POST", f"/posts/{published.remote_id}", content={"content": "No aprobado."})
    with pytest.raises(Rejected, match="not as approved: content"):
        staged(connector, post)
    assert office.public(f"/posts/{published.remote_id}") == 200


@pytest.mark.parametrize(("role", "has_media"), [("contributor", True), ("subscriber", True), ("subscriber", False)])
def test_stage_without_the_right_is_not_authorized(
    office: Office, post: OutgoingPost, role: str, has_media: bool
) -> None:
    with pytest.raises(NotAuthorized):
        staged(office.connector(role), replace(post, media=post.media if has_media else (), tags=(), categories=()))


def test_stage_wrong_password_writes_nothing(office: Office) -> None:
    post = plain_post()
    with pytest.raises(NotAuthorized):
        office.connector(password="aaaa bbbb cccc dddd eeee ffff").stage(post)
    assert not office.posts(post.key)


def test_stage_site_that_changes_emoji_is_rejected_before_anything_is_public(office: Office) -> None:
    post = plain_post(text="Hola 😀")
    with pytest.raises(Rejected, match="does not keep what we write: content"):
        staged(office.connector(conditions="utf8=1"), post)
    assert [one["status"] for one in office.posts(post.key)] == ["draft"]


def test_stage_plain_permalinks(office: Office, post: OutgoingPost) -> None:
    stage = staged(office.connector(conditions="plain=1"), post)
    assert stage.token["style"] == "plain"
    assert len(office.posts(post.key)) == 1


def test_stage_notices_before_the_json_are_no_obstacle(office: Office, post: OutgoingPost) -> None:
    staged(office.connector(conditions="notices=1"), post)
    assert len(office.posts(post.key)) == 1
