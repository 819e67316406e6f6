#!/usr/bin/env python3
"""Time and memory of the tool on a scene in memory and from its file.

    tests/peers/streaming_time.py build/orthant [MEGABYTES] [LIMIT]

A scene of 224 bands, 16 bits, of so many megabytes, band-sequential and by pixel, is unmixed and factored, once as it
fits and once with --memory LIMIT (128M).  Prints wall and processor seconds, the largest memory, and what only reading
the file takes; each is the least of three runs, taken in turns.
"""
import array
import os
import random
import sys
import tempfile
import time

BANDS, SAMPLES, MATERIALS = 224, 500, 6


def header(path, lines, interleave):
    with open(path + ".hdr", "w") as f:
        f.write(f"ENVI\nsamples = {SAMPLES}\nlines = {lines}\nbands = {BANDS}\ndata type = 12\nbyte order = 0\n"
                f"interleave = {interleave}\nreflectance scale factor = 10000\n")


def write_scene(folder, megabytes):
    random.seed(1)
    spectra = [[random.uniform(0.05, 0.9) for _ in range(BANDS)] for _ in range(MATERIALS)]
    with open(f"{folder}/E.csv", "w") as f:
        for b in range(BANDS):
            f.write(",".join(f"{s[b]:.6f}" for s in spectra) + "\n")
    pixels = []
    for _ in range(SAMPLES):
        share = [random.random() ** 3 for _ in spectra]
        pixels.append(array.array("H", [round(10000 * sum(a * s[b] for a, s in zip(share, spectra)) / sum(share))
                                        + random.randrange(41) for b in range(BANDS)]))
    lines = max(1, megabytes * 1000000 // (2 * BANDS * SAMPLES))
    with open(f"{folder}/bip.img", "wb") as f:  # every line has the pixels of the first, each time begun at another
        for l in range(lines):
            k = l * 7 % SAMPLES
            f.write(b"".join(p.tobytes() for p in pixels[k:] + pixels[:k]))
    with open(f"{folder}/bsq.img", "wb") as f:
        for b in range(BANDS):
            line = array.array("H", [p[b] for p in pixels])
            f.write(b"".join((line[l * 7 % SAMPLES:] + line[:l * 7 % SAMPLES]).tobytes() for l in range(lines)))
    for name in ("bip", "bsq"):
        header(f"{folder}/{name}.img", lines, name)


def run(words):
    began = time.monotonic()
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.execv(words[0], words)
    status, used = os.wait4(child, 0)[1:]
    if status != 0:
        sys.exit(f"{' '.join(words)}: ended with {status}")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    tool = os.path.abspath(sys.argv[1])
    megabytes = int(sys.argv[2]) if len(sys.argv) > 2 else 820
    limit = sys.argv[3] if len(sys.argv) > 3 else "128M"
    with tempfile.TemporaryDirectory(prefix="orthant-streaming-") as folder:
        write_scene(folder, megabytes)
        print("| job | interleave | data | seconds | processor seconds | largest memory, MB |")
        print("|---|---|---|---|---|---|")
        for name in ("bip", "bsq"):
            image = f"{folder}/{name}.img"
            jobs = {"unmix": ["unmix", image, "-e", f"{folder}/E.csv"],
                    "nmf, 10 iterations": ["nmf", image, "-k", "6", "--max-iter", "10", "--tol", "0"]}
            cases = [("reading alone", "file", ["/bin/cat", image])]
            for job, words in jobs.items():
                for data, more in (("in memory", ["--memory", "1T"]), ("from its file", ["--memory", limit])):
                    cases.append((job, data, [tool, *words, "-q", "--force", "-o", f"{folder}/out", *more]))
            best = {}
            for _ in range(3):
                for job, data, words in cases:
                    best[job, data] = min(best.get((job, data), (1e9, 0, 0)), run(words))
            for (job, data), (wall, cpu, memory) in best.items():
                print(f"| {job} | {name} | {data} | {wall:.2f} | {cpu:.2f} | {memory:.0f} |", flush=True)


main()
