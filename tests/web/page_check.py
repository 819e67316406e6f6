"""page_check.py FOLDER CHROMIUM: the page in FOLDER, in a browser without a window, against the host's library.

A line for each check; the last line: N passed, N failed, N skipped.  ORTHANT_LIBRARY names the host's shared library,
PYTHONPATH its Python binding.  PICTURES=DIR keeps screenshots."""
import functools
import http.server
import io
import json
import os
import pathlib
import sys
import tempfile
import threading

import numpy as np

import orthant
from browser import Browser
from synthetic import scene

LINES, SAMPLES, BANDS, COUNT = 100, 100, 198, 4
LIMIT = 0.5  # seconds from the request to the maps, for this scene
passed = failed = skipped = 0


def check(good, what, detail=""):
    global passed, failed
    passed, failed = passed + bool(good), failed + (not good)
    print(f"{'passed' if good else 'failed'}  {what}{'' if good and not detail else ': '}{detail}", flush=True)


class Handler(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path):  # /cases/ is what the checks wrote
        if path.startswith("/cases/"):
            return str(cases / path[7:])
        return super().translate_path(path)

    def log_message(self, *_):
        pass


# --- Files -----------------------------------------------------------------------------------------------------------

ENVI_TYPES = {1: "u1", 2: "i2", 3: "i4", 4: "f4", 5: "f8", 12: "u2", 13: "u4", 14: "i8", 15: "u8"}
ORDER = {"bsq": (2, 0, 1), "bil": (0, 2, 1), "bip": (0, 1, 2)}


def write_envi(name, image, interleave="bsq", big=False, offset=0, code=4, extra="", cut=0, without=()):
    lines, samples, bands = image.shape
    numbers = image.transpose(ORDER[interleave]).astype((">" if big else "<") + ENVI_TYPES[code])
    data = b"\7" * offset + numbers.tobytes()
    (cases / (name + ".img")).write_bytes(data[:len(data) - cut])
    rows = {"samples": samples, "lines": lines, "bands": bands, "header offset": offset, "data type": code,
            "interleave": interleave, "byte order": int(big)}
    text = "".join(f"{key} = {value}\n" for key, value in rows.items() if key not in without)
    (cases / (name + ".hdr")).write_text("ENVI\n" + text + extra)
    return [cases / (name + ".hdr"), cases / (name + ".img")]


def write_npy(name, array):
    path = cases / (name + ".npy")
    np.save(path, array)
    return [path]


READ = """(async names => {
  const {readFiles} = await import('./files.mjs');
  const files = await Promise.all(names.map(async name =>
    new File([await (await fetch('/cases/' + name)).arrayBuffer()], name)));
  try {
    const image = await readFiles(files, n => ({view: new Float32Array(n), length: n}));
    return {...image, Y: [...image.Y.view.subarray(0, image.Y.length)], columnOf: [...image.columnOf],
      wavelength: image.wavelength && [...image.wavelength]};
  } catch (error) {
    return {error: error.message};
  }
})(%s)"""


def read(paths):
    return browser.run(READ % json.dumps([p.name for p in paths]))


