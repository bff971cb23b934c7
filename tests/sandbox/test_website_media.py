import hashlib

import pytest

from sandbox.wordpress import media as site_media
from tests.sandbox.clients import Rest, Stand, image, refusal, video


def test_raw_upload_keeps_the_bytes(stand: Stand, rest: Rest) -> None:
    data = image("red", size=(1200, 800))
    answer = rest.send(
        "POST",
        "/media",
        params={"alt_text": "Una <b>feria</b>", "title": "Feria"},
        data=data,
        headers={
            "Content-Type": "image/png",
            "Content-Disposition": 'attachment; filename="feria.png"',
            "Content-MD5": hashlib.md5(data).hexdigest(),
        },
    )
    made = answer.json()
    assert answer.headers["Location"].endswith(f"/wp-json/wp/v2/media/{made['id']}")
    assert (made["alt_text"], made["title"]["raw"], made["status"]) == ("Una feria", "Feria", "inherit")
    assert made["source_url"] == "https://www.inpe.example/wp-content/uploads/2026/11/feria.png"
    details = made["media_details"]
    assert (details["width"], details["height"], details["filesize"]) == (1200, 800, len(data))
    sizes = {name: (size["width"], size["height"]) for name, size in details["sizes"].items()}
    assert sizes == {
        "thumbnail": (150, 150),
        "medium": (300, 200),
        "medium_large": (768, 512),
        "large": (1024, 683),
        "full": (1200, 800),
    }
    assert stand.own("GET", made["source_url"].removeprefix("https:/")).content == data
    assert stand.writes == []


def test_derived_sizes_can_be_fetched(stand: Stand, rest: Rest) -> None:
    made = rest.upload(data=image(size=(640, 400))).json()
    small = made["media_details"]["sizes"]["medium"]["source_url"]
    assert small.endswith("foto-300x188.png")
    answer = stand.own("GET", small.removeprefix("https:/"))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png")
    head = stand.own("HEAD", small.removeprefix("https:/"))
    assert (head.headers["Content-Length"], head.content) == (str(len(answer.content)), b"")


def test_multipart_upload_with_its_words(rest: Rest) -> None:
    files = {"file": ("feria.png", image(), "image/png")}
    made = rest.send("POST", "/media", data={"alt_text": "Una feria", "caption": "Pie"}, files=files).json()
    assert (made["alt_text"], made["caption"]["raw"]) == ("Una feria", "Pie")


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Größe ü.png", "Grose-u.png"),
        ("Niños y niñas.png", "Ninos-y-ninas.png"),
        ("feria.jpg", "feria.png"),
        ("..\\x y.png", "x-y.png"),
    ],
)
def test_names_are_transliterated_and_corrected(rest: Rest, name: str, kept: str) -> None:
    assert rest.upload(name).json()["source_url"].rpartition("/")[2] == kept


def test_same_name_is_a_second_file(rest: Rest) -> None:
    names = [rest.upload().json()["source_url"].rpartition("/")[2] for _ in range(3)]
    assert names == ["foto.png", "foto-1.png", "foto-2.png"]


def test_big_jpeg_is_replaced_by_a_scaled_copy(rest: Rest) -> None:
    big = rest.upload("foto.jpg", image(size=(3000, 1500), form="JPEG")).json()
    assert big["source_url"].endswith("/foto-scaled.jpg")
    assert (big["media_details"]["width"], big["media_details"]["original_image"]) == (2560, "foto.jpg")
    assert rest.upload("foto.png", image(size=(3000, 1500))).json()["source_url"].endswith("/foto.png")


@pytest.mark.parametrize(
    ("headers", "data", "expected"),
    [
        ({"Content-Disposition": None}, image(), (400, "rest_upload_no_content_disposition")),
        ({"Content-Disposition": "attachment"}, image(), (400, "rest_upload_invalid_disposition")),
        ({"Content-Type": None}, image(), (400, "rest_upload_no_content_type")),
        ({}, b"", (400, "rest_upload_no_data")),
        ({"Content-MD5": "0" * 32}, image(), (412, "rest_upload_hash_mismatch")),
        ({}, b"<svg/>", (500, "rest_upload_sideload_error")),
    ],
)
def test_raw_upload_ladder(rest: Rest, headers: dict[str, str], data: bytes, expected: object) -> None:
    assert refusal(rest.upload("foto.png", data, **headers)) == expected


@pytest.mark.parametrize(
    "name", ["a.svg", "a.avif", "a.txt", "a.json", "a.html", "a.exe", "noending", "a.webp", "a.pdf"]
)
def test_forbidden_types_are_a_permanent_500(rest: Rest, name: str) -> None:
    assert refusal(rest.upload(name, b"something")) == (500, "rest_upload_sideload_error")


def test_only_the_head_of_an_image_is_looked_at(rest: Rest) -> None:
    data = image(size=(640, 400))
    made = rest.upload("foto.png", data[: len(data) // 2])
    assert (made.status_code, made.json()["media_details"]["sizes"]) == (201, {})


@pytest.mark.parametrize(
    ("name", "data"), [("a.mp4", video()), ("a.pdf", b"%PDF-1.7"), ("a.csv", b"a,b"), ("a.zip", b"PK\x03\x04")]
)
def test_other_types_pass_and_are_files(rest: Rest, name: str, data: bytes) -> None:
    made = rest.upload(name, data).json()
    assert (made["media_type"], made["media_details"]["sizes"]) == ("file", {})


def test_multipart_has_limits_that_raw_passes_by(rest: Rest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_media, "MULTIPART_LIMIT", 1000)
    monkeypatch.setattr(site_media, "BODY_LIMIT", 4000)
    large, huge = b"%PDF" + b"x" * 2000, b"%PDF" + b"x" * 9000
    answer = rest.send("POST", "/media", files={"file": ("a.pdf", large)})
    assert refusal(answer) == (500, "rest_upload_unknown_error")
    answer = rest.send("POST", "/media", files={"file": ("a.pdf", huge)})
    assert refusal(answer) == (400, "rest_upload_no_content_disposition")
    assert rest.upload("a.pdf", huge).status_code == 201


def test_metadata_lists_and_deletion(rest: Rest) -> None:
    number = rest.medium()["id"]
    post = rest.create(featured_media=number)["id"]
    assert rest.post(f"/media/{number}", alt_text="Nuevo").json()["alt_text"] == "Nuevo"
    assert [item["id"] for item in rest.get("/media", slug="foto", parent=0).json()] == [number]
    assert [item["id"] for item in rest.get("/media", search="foto", orderby="id").json()] == [number]
    assert refusal(rest.delete(f"/media/{number}")) == (501, "rest_trash_not_supported")
    assert rest.delete(f"/media/{number}", force="true").json()["previous"]["id"] == number
    assert refusal(rest.get(f"/media/{number}")) == (404, "rest_post_invalid_id")
    assert rest.get(f"/posts/{post}").json()["featured_media"] == 0
