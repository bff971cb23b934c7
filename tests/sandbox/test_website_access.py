import base64

import pytest

from tests.sandbox.clients import Rest, Stand, refusal

ROLES = ("editor", "author", "contributor", "subscriber", "")


def client(stand: Stand, role: str) -> Rest:
    return Rest(stand, role)


def outcome(answer: object) -> object:
    status = getattr(answer, "status_code")  # noqa: B009  # told apart from the body below
    return status if status < 400 else refusal(answer)  # type: ignore[arg-type]  # a Response


@pytest.mark.parametrize("form", ["grouped", "bare", "e-mail"])
def test_application_password_opens_in_every_form(stand: Stand, rest: Rest, form: str) -> None:
    user = stand.world.website.user("editor")
    assert len(user.application_password.replace(" ", "")) == 24
    password = user.application_password if form == "grouped" else user.application_password.replace(" ", "")
    login = user.email if form == "e-mail" else user.login
    me = rest.send("GET", "/users/me", params={"context": "edit"}, auth=(login, password)).json()
    assert (me["username"], me["roles"]) == (user.login, ["editor"])
    assert me["capabilities"]["moderate_comments"] is True


@pytest.mark.parametrize("header", ["Basic !!!", "Bearer x", "Basic " + base64.b64encode(b"prensa-editor:x").decode()])
def test_wrong_credentials_are_ignored_silently(rest: Rest, header: str) -> None:
    rest.role = ""
    sent = {"headers": {"Authorization": header}}
    assert rest.send("GET", "/posts", **sent).status_code == 200
    assert refusal(rest.send("GET", "/users/me", **sent)) == (401, "rest_not_logged_in")
    answer = rest.send("POST", "/posts", json={"title": "x"}, **sent)
    assert refusal(answer) == (401, "rest_cannot_create")
    assert "WWW-Authenticate" not in answer.headers


def test_expired_token_fault_is_silently_anonymous(stand: Stand, rest: Rest) -> None:
    stand.plant({"kind": "expired_token"}, times=2)
    assert rest.get("/posts").status_code == 200
    assert refusal(rest.post("/posts", title="x")) == (401, "rest_cannot_create")


@pytest.mark.parametrize(
    ("role", "draft", "publish", "media", "tag", "category"),
    [
        ("editor", 201, 201, 201, 201, 201),
        ("author", 201, 201, 201, 201, (403, "rest_cannot_create")),
        (
            "contributor",
            201,
            (403, "rest_cannot_publish"),
            (403, "rest_cannot_create"),
            201,
            (403, "rest_cannot_create"),
        ),
        ("subscriber", *[(403, "rest_cannot_create")] * 5),
        ("", *[(401, "rest_cannot_create")] * 5),
    ],
)
def test_roles_table_for_creating(
    stand: Stand, role: str, draft: object, publish: object, media: object, tag: object, category: object
) -> None:
    rest = client(stand, role)
    assert outcome(rest.post("/posts", title="x")) == draft
    assert outcome(rest.post("/posts", title="x", status="publish")) == publish
    assert outcome(rest.upload()) == media
    assert outcome(rest.post("/tags", name="Feria")) == tag
    assert outcome(rest.post("/categories", name="Noticias")) == category


@pytest.mark.parametrize("role", ROLES)
def test_roles_table_for_others_posts(stand: Stand, rest: Rest, role: str) -> None:
    post = rest.create(status="publish")
    expected: object = 200 if role == "editor" else (403 if role else 401, "rest_cannot_edit")
    assert outcome(client(stand, role).post(f"/posts/{post['id']}", title="y")) == expected