def check_files():
    """Every interleave, element type and byte order gives the same image."""
    random = np.random.default_rng(1)
    small = random.integers(0, 100, (3, 300, 7))  # lines longer than the reader's pieces
    wrong = []

    def same(what, paths, expected=small):
        got = read(paths)
        if "error" in got or not np.array_equal(np.float32(got["Y"]), np.float32(expected).ravel()):
            wrong.append(f"{what}: {got.get('error', 'other numbers')}")
    for interleave in ORDER:
        for code in ENVI_TYPES:
            for big in (False, True):
                what = f"{interleave}-{code}-{'big' if big else 'little'}"
                same(what, write_envi(what, small, interleave, big, offset=3, code=code))
    check(not wrong, "ENVI: 3 interleaves, 9 element types, 2 byte orders", "; ".join(wrong))
    wrong.clear()
    for kind in ("f4", "f8", "u1", "i1", "u2", "i2", "u4", "i4", "u8", "i8"):
        for big in "<>":
            for order in "CF":
                same(kind + big + order, write_npy(f"{kind}-{'<>'.index(big)}-{order}",
                                                   np.asarray(small, big + kind, order=order)))
    flat = small.reshape(-1, 7)
    same("two dimensions", write_npy("flat", flat))
    same("two dimensions, by columns", write_npy("flat-f", np.asfortranarray(flat)))
    with open(cases / "second.npy", "wb") as out:
        np.lib.format.write_array(out, small, version=(2, 0))
    same("version 2", [cases / "second.npy"])
    check(not wrong, "NumPy: 10 element types, 2 byte orders, 2 memory orders, 2 dimensions, version 2",
          "; ".join(wrong))

    holes = np.float32(small)
    holes[1, 4, 2], holes[2, 299, 6] = -1, np.nan
    got = read(write_envi("holes", holes, "bil", extra="data ignore value = -1\nbbl = {1,1,1,0,1,1,1}\n"
                          "wavelength units = Nanometers\nwavelength = {400,500,600,700,\n 800,900,1000}\n"
                          "reflectance scale factor = 4\ndata offset values = {0,0,8,0,0,0,0}\n"))
    kept = np.delete(holes, 3, axis=2).reshape(-1, 6)
    kept[:, 2] = kept[:, 2] + 8
    missing = [300 + 4, 600 + 299]
    check("error" not in got and np.array_equal(np.float32(got["Y"]), np.delete(kept, missing, axis=0).ravel() / 4) and
          [i for i, c in enumerate(got["columnOf"]) if c < 0] == missing and
          np.allclose(got["wavelength"], [0.4, 0.5, 0.6, 0.8, 0.9, 1.0]) and
          "2 of 900 pixels hold NaN, infinite numbers or the data ignore value and are left out (the first: line 2, "
          "sample 5, band 3: -1)" in " ".join(got["notes"]),
          "bad bands, scale, offset, ignored and NaN pixels, nanometres", got.get("error", ""))

    holes = np.float32(small)
    holes[0, 0, 0] = np.nan
    got = read(write_envi("nan", holes, extra="data ignore value = nan\nbbl = {}\n"))
    check("error" not in got and len(got["columnOf"]) == 900 and got["columnOf"][:2] == [-1, 0],
          "an ignored value of nan, an empty list", got.get("error", ""))


PATIENCE = """(async () => {
  const {readFiles} = await import('./files.mjs');
  const place = n => ({view: new Float32Array(n), length: n});
  const head = bands => `ENVI\\nsamples = 1\\nlines = 1\\nbands = ${bands}\\ndata type = 1\\n` +
    'interleave = bip\\nbyte order = 0\\n';
  const read = (header, data) => readFiles([new File([header], 'a.hdr'), data], place)
    .catch(error => ({refused: `${error.constructor.name}: ${error.message}`}));
  const data = n => new File([new Uint8Array(n).fill(1)], 'a.img');
  const list = (n, between) => Array.from({length: n}, (_, i) => i + 1).join(between);
  const began = performance.now();
  await read(`${head(6)}wavelength = {${list(80000, ',\\n')}}\\n`, data(6));
  const spent = performance.now() - began;
  const wide = await read(`${head(300000)}wavelength = {${list(300000, ',')}}\\n`, data(300000));
  const gone = Object.assign(data(6), {arrayBuffer: () => Promise.reject(new DOMException('It is gone', 'NotFound'))});
  return {spent, wide: wide.refused ?? wide.bands, gone: (await read(head(6), gone)).refused};
})()"""


def check_patience():
    """Long headers cost their length, and what cannot be read is refused in a sentence that names it."""
    got = browser.run(PATIENCE)
    check(got["spent"] < 5000, "a header of 80000 lines", f"{got['spent']:.0f} ms")
    check(got["wide"] == 300000, "300000 bands with wavelengths", str(got["wide"]))
    check(got["gone"].startswith("FileError: a.hdr, a.img: cannot be taken (It is gone)"), "a file that is gone",
          got["gone"])


