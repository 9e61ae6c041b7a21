"""Import of a roster: a workbook sent up, looked at, confirmed or taken back; the same doors as the pages."""

from __future__ import annotations

import hashlib
from io import BytesIO
from typing import Annotated, Any

from django.http import HttpResponse
from ninja import File, Form, Path, Query, Router, Schema, UploadedFile
from ninja.responses import Status
from pydantic import Field

from jiceng.api import shapes
from jiceng.api.moments import When
from jiceng.api.places import place_seen
from jiceng.api.signing import Asking
from jiceng.api.writing import MOST, Given, Key, Text, once
from jiceng.base.refusals import Refusal
from jiceng.desks.workforce.jobs import begin_landing
from jiceng.documents.sheets import XLSX
from jiceng.intake import uploads
from jiceng.intake.landing import Preview
from jiceng.intake.models import Upload
from jiceng.intake.templates_out import write_template
from jiceng.runs.law import installed_law
from jiceng.ui.moment import day_asked
from jiceng.ui.pages import clock

router = Router(tags=["导入"])
UploadNumber = Annotated[int, Path(ge=1, le=MOST, description="上传编号")]
LISTED = 30
State = Upload.State


class UploadIn(Schema):
    """What the file is about."""

    place: int = Field(ge=0, le=MOST, description="办理范围：表里的人都在这个地方以内")
    as_of: str = Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="截至日：这张表说的是哪一天的情况", examples=["2024-09-30"])


class TemplateOf(Schema):
    """Whose template."""

    place: int = Field(ge=0, le=MOST, description="区划代码")


class ConfirmIn(Given):
    """On what basis the rows are taken into the ledger."""

    basis: Text
    why: Text


class UndoIn(Given):
    """Why an import is taken back."""

    why: Text


@router.get("", response=shapes.UploadsAnswer, operation_id="imports", summary="最近的上传")
def listed(request: Asking) -> Any:
    """令牌可以导入的地方最近的 30 次上传。"""
    return {"uploads": [_line(one) for one in uploads.latest_uploads(request.auth.scope, most=LISTED)]}


@router.post("", response={201: shapes.UploadAnswer}, operation_id="import_send", summary="上传一张花名册，得到预览")
def send(request: Asking, given: Form[UploadIn], file: File[UploadedFile], key: Key) -> Any:
    """只检查、比较，不写入台账。Excel（xlsx、xls）、WPS 或 CSV，按内容认。预览满意后再确认。"""
    when = When().moment
    place_seen(request, given.place, when)
    request.auth.scope.require("import", given.place, what="导入表格")
    content, as_of = file.read(), day_asked(given.as_of, today=when.today)

    def keep() -> int:
        account = request.auth.token.account
        return uploads.keep(content, name=file.name or "", account=account, place=given.place, as_of=as_of, clock=clock).pk

    digest = hashlib.sha256(content).hexdigest()
    number, repeated = once(request.auth, key, f"POST imports {given.place} {given.as_of} {digest}".encode(), keep)
    return Status(201, _answer(Upload.objects.get(pk=number), repeated=repeated))


@router.get("/template", response={200: bytes}, operation_id="import_template", summary="一个地方的空白花名册")
def template(request: Asking, asked: Query[TemplateOf]) -> HttpResponse:
    """带各列的下拉选项。"""
    when = When().moment
    place_seen(request, asked.place, when)
    request.auth.scope.require("import", asked.place, what="下载模板")
    out = BytesIO()
    write_template(asked.place, out, on=when.today, terms=installed_law().terms)
    return _workbook(out.getvalue(), f"template-{asked.place}.xlsx")


@router.get("/{int:upload}", response=shapes.UploadAnswer, operation_id="import_one", summary="一次上传：预览或结果")
def one(request: Asking, upload: UploadNumber) -> Any:
    """`state` 是 landing 时正在写入，过几秒再问；整份退回（refused）时 `summary.refusal` 是原因。"""
    return _answer(uploads.upload_seen(request.auth.scope, upload), repeated=False)


@router.get("/{int:upload}/returned", response={200: bytes}, operation_id="import_returned", summary="退回的行，连同原因")
def returned(request: Asking, upload: UploadNumber) -> HttpResponse:
    """每一处毛病写在那一格旁边，改好后再上传。"""
    found = uploads.upload_seen(request.auth.scope, upload)
    content = uploads.refused_workbook(uploads.look(found, terms=installed_law().terms))
    if not content:
        raise Refusal("import.none_refused", "没有退回的行", why="这张表的每一行都可以写入", do="可以直接确认导入")
    return _workbook(content, f"returned-{upload}.xlsx")


@router.post("/{int:upload}/confirm", response={202: shapes.UploadAnswer}, operation_id="import_confirm", summary="确认导入")
def confirm(request: Asking, upload: UploadNumber, given: ConfirmIn, key: Key) -> Any:
    """可以导入的行全部写入，或全不写入；在后台进行，用 GET 看 `state`。"""
    found = uploads.upload_seen(request.auth.scope, upload)

    def begin() -> int:
        begin_landing(found, actor=request.auth.actor, basis=given.basis, why=given.why)
        return upload

    _, repeated = once(request.auth, key, f"POST {request.path}\n".encode() + request.body, begin)
    found.refresh_from_db()
    return Status(202, _answer(found, repeated=repeated))


@router.post("/{int:upload}/undo", response={201: shapes.UploadAnswer}, operation_id="import_undo", summary="撤销一次导入")
def undo(request: Asking, upload: UploadNumber, given: UndoIn, key: Key) -> Any:
    """这次导入的每一条分录都撤销，全撤或全不撤。"""
    found = uploads.upload_seen(request.auth.scope, upload)
    request.auth.scope.require("undo", found.place, what=f"撤销上传 {upload}")

    def take_back() -> int:
        uploads.undo(found, actor=request.auth.actor, why=given.why, clock=clock)
        return upload

    _, repeated = once(request.auth, key, f"POST {request.path}\n".encode() + request.body, take_back)
    found.refresh_from_db()
    return Status(201, _answer(found, repeated=repeated))


def _answer(upload: Upload, *, repeated: bool) -> shapes.UploadAnswer:
    """Looks again where nothing has landed yet; a file refused as a whole says why in its summary."""
    looked: Preview | None = None
    if upload.state in (State.read, State.checked, State.refused):
        try:
            looked = uploads.look(upload, terms=installed_law().terms)
        except Refusal as refusal:
            if upload.state != State.refused:
                raise
            upload.summary = {"refusal": refusal.as_dict()}
    refusals = [
        shapes.RowRefused(sheet=r.sheet, row=r.row, column=r.column, heading=r.heading, id=r.id, message=r.message, do=r.do)
        for r in (looked.checked.refusals if looked else ())
    ]
    return shapes.UploadAnswer(upload=_line(upload), repeated=repeated, summary=upload.summary, refusals=refusals)


def _line(upload: Upload) -> shapes.UploadLine:
    return shapes.UploadLine(
        upload=upload.pk, name=upload.name, place=upload.place, as_of=upload.as_of.isoformat(), at=upload.at.isoformat(),
        state=upload.state, state_name=upload.get_state_display(), size=upload.size, hash=upload.hash, batch=upload.batch,
    )  # fmt: skip


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