@pytest.mark.parametrize(
    ("role", "listed", "listed_to_edit", "total"),
    [("editor", 3, 3, "3"), ("author", 2, 1, "3"), ("contributor", 1, 0, "3")],
)
def test_any_status_lies_to_lower_roles(
    stand: Stand, rest: Rest, role: str, listed: int, listed_to_edit: int, total: str
) -> None:
    rest.create(status="publish")
    rest.create()
    client(stand, "author").create()
    answer = client(stand, role).get("/posts", status="any")
    assert (len(answer.json()), answer.headers["X-WP-Total"]) == (listed, total)
    assert len(client(stand, role).get("/posts", status="any", context="edit").json()) == listed_to_edit


@pytest.mark.parametrize(("role", "inner"), [("subscriber", 403), ("", 401)])
def test_any_status_is_a_bad_parameter_below(stand: Stand, role: str, inner: int) -> None:
    answer = client(stand, role).get("/posts", status="any")
    assert refusal(answer) == (400, "rest_invalid_param")
    assert answer.json()["data"]["details"]["status"]["code"] == "rest_forbidden_status"
    assert answer.json()["data"]["details"]["status"]["data"]["status"] == inner


def test_validation_comes_before_permission(stand: Stand) -> None:
    assert refusal(client(stand, "").post("/posts", status="nonsense")) == (400, "rest_invalid_param")


RAW = '<p onclick="x()">Hola</p><script>alert(1)</script><iframe src="https://e.example"></iframe><!-- key:a -->'


def test_html_is_filtered_for_authors_only(stand: Stand, rest: Rest) -> None:
    assert rest.create(content=RAW)["content"]["raw"] == RAW
    kept = client(stand, "author").create(content=RAW)["content"]["raw"]
    assert kept == "<p>Hola</p>alert(1)<!-- key:a -->"


def test_application_passwords_are_made_and_revoked(stand: Stand, rest: Rest) -> None:
    path = "/users/me/application-passwords"
    made = rest.post(path, name="Otro")
    assert made.status_code == 201
    assert refusal(rest.post(path, name="Otro")) == (409, "application_password_duplicate_name")
    assert refusal(rest.post(path)) == (400, "rest_missing_callback_param")
    assert [item["name"] for item in rest.get(path).json()] == ["Vocero", "Otro"]
    auth = (stand.world.website.user("editor").login, made.json()["password"])
    assert rest.send("GET", f"{path}/introspect", auth=auth).json()["name"] == "Otro"
    assert rest.delete(f"{path}/{made.json()['uuid']}").json()["deleted"] is True
    assert refusal(rest.send("GET", "/users/me", auth=auth)) == (401, "rest_not_logged_in")


def test_index_and_home_lead_to_the_api(stand: Stand) -> None:
    site = "/www.inpe.example"
    head = stand.own("HEAD", f"{site}/")
    assert '<https://www.inpe.example/wp-json/>; rel="https://api.w.org/"' in head.headers["Link"]
    index = stand.own("GET", f"{site}/wp-json/").json()
    assert (index["url"], index["timezone_string"], index["gmt_offset"]) == (
        "https://www.inpe.example",
        "America/Lima",
        -5,
    )
    assert "authorization" in index["authentication"]["application-passwords"]["endpoints"]
    assert stand.own("GET", f"{site}/?rest_route=/wp/v2/posts&per_page=1").json() == []


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/nothing"), ("PUT", "/posts"), ("DELETE", "/posts"), ("GET", "/posts/1/revisions")]
)
def test_wrong_path_or_method_is_no_route(rest: Rest, method: str, path: str) -> None:
    assert refusal(rest.send(method, path)) == (404, "rest_no_route")


@pytest.mark.parametrize("way", ["header", "query"])
def test_method_may_be_overridden(rest: Rest, way: str) -> None:
    post = rest.create()
    headers = {"X-HTTP-Method-Override": "DELETE"} if way == "header" else {}
    params = {"_method": "DELETE"} if way == "query" else {}
    assert rest.send("POST", f"/posts/{post['id']}", headers=headers, params=params).json()["status"] == "trash"


def test_messages_are_not_english(rest: Rest) -> None:
    assert "Ungültige" in rest.get("/posts/999").json()["message"]