# --- The page --------------------------------------------------------------------------------------------------------

def text(identity):
    return browser.run(f"document.getElementById('{identity}').textContent")


def runs():
    return int(browser.run("document.getElementById('time').dataset.run ?? 0"))


def times():
    return {key: float(value) / 1000 for key, value in
            browser.run("({...document.getElementById('time').dataset})").items() if key != "run"}


def wait_for_run(after, what):
    browser.wait(f"Number(document.getElementById('time').dataset.run) > {after} && "
                 "!document.getElementById('scene').classList.contains('working') || "
                 "!document.getElementById('error').hidden")
    error = text("error")
    if error:
        check(False, what, error)
    return not error


def saved(identity):
    values = browser.run(f"fetch(document.getElementById('{identity}').href).then(r => r.arrayBuffer())"
                         ".then(b => [...new Uint8Array(b)])")
    return bytes(values)


def results():
    A = np.load(io.BytesIO(saved("save-maps")))
    table = np.loadtxt(io.StringIO(saved("save-spectra").decode()), delimiter=",", skiprows=1)
    return A, np.asfortranarray(table[:, 1:], np.float32)


def maps():
    """Of each canvas: how many different colours it shows, and its number of transparent pixels."""
    return browser.run("""[...document.querySelectorAll('canvas')].map(c => {
      const p = new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer);
      return [new Set(p).size, p.filter(v => v === 0).length];
    })""")


def picture(name):
    if "PICTURES" in os.environ:
        browser.screenshot(pathlib.Path(os.environ["PICTURES"]) / (name + ".png"))


def expect_error(paths, *words):
    browser.run("document.getElementById('error').hidden = true")
    browser.choose("#files", paths)
    browser.wait("!document.getElementById('error').hidden")
    error = text("error")
    check(all(word in error for word in words), "refused", error)


def check_agreement(Y, A, E, what):
    """The tab's abundances against f64 on this machine for the same endmembers, and against f32.

    The bound is that of tests/unit/fcls_test.cpp: the gradient is off by (bands + 4 r^2) u |E| (|E| + |y|), and the
    entries follow it by the inverse of the smallest eigenvalue of E'E."""
    spectrum = np.linalg.eigvalsh(E.astype(np.float64).T @ E)
    e, y = np.sqrt(spectrum[-1]), np.linalg.norm(Y.astype(np.float64), axis=0)
    far = 2 * (BANDS + 4 * COUNT ** 2) * 2.0 ** -24 * e * (e + y) / spectrum[0]
    exact = orthant.unmix(Y.astype(np.float64), E.astype(np.float64), sum_to_one=1)[0]
    alike = orthant.unmix(Y, E, sum_to_one=1)[0]
    worst, between = ((np.abs(A - other).max(axis=0) / far).max() for other in (exact, alike))
    check(worst <= 1 and between <= 2, what,
          f"largest difference {np.abs(A - exact).max():.1e}, {worst:.2g} of its bound; "
          f"{np.abs(A - alike).max():.1e} to f32")
    check(A.min() >= 0 and np.abs(A.sum(axis=0, dtype=np.float64) - 1).max() <= 4 * COUNT * 2.0 ** -24,
          what + ": nonnegative, sum to one")
    # Sums off by their rounding move the error to either side of the least; brought to one exactly it is not below.
    whole = A / A.sum(axis=0, dtype=np.float64)
    of_tab, feasible, of_host = (orthant.unmix_check(*(np.float64(x) for x in (Y, E, a)), sum_to_one=1)[2]
                                 for a in (A, whole, exact))
    check(of_tab.kkt <= (BANDS + 4 * COUNT ** 2) * 2.0 ** -24 and
          0 <= feasible.rel_error - of_host.rel_error + 1e-12 <= 1e-6, what + ": KKT residual and error",
          f"{of_tab.kkt:.1e}; {feasible.rel_error:.7f}, exact {of_host.rel_error:.7f}")


