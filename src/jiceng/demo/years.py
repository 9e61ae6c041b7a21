"""A county's story: the opening of the books, elections, and what happens every year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from random import Random

from jiceng.demo.by_hand import KANGDING, tell_by_hand
from jiceng.demo.hires import contract, first_facts, hire, leave_office, newcomer, reappoint, same_day, train
from jiceng.demo.paying import tell_for_pay
from jiceng.demo.story import COMMITTEE, OPENING, Begin, End, Life, Story

ELECTIONS = (date(2017, 1, 10), date(2021, 1, 12), date(2026, 1, 14))
TERM_YEARS = {2017: 4, 2021: 5, 2026: 5}
HELD_BACK_DAYS = 120
"""Hires of the last months are not replayed: they reach the ledger only through the counties' workbooks."""

_CAUSES = (("resignation", 50), ("recruited", 18), ("expiry", 12), ("retirement", 8), ("transfer", 8), ("dismissal", 4))


def told(county: int, *, communities: Mapping[int, str], heads: int, on: date, seed: int, numbers: Iterator[int], taken: set[str]) -> Story:
    """One county from the opening of its book to `on`, about `heads` people to a community."""
    story = Story(county, on, Random(seed * 1_000_003 + county), dict(communities), numbers, taken)
    _open(story, heads)
    tell_by_hand(story)
    for year in range(OPENING.year, on.year + 1):
        _recruit(story, year, heads)
        _renew_contracts(story, year, months=range(1, 9))
        _part(story, year)
        _renew_contracts(story, year, months=range(9, 13))
        _certify(story, year)
        _teach(story, year)
        _assess(story, year)
        for election in ELECTIONS:
            if election.year == year + 1 and election <= on:
                _elect(story, election)
    _grade(story)
    if county == KANGDING:
        tell_for_pay(story)
    for life in story.serving():
        life.only_in_workbook = life.started > on - timedelta(days=HELD_BACK_DAYS)
    return story


def _open(story: Story, heads: int) -> None:
    dice = story.dice
    for community in story.communities:
        posts = ["secretary_director", "deputy_secretary", "deputy_director", "committee", "committee", "committee"]
        posts += ["grid" if dice.random() < 0.35 else "staff" for _ in range(max(2, heads + dice.randrange(-3, 4) - len(posts)))]
        if dice.random() < 0.25:
            posts[0:1] = ["secretary", "director"]
        for post in posts:
            started = date(2005 + int(10.9 * dice.random() ** 0.6), dice.randrange(1, 13), dice.randrange(1, 29))
            elected = post in COMMITTEE
            worker_class = "committee_full_time" if elected else ("dispatched" if dice.random() < 0.06 else "full_time_staff")
            if post == "committee" and dice.random() < 0.3:
                worker_class = "committee_part_time"
            origin = "elected" if elected else ("converted" if post == "grid" else "open_recruitment")
            life = newcomer(story, community=community, post=post, worker_class=worker_class, origin=origin, since=started, started=started)
            _open_life(story, life)


def _open_life(story: Story, life: Life) -> None:
    dice = story.dice
    whole = dice.random() < 0.62
    lines = [
        *first_facts(story, life, whole=whole),
        contract(story, life, signed=max(life.started, date(2014, 1 + dice.randrange(12), 10))),
    ]
    if dice.random() < 0.75:
        day = life.started - timedelta(days=15)
        lines.append(Begin(life.number, "vetting", day, {"result": "passed", "by": "县级党委组织部门（示例）"}))
    if not whole and dice.random() < 0.7:
        # The office can vouch for trainings and assessments since its book was opened, not for what lies before.
        for kind in ("training", "assessment"):
            lines.append(Begin(life.number, "complete", OPENING, {"kind": kind, "from": OPENING.isoformat()}))
    story.note(OPENING, "示例：建账时的社区工作者花名册", *lines)


