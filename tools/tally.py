"""Prints "passed failed skipped" for a log of meson test: the cases of GoogleTest and TAP programs, others as one each."""
import json
import re
import sys

passed = failed = skipped = 0
try:
    with open(sys.argv[1], encoding="utf-8", errors="replace") as log:
        tests = [json.loads(line) for line in log if line.strip()]
except OSError:
    tests = []
if not tests:
    failed = 1  # nothing ran
for test in tests:
    out = test.get("stdout") or ""
    # A case's closing line has its time; the summary repeats names without one.
    cases = re.findall(r"^\[ *(OK|FAILED|SKIPPED) *\] .*\(\d+ ms\)$", out, re.M)
    good, bad, left_out = (cases.count(word) for word in ("OK", "FAILED", "SKIPPED"))
    tap = re.findall(r"^(not ok|ok) \d+ [^#\n]*(# SKIP)?", out, re.M)
    if tap:
        cases = tap
        left_out = sum(ok == "ok" and skip != "" for ok, skip in tap)
        bad = sum(ok == "not ok" for ok, _ in tap)
        good = len(tap) - left_out - bad
    result = test["result"]
    if not cases:
        good, left_out = int(result in ("OK", "EXPECTEDFAIL")), int(result == "SKIP")
    if result not in ("OK", "SKIP", "EXPECTEDFAIL") and bad == 0:
        bad = 1  # it crashed, hung, or failed outside of any case
    passed, failed, skipped = passed + good, failed + bad, skipped + left_out
print(passed, failed, skipped)