def check_example():
    box = browser.run("(b => [b.x + b.width / 2, b.y + b.height / 2])(document.getElementById('example')"
                      ".getBoundingClientRect())")
    browser.click(*box)
    if wait_for_run(0, "the example"):
        seen = maps()
        check(len(seen) == COUNT + 2 and all(colours > 20 and not clear for colours, clear in seen),
              "example: a picture, four maps, the residual", str(seen))
        picture("example")


def check_numpy():
    Y = scene(BANDS, LINES, SAMPLES, COUNT, seed=3, snr_db=35, dtype=np.float32)["Y"]
    before = runs()
    browser.choose("#files", write_npy("numpy", np.ascontiguousarray(Y.T).reshape(LINES, SAMPLES, BANDS)))
    if not wait_for_run(before, "a NumPy file"):
        return
    A, E = results()
    check(A.shape == (LINES, SAMPLES, COUNT) and E.shape == (BANDS, COUNT),
          "NumPy file: abundances and endmembers are saved")
    A = A.reshape(-1, COUNT).T
    check_agreement(Y, A, E, "abundances agree with the host's")
    found = browser.run("""import('./orthant.mjs').then(async ({Orthant}) => {
      const orthant = await Orthant.load(), bytes = await (await fetch('/cases/numpy.npy')).arrayBuffer();
      const {readNpy} = await import('./files.mjs');
      const image = readNpy(bytes, 'numpy.npy', n => orthant.f32(n));
      return ['vca', 'spa', 'nfindr'].map(method => [...orthant.endmembers(image.Y, %d, %d, {method}).pixels]);
    })""" % (BANDS, COUNT))
    same = [list(orthant.endmembers(Y, COUNT, method=m, seed=1)[1]) for m in ("vca", "spa", "nfindr")]
    check(found == same, "VCA, SPA and N-FINDR choose the host's pixels", "" if found == same else f"{found}, {same}")

    # The picker: a click in a map, then a key.
    browser.run("document.getElementById('picture').scrollIntoView({block: 'center'})")
    x, y, w, h = browser.run("(b => [b.x, b.y, b.width, b.height])(document.querySelector('#picture canvas')"
                             ".getBoundingClientRect())")
    browser.click(x + w * 20.5 / SAMPLES, y + h * 70.5 / LINES)
    browser.wait("document.getElementById('where').textContent === 'Line 71, sample 21'")
    for step in ("", "ArrowRight"):
        if step:
            browser.key(step)
        at = 70 * SAMPLES + (21 if step else 20)
        browser.wait(f"document.getElementById('where').textContent === 'Line 71, sample {at % 100 + 1}'")
        wanted = "".join(f"Endmember {k + 1}{100 * A[k, at]:.1f} %" for k in range(COUNT))
        browser.wait(f"document.getElementById('bars').textContent === {json.dumps(wanted)}")
    points = browser.run("[...document.querySelectorAll('#spectrum path')].map(p => "
                         "p.getAttribute('d').split('L').length)")
    check(points == [BANDS, BANDS], "picker: click and arrow keys show fractions, spectrum and reconstruction",
          str(points))

    # Time, as the page measured it; the best of five, or of more where other work takes the machine.
    each = [times()]
    while len(each) < 5 or (len(each) < 15 and min(t["total"] for t in each) >= LIMIT):
        for method in ("spa", "vca"):
            before = runs()
            browser.run(f"(m => {{ m.value = '{method}'; m.dispatchEvent(new Event('change', {{bubbles: true}})); }})"
                        "(document.getElementById('method'))")
            wait_for_run(before, method)
        each.append(times())
    best = min(each, key=lambda t: t["total"])
    said = ", ".join(f"{t['total']:.3f}" for t in each)
    figures = (f"{best['total']:.3f} s (endmembers {best['endmembers']:.3f}, abundances {best['abundances']:.3f}); "
               f"all: {said}")
    what = f"{LINES} x {SAMPLES} x {BANDS}, {COUNT} endmembers, VCA and FCLS to the maps in the tab"
    load, processors = os.getloadavg()[0], os.cpu_count()
    if LIMIT <= best["total"] < LIMIT * load / processors:
        global skipped
        skipped += 1
        print(f"skipped {what}: {figures}; a load of {load:.1f} on {processors} processors makes it slow")
    else:
        check(best["total"] < LIMIT, what, figures)