def _recruit(story: Story, year: int, heads: int) -> None:
    day = story.day_in(year, (7, 1), 60)
    if day > story.on:
        return
    for community in story.communities:
        missing = heads - len(story.serving(community)) + story.dice.randrange(-2, 2)
        for _ in range(max(0, missing)):
            hire(story, community=community, day=day, post="grid" if story.dice.random() < 0.3 else "staff")
    movers = [life for life in story.serving() if not life.head and not life.settled and story.dice.random() < 0.02]
    for life in movers if len(story.communities) > 1 else ():
        moved = story.day_in(year, (4, 1), 60)
        if life.since < moved <= story.on:
            target = story.dice.choice([c for c in story.communities if c != life.community])
            post, kept = ("staff", "full_time_staff") if life.post in COMMITTEE else (life.post, life.worker_class)
            reappoint(story, life, day=moved, basis="示例：社区工作者调配通知", community=target, post=post, worker_class=kept)


def _certify(story: Story, year: int) -> None:
    day = date(year, 10, 20)
    for life in story.serving():
        chance = 0.05 if life.certificate == "" else 0.03
        if life.settled or life.certificate == "social_worker" or life.started >= date(year, 6, 1) or story.dice.random() > chance:
            continue
        if day > story.on:
            continue
        life.certificate = "assistant" if life.certificate == "" else "social_worker"
        life.certificate_registered = day
        fields = {"kind": life.certificate, "obtained": date(year, 6, 15).isoformat(), "registered": day.isoformat()}
        story.note(day + timedelta(days=12), "示例：社会工作者职业资格登记", Begin(life.number, "certificate", day, fields))
    for life in story.serving():
        if not life.in_service_education and life.education in ("senior_middle", "secondary", "college") and story.dice.random() < 0.02:
            graduated = date(year, 7, 1)
            if life.started < graduated <= story.on and not life.settled:
                life.in_service_education = "bachelor" if life.education == "college" else "college"
                fields = {"level": life.in_service_education, "mode": "in_service", "graduated": graduated.isoformat(), "major": "行政管理"}
                story.note(graduated + timedelta(days=30), "示例：在职学历登记", Begin(life.number, "education", graduated, fields))


def _teach(story: Story, year: int) -> None:
    heads_day, others_day = story.day_in(year, (3, 1), 60), story.day_in(year, (1, 20), 320)
    for life in story.serving():
        if life.settled:
            continue
        if life.head:
            if story.dice.random() < 0.88 and life.started < heads_day:
                train(story, life, day=heads_day, level="city")
            continue
        long_ago = life.trained is None or (others_day - life.trained).days > 700
        if life.started < others_day and long_ago and story.dice.random() < 0.4:
            train(story, life, day=others_day, level=story.dice.choice(("county", "street")))


def _renew_contracts(story: Story, year: int, *, months: range) -> None:
    for life in story.serving():
        ends = life.contract_ends
        if ends and ends.year == year and ends.month in months and not life.settled and story.dice.random() < 0.95:
            story.note(ends - timedelta(days=15), "示例：劳动合同续签", contract(story, life, signed=ends + timedelta(days=1)))


def _part(story: Story, year: int) -> None:
    for life in story.serving():
        day = story.day_in(year, (9, 1), 100)
        retires = 60 if life.person.sex == "男" else 55
        if life.settled or day > story.on or life.started.year >= year:
            continue
        if same_day(life.person.birth, retires) <= day:
            leave_office(story, life, day=day, cause="retirement")
        elif not life.head and story.dice.random() < 0.065:
            cause = story.dice.choices([c for c, _ in _CAUSES], [w for _, w in _CAUSES])[0]
            leave_office(story, life, day=day, cause=cause if life.origin != "elected" else "term_end")


