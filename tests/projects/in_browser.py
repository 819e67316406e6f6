"""in_browser.py FOLDER CHROMIUM OUT: first.mjs of FOLDER, where npm installed the package, in a page; writes OUT.f32."""
import base64
import functools
import http.server
import pathlib
import sys
import threading

from browser import Browser

folder, program, out = sys.argv[1:]
PAGE = """<!doctype html><meta charset="utf-8"><script type="importmap">
{"imports": {"orthant": "/node_modules/orthant/orthant.mjs"}}</script>"""
(pathlib.Path(folder) / "page.html").write_text(PAGE)


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=folder))
threading.Thread(target=server.serve_forever, daemon=True).start()
browser = Browser(program)
try:
    browser.open(f"http://127.0.0.1:{server.server_port}/page.html")
    browser.wait("location.pathname === '/page.html' && document.readyState === 'complete'")
    text = browser.run("""(async () => {
      const {first} = await import('/first.mjs');
      return btoa(String.fromCharCode(...new Uint8Array((await first()).buffer)));
    })()""")
    pathlib.Path(f"{out}.f32").write_bytes(base64.b64decode(text))
finally:
    browser.close()
    server.shutdown()