def check_envi():
    made = scene(BANDS, 60, 80, COUNT, seed=5, snr_db=35, dtype=np.float32)
    Y, wavelength = made["Y"], made["wavelength"]
    counts = np.round(np.ascontiguousarray(Y.T).reshape(60, 80, BANDS) * 10000)
    counts[7, 9:14] = 65535
    listed = ", ".join(f"{1000 * w:.1f}" for w in wavelength)
    paths = write_envi("scene", counts, "bil", True, 0, 12,
                       f"reflectance scale factor = 10000\ndata ignore value = 65535\n"
                       f"wavelength units = Nanometers\nwavelength = {{{listed}}}\n")
    before = runs()
    browser.run("scrollTo(0, 0)")
    browser.drop(600, 200, paths)
    if not wait_for_run(before, "an ENVI pair dropped"):
        return
    seen = maps()
    check(len(seen) == COUNT + 2 and all(colours > 20 and clear == 5 for colours, clear in seen),
          "ENVI pair dropped: maps, the ignored pixels empty", str(seen))
    check("5 of 4800 pixels hold the data ignore value" in text("notes") and text("caption").startswith("True colour"),
          "ENVI pair: ignored pixels are named, wavelengths make a true colour", text("notes"))
    A, E = results()
    good = np.delete(np.arange(4800), range(7 * 80 + 9, 7 * 80 + 14))
    check(np.isnan(A.reshape(-1, COUNT)).any(axis=1).sum() == 5, "ENVI pair: NaN is saved where there is no data")
    used = np.asfortranarray(np.float32(counts.reshape(-1, BANDS)[good].T * np.float64(1e-4)))
    check_agreement(used, A.reshape(-1, COUNT)[good].T, E, "ENVI pair: abundances agree with the host's")


def check_refusals():
    image = np.random.default_rng(2).random((4, 5, 6), np.float32)
    envi = functools.partial(write_envi, image=image)
    expect_error(envi("cut", cut=7), "cut.hdr: data file cut.img has 473 bytes, the header asks for 480",
                 "correct the header")
    expect_error(envi("no-lines", without=("lines",)), "no-lines.hdr: 'lines' is missing; add the line")
    expect_error(envi("odd", extra="bbl = {1, x\n"), "odd.hdr", "no closing brace")
    expect_error(envi("complex", without=("data type",), extra="data type = 6\n"), "is complex",
                 "1 to 5 and 12 to 15 are read")
    expect_error(envi("tiff", without=("interleave",), extra="interleave = tile\n"), "'tile'", "bsq, bil or bip")
    expect_error(envi("pair")[:1], "pair.hdr: is an ENVI header; give it together with its data file")
    expect_error(envi("pair")[1:], "pair.img", "needs its header")
    (cases / "page.hdr").write_text("<html>not found</html>")
    expect_error([cases / "page.hdr", cases / "pair.img"], "the first line is '<html>not found</html>', not ENVI")
    (path,) = write_npy("short", image)
    path.write_bytes(path.read_bytes()[:-4])
    expect_error([path], "short.npy: has 119 numbers of type float32, its header asks for 120 (4 x 5 x 6)")
    expect_error(write_npy("words", np.array([["a", "b"]])), "words.npy: element type '<U1' is not supported")
    (cases / "text.npy").write_text("1, 2, 3, 4, 5, 6")
    expect_error([cases / "text.npy"], "text.npy: is not a NumPy file; save it with numpy.save")
    expect_error(write_npy("line", image.ravel()), "line.npy: has 1 dimensions; give (lines, samples, bands)")
    expect_error(write_npy("alike", np.ones((5, 5, 9), np.float32)), "ask for fewer endmembers")
    check(len(maps()) == 1, "a scene without a result shows no maps of the one before")
    expect_error(write_npy("nan", np.full((2, 2, 5), np.nan, np.float32)), "nan.npy: no pixel is free of NaN",
                 "line 1, sample 1")
    check(browser.run("document.getElementById('scene').hidden"), "nor does a lost scene")
    before = runs()  # and after all these it still works
    browser.run("document.getElementById('count').value = 17")
    expect_error(write_npy("after", image), "17 endmembers: give 2 to 16")
    browser.run("document.getElementById('count').value = 4")
    browser.choose("#files", write_npy("after", image))
    wait_for_run(before, "a good file after bad ones")
    check(text("name") == "after.npy" and not text("error"), "a good file after bad ones")


