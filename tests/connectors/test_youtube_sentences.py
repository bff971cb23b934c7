"""What staff read when YouTube refuses: what is wrong and the way out, never words for developers."""

import ast
import json
import re
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from connectors import (
    youtube,
    youtube_api,
    youtube_attachments,
    youtube_comments,
    youtube_cursor,
    youtube_errors,
    youtube_meanings,
    youtube_metrics,
    youtube_post,
    youtube_processing,
    youtube_stage,
    youtube_token,
    youtube_upload,
)
from connectors.errors import Blocked, ConnectorError, NotAuthorized, Rejected, TokenRefused
from connectors.youtube_errors import error_for, token_error_for
from connectors.youtube_meanings import MEANINGS, TOKEN_MEANINGS, Wait
from connectors.youtube_processing import processing_wait
from core.deliveries import Stage
from core.media import AttachmentRole, MediaKind
from core.posts import OutgoingPost
from tests.connectors.youtube_channel import Channel, channel, outgoing, spoken, stored, video, youtube_server

__all__ = ["channel", "youtube_server"]

MODULES = [
    *(youtube, youtube_api, youtube_attachments, youtube_comments, youtube_cursor, youtube_errors, youtube_meanings),
    *(youtube_metrics, youtube_post, youtube_processing, youtube_stage, youtube_token, youtube_upload),
]
RECONNECT = "conecte otra vez"


def refused(status: int, reason: str) -> ConnectorError:
    content = {"error": {"code": status, "message": "Words for developers.", "errors": [{"reason": reason}]}}
    return error_for(status, {}, json.dumps(content).encode())


def test_every_row_that_stops_a_post_or_an_account_says_why() -> None:
    for row in MEANINGS:
        if isinstance(row.kind, Wait):
            assert row.sentence or row.kind is Wait.SHORT, row.diagnostic
        elif issubclass(row.kind, Rejected | NotAuthorized) and row.kind is not TokenRefused:
            assert row.sentence, row.diagnostic


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_refusal_that_is_raised_has_its_own_sentence(module: ModuleType) -> None:
    source = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
    raised = [node for node in ast.walk(source) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)]
    bare = [
        call.lineno
        for call in raised
        if isinstance(call.func, ast.Name)
        and call.func.id in ("Rejected", "NotAuthorized", "Blocked")
        and "sentence" not in {keyword.arg for keyword in call.keywords}
    ]
    assert bare == []


def test_sentences_are_for_the_office() -> None:
    sentences = [row.sentence for row in MEANINGS if row.sentence]
    sentences += [sentence for _diagnostic, sentence in TOKEN_MEANINGS.values()]
    sentences += [*youtube_processing._SENTENCES.values(), *youtube_processing._ACCOUNTS.values()]
    for sentence in sentences:
        assert re.fullmatch(r"[A-ZÁÉÍÓÚ].*\.", sentence), sentence
        assert not re.search(r"—|HTTP|token|scope|tú |  ", sentence), sentence


@pytest.mark.parametrize(
    ("status", "reason", "kind", "said"),
    [
        (403, "accessNotConfigured", NotAuthorized, "no está activado el servicio YouTube Data API v3"),
        (403, "SERVICE_DISABLED", NotAuthorized, "Conectar la cuenta otra vez no ayuda"),
        (401, "youtubeSignupRequired", NotAuthorized, "no tiene un canal de YouTube"),
        (403, "authenticatedUserAccountSuspended", Blocked, "presente ahí el reclamo"),
        (403, "authenticatedUserAccountClosed", Blocked, "está cerrada"),
        (403, "insufficientPermissions", NotAuthorized, "deje marcados todos los permisos"),
        (403, "accountDelegationForbidden", NotAuthorized, "ya no puede actuar por el canal"),
        (403, "commentsDisabled", Rejected, "comentarios desactivados"),
        (400, "invalidTitle", Rejected, "rechazó el título"),
        (400, "badRequest", Rejected, "No es por el contenido"),
    ],
)
def test_what_is_wrong_is_said_as_it_is(status: int, reason: str, kind: type[ConnectorError], said: str) -> None:
    error = refused(status, reason)
    assert (type(error), said in error.sentence) == (kind, True)
    assert "developers" not in error.sentence


@pytest.mark.parametrize("reason", ["accessNotConfigured", "SERVICE_DISABLED", "authenticatedUserAccountSuspended"])
def test_nobody_is_sent_to_connect_again_in_vain(reason: str) -> None:
    assert error_for(403, {}, b"").sentence != NotAuthorized.sentence
    sentence = refused(403, reason).sentence
    assert RECONNECT not in sentence
    assert sentence != NotAuthorized.sentence


def test_a_wrong_client_is_no_matter_of_the_channel() -> None:
    error = token_error_for(401, {}, b'{"error":"invalid_client"}')
    assert "no reconoce la aplicación de la oficina" in error.sentence
    assert "venció" not in error.sentence


def staged_by(connector: youtube.YouTubeConnector, post: OutgoingPost) -> Stage:
    stage: Stage | None = None
    while stage is None or not stage.ready:
        stage = connector.stage(post, stored(stage))
    return stage


def test_only_a_thumbnail_is_told_of_thumbnails(channel: Channel, tmp_path: Path) -> None:
    assert "miniatura" not in refused(403, "forbidden").sentence
    path = tmp_path / "still.png"
    Image.new("RGB", (1280, 720), "teal").save(path)
    still = outgoing(path, MediaKind.IMAGE, "image/png", AttachmentRole.THUMBNAIL)
    connector = channel.connector(access_token=channel.world.other_access_token)
    with pytest.raises(Rejected) as caught:
        staged_by(connector, spoken(video(tmp_path), thumbnail=still))
    assert "verificar el teléfono del canal" in caught.value.sentence
    assert (caught.value.status, caught.value.code) == (403, "forbidden")


@pytest.mark.parametrize(
    ("status", "kind", "said"),
    [
        ({"uploadStatus": "failed", "failureReason": "codec"}, Rejected, "MP4"),
        ({"uploadStatus": "rejected", "rejectionReason": "claim"}, Rejected, "de otros"),
        ({"uploadStatus": "rejected", "rejectionReason": "uploaderAccountSuspended"}, Blocked, "suspendió la cuenta"),
        ({"uploadStatus": "rejected", "rejectionReason": "uploaderAccountClosed"}, Blocked, "está cerrada"),
        ({"uploadStatus": "rejected", "rejectionReason": "neverHeardOf"}, Rejected, "Vea el motivo en YouTube Studio"),
        ({"uploadStatus": "failed"}, Rejected, "Vea el motivo en YouTube Studio"),
    ],
)
def test_why_a_video_is_not_taken_is_told(status: dict[str, str], kind: type[ConnectorError], said: str) -> None:
    with pytest.raises(ConnectorError) as caught:
        processing_wait({"status": status})
    assert (type(caught.value), said in caught.value.sentence) == (kind, True)
