"""A journal as a bot would have written it in the last weeks, for somebody to look at: made by `quorate run`, from commands whose dates are counted
back from now. Everybody in it is made up."""

import datetime
import json
import subprocess

PEOPLE = {"101": "alice", "102": "bob", "103": "carol", "104": "dave", "105": "erin", "106": "farid", "107": "gwen", "108": "hana", "900": "frank"}
ROSTER = {
    "format": 1,
    "name": "ferris",
    "people": {number: {"handle": handle} for number, handle in PEOPLE.items()},
    "teams": {
        "lang": {"label": "T-lang", "members": ["101", "102", "103", "104", "105"], "leads": ["101"]},
        "libs": {"label": "T-libs-api", "members": ["104", "106", "107", "108"]},
        "all": {"includes": ["lang", "libs"], "members": []},
        "voters": {"title": "Allowed voters", "members": ["101", "106", "107"]},
        "collaborators": {"includes": ["voters"], "members": ["103"]},
    },
}
HOSTILE = "<script>document.title='owned'</script> \"quoted\" & <b>bold</b>"


class Story:
    def __init__(self, now):
        self.now = now
        self.lines = []

    def at(self, days_ago):
        return (self.now - datetime.timedelta(days=days_ago)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def open(self, subject, title, days_ago, by="900", process="fcp", teams=("lang",)):
        self.subject = subject
        self.lines.append((days_ago, {"open": {"process": process, "by": by, "subject": subject, "title": title, "teams": list(teams), "at": self.at(days_ago)}}))

    def do(self, what, by, days_ago, **more):
        self.lines.append((days_ago, {"do": what, "by": by, "proposal": self.subject, "at": self.at(days_ago), **more}))

    def propose(self, disposition, by, days_ago):
        self.do("propose", by, days_ago, disposition=disposition)

    def reviewed(self, *who):
        for by, days_ago in who:
            self.do("cast", by, days_ago, position="approve")

    def text(self):
        """In the order of time: the journal is one story."""
        return "".join(json.dumps(line) + "\n" for _, line in sorted(self.lines, key=lambda each: -each[0]))


def consensus(now):
    s = Story(now)
    s.open("ferris/rfcs#3412", "Let chains in match guards", 24)
    s.propose("merge", "101", 20)
    s.reviewed(("102", 19.8), ("104", 17))
    s.do("raise", "103", 18.6, concern="drop-order", text="Temporaries in the guard live until the end of the arm.\nThat would surprise people, and it differs from `if let`.")
    s.do("resolve", "103", 6.2, concern="drop-order", text="The reference now says so, with an example.")
    s.reviewed(("103", 6.1))
    s.open("ferris/rfcs#3501", "A prelude for the 2027 edition", 16, by="105")
    s.propose("merge", "105", 12)
    s.reviewed(("101", 11.5), ("102", 9))
    s.do("raise", "104", 8, concern="name clashes", text="Two crates among the hundred most used define a trait with the same method.")
    s.open("ferris/std#118", "Stabilise iter::zip_longest", 9, by="106", teams=("libs",))
    s.propose("merge", "106", 7.5)
    s.reviewed(("107", 7))
    s.open("ferris/rfcs#3389", "Checked arithmetic by default in release builds", 40, teams=("lang",))
    s.propose("close", "102", 38)
    s.reviewed(("101", 37), ("103", 36.5), ("104", 36.2), ("105", 36))
    s.open("ferris/rfcs#3377", "Field projection through smart pointers", 60)
    s.propose("postpone", "104", 55)
    s.reviewed(("101", 54), ("102", 52), ("105", 51))
    s.open("ferris/std#97", "Deprecate mem::uninitialized", 35, by="107", teams=("libs",))
    s.propose("merge", "107", 34)
    s.reviewed(("104", 33), ("106", 32), ("108", 31))
    s.open("ferris/std#121", HOSTILE, 26, by="108", teams=("libs",))
    s.propose("merge", "108", 25)
    s.do("raise", "106", 24, concern="<img src=x onerror=alert(1)>", text=HOSTILE)
    s.open("ferris/internal#5", "A matter of an internal repository", 2)
    s.propose("merge", "101", 1)
    return s.text()


def votes(now):
    s = Story(now)
    s.open("ferris/rfcs#3550", "Move the weekly meeting to Wednesday", 3.5, by="101", process="vote", teams=())
    for by, choice, ago in (("101", "for", 3.4), ("106", "for", 2), ("107", "against", 1.5), ("103", "abstain", 1)):
        s.do("cast", by, ago, position=choice)
    s.open("ferris/rfcs#3490", "Adopt the code of conduct of the foundation", 30, by="106", process="vote", teams=())
    for by, choice, ago in (("101", "for", 29), ("106", "for", 28), ("107", "for", 27)):
        s.do("cast", by, ago, position=choice)
    return s.text()


def write(quorate, source, folder, now):
    """Writes folder/journal.db and folder/roster.json."""
    roster = folder + "/roster.json"
    with open(roster, "w", encoding="utf-8") as out:
        json.dump(ROSTER, out)
    until = json.dumps({"advance": now.strftime("%Y-%m-%dT%H:%M:%SZ")}) + "\n"
    for charter, commands in (("rust", consensus(now)), ("gitvote", votes(now) + until)):
        done = subprocess.run([quorate, "run", f"{source}/examples/charters/{charter}.json", roster, "--db", folder + "/journal.db"], input=commands, capture_output=True, text=True, check=False)
        refused = [line for line in done.stdout.splitlines() if '"refused"' in line or '"failed"' in line]
        if done.returncode != 0 or refused:
            raise SystemExit(f"the story of {charter} can't be told: {done.stderr}{refused}")
