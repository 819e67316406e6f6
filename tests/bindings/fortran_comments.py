"""fortran_comments.py FOLDER: every public type and procedure of the modules there has a comment above it."""
import re
import sys
from pathlib import Path


def names_of(text):
    """What a module makes public: by name, as a procedure of a generic one, or bound to a type."""
    public = set(re.findall(r"\w+", " ".join(re.findall(r"^  public :: (.*)", text, re.M))))
    for generic, body in re.findall(r"^  interface (\w+)\n(.*?)^  end interface", text, re.M | re.S):
        if generic in public:
            public |= set(re.findall(r"\w+", body)) - {"procedure"}
    bound = re.findall(r"^    procedure :: \w+ => (\S+)", text, re.M)
    hidden = dict(re.findall(r"^    procedure, private :: (\w+) => (\S+)", text, re.M))
    for listed in re.findall(r"^    generic :: \w+ => (.*)", text, re.M):
        bound += [hidden[name] for name in re.findall(r"\w+", listed)]
    return public | {re.sub(r"TYPED\((\w+)\)", r"\1", name) for name in bound}


def without_comment(text):
    public = {re.sub(r"_f(32|64)$", "", name) for name in names_of(text)}
    before = ""
    for line in text.splitlines():
        found = re.match(r"  (?:pure )?(?:subroutine|function|type)(?:, [^:]*)?(?: ::)? (TYPED\()?(\w+)", line)
        if found and re.sub(r"_f(32|64)$", "", found[2]) in public and not before.startswith("  !"):
            yield found[2]
        before = line


folder = Path(sys.argv[1])
main = "".join((folder / name).read_text() for name in ("orthant_types.inc", "orthant.F90", "orthant_bodies.inc"))
bad = [*without_comment(main), *without_comment((folder / "orthant_threads.f90").read_text())]
for name in bad:
    print(f"FAILED: no comment above {name} in {folder}")
sys.exit(bool(bad))
