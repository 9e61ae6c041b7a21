"""How invented workers come, move, rise and leave, each with the facts an office would record."""

from __future__ import annotations

from datetime import date, timedelta

from jiceng.demo.people import Person, person
from jiceng.demo.story import COMMITTEE, WHOLE_KINDS, Begin, End, Life, Line, Story

_EDUCATION = (("senior_middle", 12), ("secondary", 8), ("college", 44), ("bachelor", 34), ("master", 2))
_EDUCATION_BEFORE = (("junior_middle", 8), ("senior_middle", 30), ("secondary", 18), ("college", 34), ("bachelor", 10))
_MAJORS = ("社会工作", "行政管理", "法学", "汉语言文学", "藏语言文学", "会计", "护理", "计算机应用", "农业经济管理", "旅游管理", "学前教育")
_SCHOOLS = ("示例大学", "示例民族学院", "示例职业技术学院", "示例师范学院", "示例中学")
_POLITICAL = {"party": "party", "league": "league", "masses": "masses"}


def same_day(day: date, years: int) -> date:
    """The same calendar day some years later; 29 February becomes the 28th in a common year."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def newcomer(
    story: Story, *, community: int, post: str, worker_class: str, origin: str, since: date, started: date, someone: Person | None = None
) -> Life:
    """A new life in the story, without facts yet; `someone` where the person is given and not left to the dice."""
    dice = story.dice
    before = started.year < 2016
    youngest = started.year - (24 if before else 22)
    given = someone or person(dice, born_from=youngest - (22 if before else 16), born_to=youngest - 1, taken=story.taken)
    levels = _EDUCATION_BEFORE if before else _EDUCATION
    party = post in COMMITTEE or dice.random() < 0.45
    age = started.year - given.birth.year
    political = "party" if party else ("league" if age < 27 and dice.random() < 0.5 else "masses")
    education = dice.choices([level for level, _ in levels], [weight for _, weight in levels])[0]
    life = Life(next(story.numbers), given, community, post, worker_class, origin, since, started, education, political)
    story.lives.append(life)
    return life


def appointment(life: Life, *, until: date | None = None) -> Begin:
    """The present appointment as a fact."""
    county_body = "county" if life.origin == "open_recruitment" else "street"
    fields = {
        "class": life.worker_class,
        "post": life.post,
        "origin": life.origin,
        "appointed_by": "community" if life.origin == "elected" else county_body,
    }
    return Begin(life.number, "appointment", life.since, fields, life.community, until)


def first_facts(story: Story, life: Life, *, whole: bool) -> list[Line]:
    """What is recorded about a person at the first entry; `whole` also says that the histories are complete."""
    dice, who, number = story.dice, life.person, life.number
    name = {"name": who.name, "id_number": who.id_number, "id_type": "居民身份证"}
    graduated = date(who.birth.year + (22 if life.education in ("bachelor", "master") else 20), 7, 1)
    study = {
        "level": life.education,
        "mode": "full_time",
        "graduated": min(graduated, life.started).isoformat(),
        "major": dice.choice(_MAJORS),
        "school": dice.choice(_SCHOOLS),
    }
    lines: list[Line] = [
        Begin(number, "person", who.birth, name),
        Begin(number, "birth", who.birth, {"date": who.birth.isoformat()}),
        Begin(number, "sex", who.birth, {"sex": "male" if who.sex == "男" else "female"}),
        Begin(number, "nation", who.birth, {"nation": who.nation}),
        Begin(number, "political_status", life.started, {"status": _POLITICAL[life.political]}),
        Begin(number, "education", min(graduated, life.started), study),
        Begin(number, "community_start", life.started, {"date": life.started.isoformat()}),
        appointment(life),
    ]
    if number % 9:
        lines.append(Begin(number, "contact", life.started, {"phone": who.phone}))
    if whole:
        for kind in WHOLE_KINDS:
            lines.append(Begin(number, "complete", life.started, {"kind": kind, "from": life.started.isoformat()}))
    return lines


def contract(story: Story, life: Life, *, signed: date) -> Begin:
    """A contract from `signed` on: three years with the street or the agency, none in writing for an elected office."""
    life.contract_kind = {"elected": "elected_office", "sent": "establishment"}.get(life.origin, "street")
    if life.worker_class == "dispatched":
        life.contract_kind = "dispatch"
    fields = {"kind": life.contract_kind, "signed": signed.isoformat()}
    life.contract_ends = None
    if life.contract_kind in ("street", "dispatch"):
        life.contract_ends = same_day(signed, 3) - timedelta(days=1)
        fields["ends"] = life.contract_ends.isoformat()
    return Begin(life.number, "contract", signed, fields)


def hire(story: Story, *, community: int, day: date, post: str = "staff") -> Life:
    """An open recruitment: vetting, appointment, contract, probation of three months and its outcome, initial training."""
    dice = story.dice
    life = newcomer(
        story, community=community, post=post, worker_class="full_time_staff", origin="open_recruitment", since=day, started=day
    )
    vetting = Begin(life.number, "vetting", day - timedelta(days=20), {"result": "passed", "by": "县级党委社会工作部门（示例）"})
    ends = day + timedelta(days=91)
    story.note(
        day + timedelta(days=6), "示例：公开招聘社区工作者聘用名单",
        *first_facts(story, life, whole=True), vetting, contract(story, life, signed=day),
        Begin(life.number, "probation", day, {"ends": ends.isoformat()}),
    )  # fmt: skip
    if dice.random() < 0.93:
        outcome = Begin(life.number, "probation", day, {"ends": ends.isoformat(), "outcome": "passed"})
        story.note(ends + timedelta(days=9), "示例：试用期满考核结果", outcome)
    if dice.random() < 0.85:
        train(story, life, day=day + timedelta(days=40 + dice.randrange(30)), level="county", kind="initial")
    return life


def train(story: Story, life: Life, *, day: date, level: str, kind: str = "in_service") -> None:
    """One training, recorded ten days after."""
    if day > story.on or (life.left and day >= life.left):
        return
    life.trained = max(day, life.trained or day)
    fields = {"level": level, "kind": kind, "hours": story.dice.choice((16, 24, 40)), "course": f"{day.year}年社区工作者培训班（示例）"}
    story.note(day + timedelta(days=10), f"示例：{day.year}年培训班结业名册", Begin(life.number, "training", day, fields))


def reappoint(
    story: Story, life: Life, *, day: date, basis: str, community: int = 0, post: str = "", worker_class: str = "", origin: str = ""
) -> None:
    """A change of post, or of community, or both, from `day` on. One that would be recorded too late does not happen."""
    if day + timedelta(days=4) >= story.on:
        return
    lines: list[Line] = []
    if community and community != life.community:
        lines.append(End(life.number, "appointment", day, life.community))
        if life.origin == "elected":
            lines.append(End(life.number, "term", day))
        life.community = community
    life.post, life.worker_class, life.origin = post or life.post, worker_class or life.worker_class, origin or life.origin
    life.since = day
    story.note(day + timedelta(days=4), basis, *lines, appointment(life))


def leave_office(story: Story, life: Life, *, day: date, cause: str) -> None:
    """The end of service: appointment, contract, terms and backup places end; the cause is recorded.

    One that would be recorded too late does not happen.
    """
    if day + timedelta(days=5) >= story.on:
        return
    life.left = day
    lines: list[Line] = [End(life.number, "appointment", day, life.community)]
    if life.contract_kind:
        lines.append(End(life.number, "contract", day))
    if life.origin == "elected":
        lines.append(End(life.number, "term", day))
    if life.backup_for:
        lines.append(End(life.number, "backup", day, life.backup_for))
    lines.append(Begin(life.number, "departure", day, {"cause": cause, "basis": "示例：离任登记"}))
    story.note(day + timedelta(days=5), "示例：离任登记表", *lines)