def _assess(story: Story, year: int) -> None:
    told_on, day = date(year + 1, 2, 20), date(year, 12, 31)
    if told_on > story.on:
        return
    for life in story.serving():
        if life.started > date(year, 7, 1):
            continue
        result = story.dice.choices(("excellent", "pass", "basic", "fail"), (15, 81, 3, 1))[0]
        life.assessed = (year, result)
        story.note(told_on, f"示例：{year}年度考核结果通报", Begin(life.number, "assessment", day, {"year": year, "result": result}))
        if result == "excellent" and story.dice.random() < 0.06:
            fields = {"level": story.dice.choice(("county", "county", "city")), "basis": f"示例：{year}年度优秀社区工作者表彰决定"}
            story.note(told_on + timedelta(days=60), "示例：表彰决定", Begin(life.number, "honour", told_on + timedelta(days=40), fields))


def _elect(story: Story, day: date) -> None:
    basis = f"示例：{day.year}年社区“两委”换届选举结果"
    for community, name in story.communities.items():
        for head in [life for life in story.serving(community) if life.head and not life.settled]:
            if story.dice.random() < 0.3:
                _hand_over(story, head, day=day, basis=basis)
        for life in story.serving(community):
            if life.post not in COMMITTEE and not life.settled and story.dice.random() < 0.04:
                reappoint(story, life, day=day, basis=basis, post="committee", worker_class="committee_full_time", origin="elected")
            if life.post in COMMITTEE:
                term = {"body": name, "post": life.post, "elected": (day - timedelta(days=8)).isoformat(), "from": day.isoformat()}
                to = same_day(day, TERM_YEARS[day.year])
                vetting = Begin(life.number, "vetting", day - timedelta(days=25), {"result": "passed", "by": "县级联审（示例）"})
                story.note(
                    day + timedelta(days=4), basis, vetting, Begin(life.number, "term", day, {**term, "to": to.isoformat()}, until=to)
                )
                if life.head and story.dice.random() < 0.85:
                    filed = {"body": "县级党委组织部门（示例）", "kind": "before", "reply": "agreed"}
                    story.note(
                        day + timedelta(days=20), "示例：社区党组织书记备案", Begin(life.number, "filing", day - timedelta(days=5), filed)
                    )
        _back_up(story, community, day)


def _hand_over(story: Story, head: Life, *, day: date, basis: str) -> None:
    """A head is not chosen again: a deputy, a committee member or a worker of the community follows."""
    rest = [life for life in story.serving(head.community) if not life.head and not life.settled and life.since < day]
    rest.sort(key=lambda life: (life.post not in COMMITTEE, life.started, life.number))
    follower = story.dice.choice(rest[:5])
    post = head.post
    if follower.backup_for:
        story.note(day + timedelta(days=4), basis, End(follower.number, "backup", day, follower.backup_for))
        follower.backup_for = 0
    reappoint(story, follower, day=day, basis=basis, post=post, worker_class="committee_full_time", origin="elected")
    if story.dice.random() < 0.5:
        reappoint(story, head, day=day, basis=basis, post="committee", worker_class="committee_full_time", origin="elected")
    else:
        leave_office(story, head, day=day, cause="term_end")


def _back_up(story: Story, community: int, day: date) -> None:
    if any(life.backup_for == community for life in story.serving()) or story.dice.random() < 0.25:
        return
    ready = [life for life in story.serving(community) if life.political == "party" and not life.head and not life.settled]
    if ready:
        life = story.dice.choice(ready)
        life.backup_for = community
        since = day + timedelta(days=60)
        line = Begin(life.number, "backup", since, {"post": "secretary"}, community)
        story.note(since + timedelta(days=3), "示例：社区党组织书记后备人才名单", line)


def _grade(story: Story) -> None:
    """The first grading under the prefecture's 示例 document; one in twelve has not been graded yet."""
    day = date(2026, 2, 1)
    for life in story.serving():
        if life.started > day or story.dice.random() < 0.08:
            continue
        lowest, highest = (5, 12) if life.head else (3, 10) if life.post.startswith("deputy") else (1, 8)
        grade = min(highest, lowest + (day.year - life.started.year) // 3)
        story.note(day + timedelta(days=12), "示例：首次定级结果", Begin(life.number, "grading", day, {"grade": grade}))
