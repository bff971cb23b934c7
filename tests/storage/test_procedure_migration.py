"""What there was before the procedure came in keeps its meaning: requests stand where their post had brought them."""

from sqlalchemy import text

from core.people import Role
from core.posts import PostState
from storage.database import Database
from tests.storage.test_stops import _migrate_to

# the post's state, its deliveries' states, and where the request then stands
BEFORE = (
    ("draft", (), "in_production"),
    ("in_review", (), "in_review"),
    ("changes_requested", (), "changes_requested"),
    ("approved", (), "approved"),
    ("approved", ("published", "held"), "approved"),
    ("approved", ("published", "failed"), "following_up"),
    ("cancelled", ("cancelled",), "cancelled"),
    ("expired", (), "expired"),
)
AT = "2026-11-01 00:00:00.000000+00:00"
AFTER = "2026-11-02 00:00:00.000000+00:00"


def test_requests_of_before_stand_where_their_posts_are(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    try:
        _migrate_to(database, "0004")
        with database.write() as transaction:
            run = transaction._connection.execute
            run(text("INSERT INTO people VALUES (1, 'jefa', 'Jefa', 'office_head', TRUE, :at)"), {"at": AT})
            run(
                text(
                    "INSERT INTO accounts (id, platform, handle, name, remote_id, address, sealed_credentials, "
                    "created_at) VALUES (1, 'website', 'h', 'n', 'r', 'a', :sealed, :at)"
                ),
                {"sealed": b"x", "at": AT},
            )
            for number, (state, deliveries, _after) in enumerate(BEFORE, 1):
                values = {"n": number, "state": state, "at": AT, "after": AFTER}
                run(
                    text("INSERT INTO requests VALUES (:n, 'user_area', 'email', 'central', 'u', 'P', 1, :at, NULL)"),
                    values,
                )
                run(text("INSERT INTO posts VALUES (:n, :n, :state, :at, 1, :at, '')"), values)
                run(
                    text(
                        "INSERT INTO revisions (id, post_id, number, author_id, created_at, title, text, link, "
                        "language, excerpt, categories, tags, thread, options, window_starts_at, window_ends_at) "
                        "VALUES (:n, :n, 1, 1, :at, '', 't', '', 'es', '', '[]', '[]', '[]', '{}', :at, :after)"
                    ),
                    values,
                )
                run(
                    text(
                        "INSERT INTO approvals (id, revision_id, account_id, digest, approver_id, decided_at, "
                        "revoked_reason) VALUES (:n, :n, 1, 'd', 1, :at, '')"
                    ),
                    values,
                )
                for place, delivery in enumerate(deliveries):
                    account = {"id": number * 10 + place, "delivery": delivery}
                    run(
                        text(
                            "INSERT INTO accounts (id, platform, handle, name, remote_id, address, "
                            "sealed_credentials, created_at) "
                            "VALUES (:id, 'website', 'h', 'n', :remote, 'a', :sealed, :at)"
                        ),
                        {**account, "remote": str(account["id"]), "sealed": b"x", "at": AT},
                    )
                    run(
                        text(
                            "INSERT INTO deliveries (id, key, post_id, revision_id, account_id, approval_id, state, "
                            "publish_at, late_after, fence, stage_ready, tries, looks, remote_id, url, reason, "
                            "created_at) "
                            "VALUES (:id, :key, :n, :n, :id, :n, :delivery, :at, :after, 0, FALSE, 0, 0, '', '', "
                            "'', :at)"
                        ),
                        {**values, **account, "key": f"k{account['id']}"},
                    )
        assert database.migrate()[0] == "0005"
        with database.read() as transaction:
            found = [str(request.state) for request in transaction.requests.all()]
            assert found == [after for _state, _deliveries, after in BEFORE]
            assert transaction.posts.approval(1).role is Role.OFFICE_HEAD
            assert transaction.posts.get(1).state is PostState.DRAFT
    finally:
        database.close()