def check_manners():
    for width, scheme in ((375, "light"), (375, "dark"), (1280, "dark")):
        browser.screen(width, 800, scheme, 2 if width < 600 else 1)
        browser.wait(f"innerWidth === {width}")
        browser.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        wide = browser.run("document.documentElement.scrollWidth")
        check(wide <= width, f"nothing stands out at a width of {width}, {scheme}", str(wide))
        picture(f"{width}-{scheme}")
    nameless = browser.run("""[...document.querySelectorAll('input, select, button, a, [role=img], [tabindex]')]
      .filter(e => !(e.labels?.length || e.textContent.trim() || e.getAttribute('aria-label')))
      .map(e => e.outerHTML)""")
    check(not nameless, "every control and picture has a name", str(nameless or ""))
    faint = browser.run("""(() => {
      const light = c => { const [r, g, b] = c.match(/[\\d.]+/g).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 :
        ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
      const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'rgb(255, 255, 255)'; };
      return [...document.querySelectorAll('h1, h2, h3, p, label, button, a, figcaption, small, .legend span, #bars b')]
        .filter(e => e.offsetParent && e.textContent.trim()).map(e => {
          const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
          return [(a + 0.05) / (b + 0.05), e.textContent.trim().slice(0, 20)];
        }).filter(([ratio]) => ratio < 4.5);
    })()""")
    check(not faint, "text stands out from its ground by 4.5 (WCAG AA), dark", str(faint or ""))
    asked = {e["params"]["request"]["url"] for e in browser.events if e["method"] == "Network.requestWillBeSent"}
    other = sorted(u for u in asked if not u.startswith((origin, "data:", "blob:", "about:")))
    check(asked and not other, "nothing is asked from another server", " ".join(other))
    loud = [e["params"] for e in browser.events if e["method"] in ("Runtime.exceptionThrown", "Log.entryAdded",
                                                                   "Runtime.consoleAPICalled")]
    check(not loud, "no error in the console", str(loud or ""))
    wanted = browser.run("fetch('orthant.wasm').then(r => r.arrayBuffer()).then(b => WebAssembly.compile(b))"
                         ".then(m => WebAssembly.Module.imports(m).map(i => i.name))")
    size = os.path.getsize(pathlib.Path(folder) / "orthant.wasm")
    refused = browser.run("import('./orthant.mjs').then(m => m.Orthant.load()).then(o => o.f32(2 ** 29))"
                          ".catch(error => error.message)")
    check(refused == "2049 MiB are more than this tab gives; cut out a part of the scene", "too large a scene", refused)
    check(wanted == [], "the module imports nothing", f"{size} bytes" if not wanted else str(wanted))


folder, program = sys.argv[1:]
with tempfile.TemporaryDirectory() as work:
    cases = pathlib.Path(work)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}/"
    browser = Browser(program)
    try:
        browser.screen(1280, 900)
        browser.open(origin)
        for part in (check_example, check_files, check_patience, check_numpy, check_envi, check_refusals, check_manners):
            try:
                part()
            except RuntimeError as error:
                check(False, part.__name__, str(error))
    finally:
        browser.close()
        server.shutdown()
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(failed != 0)
