"""report.py TEST_ANALYSIS TUBAL: the report of a study of 315 trials in headless Chromium, from file://.

Nothing is loaded from outside, no console error, every figure drawn in light, dark, on a phone and in print; hover shows
values, a legend filters, heads sort, SVG and PNG are saved. The page's own font is used; everything keeps its place in a
font that is 15 % wider and with names of 80 letters, in a wide window and on a phone. Exits 77 where there is no
Chromium. TUBAL_SCREENSHOTS=DIR keeps the pictures, TUBAL_LAYOUTS=all looks at four fonts in place of two.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from browser import Browser, find_chromium

ALL_DRAWN = "window.tubalReport && tubalReport.milliseconds !== null"
FIGURES = """[...document.querySelectorAll('figure.plot')].map(f => ({id: f.id,
  marks: f.querySelectorAll('svg .mark-symbol path, svg .mark-rect path, svg .mark-line path, svg .mark-rule line').length,
  wide: f.querySelector('svg') ? f.querySelector('svg').getBoundingClientRect().width <= f.getBoundingClientRect().width + 1 : false,
  scaled: f.querySelector('svg') ? Number(f.querySelector('svg').getAttribute('width')) - f.querySelector('svg').getBoundingClientRect().width : 0}))"""
# The figures that the program's one table gives are in the page's data; these must be among them where a study has everything in
# it, and these others are the page's own.
TABLE = "JSON.parse(document.getElementById('data').textContent).figures.map(f => f.id)"
EXPECTED = (["accuracy-by-p", "accuracy-by-transform", "accuracy-by-width", "accuracy-by-frequency_scaling", "front-parameters",
             "front-seconds", "curve-accuracy", "curve-loss", "seconds-by-p", "memory-by-p", "flops-by-p", "speed-by-p"],
            ["slices-after-training", "spectrum-energy", "spectrum-effective_rank", "spectrum-attention_entropy",
             "spectrum-gradient_norm", "spectrum-weight_norm", "spectrum-off_diagonal_mixing", "spectrum-gain", "ablation",
             "learned-matrix", "learned-drift", "learned-angle", "confusion-a", "confusion-b"])


# Texts that their picture cuts off (a line's box stands a little over its letters), and labels of a legend that lie on each other.
CUT = """[...document.querySelectorAll('figure.plot svg')].flatMap(svg => {
  const s = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(t => t.textContent.trim()).filter(t => {
    const b = t.getBoundingClientRect();
    return b.left < s.left - 3 || b.right > s.right + 3 || b.top < s.top - 3 || b.bottom > s.bottom + 3;
  }).map(t => svg.closest('figure').id + ': ' + t.textContent);
})"""
OVERLAPPING = """[...document.querySelectorAll('figure.plot .role-legend, figure.plot .role-axis-label, figure.plot .role-title-text')].flatMap(group => {
  const boxes = [...group.querySelectorAll('text')].filter(t => t.textContent.trim() && getComputedStyle(t).opacity !== '0')
    .map(t => ({t, b: t.getBoundingClientRect(), turned: /rotate\\((?!0)/.test(t.getAttribute('transform') || '')})).filter(x => !x.turned);
  return boxes.flatMap((x, i) => boxes.slice(0, i).filter(y => x.t.parentNode !== y.t && x.b.left < y.b.right - 1 && y.b.left < x.b.right - 1 &&
    x.b.top < y.b.bottom - 3 && y.b.top < x.b.bottom - 3).map(y => group.closest('figure').id + ': ' + x.t.textContent + ' on ' + y.t.textContent));
})"""
OUTSIDE = """[...document.querySelectorAll('body *')].filter(e => !e.closest('.scroll, pre, svg, option, #tip') && e.getBoundingClientRect().right > innerWidth + 1)
  .map(e => e.tagName + ' ' + e.className + ' ' + e.textContent.slice(0, 60))"""
HEADS = "[...document.querySelectorAll('#comparison th')].map(h => h.textContent)"
SIDEWAYS = "(e => e.scrollWidth - e.clientWidth)(document.querySelector('#comparison').parentNode)"


def picture(page, name):
    """The whole page as a picture, where TUBAL_SCREENSHOTS asks for pictures: each takes seconds."""
    if "TUBAL_SCREENSHOTS" in os.environ:
        page.screenshot(os.path.join(os.environ["TUBAL_SCREENSHOTS"], name + ".png"), whole=True)


def check(condition, what):
    if not condition:
        sys.exit("FAILED: " + what)


def check_figures(page, where, renamed={}, expected=EXPECTED):
    figures = page.evaluate(FIGURES)
    known, own = [[re.sub("|".join(renamed) or "$^", lambda m: renamed[m[0]], e) for e in list] for list in expected]
    ids, table = [f["id"] for f in figures], page.evaluate(TABLE)
    check([i for i in ids if i in table] == table and set(known) <= set(table), where + ": of the table " + str(table) + " there are " + str(ids))
    check([i for i in ids if i not in table] == own, where + ": the page's own figures are " + str([i for i in ids if i not in table]))
    for f in figures:
        check(f["marks"] >= 4, "%s: %s has %d marks" % (where, f["id"], f["marks"]))
        check(f["wide"] and f["scaled"] <= 1, "%s: %s does not fit its place (%s)" % (where, f["id"], f["scaled"]))
    check(page.evaluate("tubalReport.errors") == [], where + ": " + str(page.evaluate("tubalReport.errors")))
    check(page.events == [], where + ": " + "\n".join(page.events))
    check(page.evaluate("document.documentElement.scrollWidth <= innerWidth"), where + ": the page is wider than its window")
    for what, expression in (("cut off", CUT), ("overlapping", OVERLAPPING), ("outside the window", OUTSIDE)):
        found = page.evaluate(expression)
        check(found == [], where + ": " + what + ": " + "; ".join(found[:5]))


def check_comparison(page, where, first):
    """The table of cells stays in its window; the first columns stay in the table, and what folds opens below its row."""
    check(page.evaluate(SIDEWAYS) <= 0, "%s: the comparison scrolls sideways by %s" % (where, page.evaluate(SIDEWAYS)))
    heads = page.evaluate(HEADS)
    check(heads[:len(first)] == first and any(h.startswith("test accuracy") for h in heads), where + ": the comparison shows " + str(heads))
    if heads[-1] == "":
        row = "document.querySelectorAll('#comparison tbody tr:not(.folded)')[1]"
        page.evaluate(row + ".querySelector('.opener').click()")
        folded = page.evaluate(row + ".nextSibling.className === 'folded' ? " + row + ".nextSibling.textContent : ''")
        check("memory" in folded and "300 MB" in folded, where + ": a row opens to " + repr(folded))
        check(page.evaluate(SIDEWAYS) <= 0, where + ": an open row scrolls sideways")
        page.evaluate(row + ".querySelector('.opener').click()")
        check(page.evaluate("document.querySelector('tr.folded') === null"), where + ": a row does not close")


LONG = {name: ((name + "_") * 80)[:80] for name in ("learned_orthogonal", "frequency_scaling", "study")}


def altered(text, font, long_names):
    """The report in another font than its own, and with names of 80 letters."""
    if font == "DejaVu Sans":
        text, times = re.subn(r"--font: [^;]*;", '--font: "%s";' % font, text)
        check(times == 1, "the report's style names no font")
    elif font == "15 % wider":
        text, times = re.subn(r'(@font-face {)( font-family: "Inter";)', r"\1 size-adjust: 115%;\2", text)
        check(times == 1, "the report carries no font")
    if long_names:
        start = text.index('id="data">') + len('id="data">')
        end = text.index("</script>", start)
        data = json.loads(re.sub("learned_orthogonal|frequency_scaling", lambda m: LONG[m[0]], text[start:end]))
        data["study"] = LONG["study"]
        text = text[:start] + json.dumps(data).replace("<", "\\u003c") + text[end:]
    return text


WIDER = """(async () => {
  const family = getComputedStyle(document.body).fontFamily, pen = document.createElement('canvas').getContext('2d');
  await document.fonts.load('100px ' + family);
  pen.font = '100px ' + family;
  return pen.measureText('Every figure of the study in a row').width;
})()"""


def check_layout(page, file, folder):
    text = open(file, encoding="utf-8").read()
    own = None
    layouts = (("own font", False, 1), ("own font", True, 1), ("DejaVu Sans", False, 1.05), ("15 % wider", True, 1.14))
    if "TUBAL_LAYOUTS" not in os.environ:  # the two that the others lie between; all four take minutes
        layouts = layouts[0], layouts[3]
    for font, long_names, wider in layouts:
        other = os.path.join(folder, re.sub(r"\W+", "-", font) + "-%d.html" % long_names)
        open(other, "w", encoding="utf-8").write(altered(text, font, long_names))
        for width in (1400, 390):
            where = "%s, %s, %d px" % (font, "names of 80 letters" if long_names else "usual names", width)
            page.look(width, 900)
            page.open(other)
            page.wait(ALL_DRAWN, 120)
            length = page.evaluate(WIDER)
            own = own or length
            check(length >= wider * own, "%s: texts are %.2f times as wide" % (where, length / own))
            check_figures(page, where, {"frequency_scaling": LONG["frequency_scaling"]} if long_names else {})
            check_comparison(page, where, ["p", "transform"])
            again = page.evaluate("tubalReport.again")
            check(again == [], where + ": drawn twice, since not measured right before: " + str(again))
            picture(page, re.sub(r"\W+", "-", where))


LANGUAGE = (["loss-by-p", "loss-by-transform", "front-parameters", "front-seconds", "curve-loss", "curve-bits-per-byte",
             "seconds-by-p", "memory-by-p", "flops-by-p", "speed-by-p"], ["slices-after-training", "spectrum-energy"])


def check_language(page, test_analysis, tubal, folder):
    """A study of language models: losses in nat, n-grams as lines and rows, curves by step, nothing of accuracies."""
    subprocess.run([test_analysis, "write the language study"], env={**os.environ, "TUBAL_SAMPLE": folder}, check=True, stdout=subprocess.DEVNULL)
    for metric, unit in (("loss", "nat"), ("perplexity", ""), ("bits_per_byte", "bit")):
        file = os.path.join(folder, metric + ".html")
        subprocess.run([tubal, "report", "language", "--studies", os.path.join(folder, "studies"), "--output", file, "--metric", metric], check=True)
        page.renew()
        page.open(file)
        page.wait(ALL_DRAWN, 120)
        check_figures(page, metric, {"loss-by-": metric + "-by-"}, LANGUAGE)
        text = page.evaluate("document.body.innerText")
        for word in ("accura", "onfusion", "bag of words", "NaN", "undefined"):
            check(word not in text, "%s: the report says `%s`: %s" % (metric, word, [l for l in text.split("\n") if word in l][:3]))
        alone = [l for l in text.split("\n") if "%" in l and "95 %" not in l and "5 % after" not in l]
        check(not alone, metric + ": shares in %: " + str(alone))
        tile = page.evaluate("document.querySelector('.tile .value').textContent")
        check(re.fullmatch(r"[0-9.]+" + unit, tile), metric + ": the best cell has " + tile)
        sanity = page.evaluate("document.getElementById('sanity').textContent")
        check("unigram" in sanity and "5-gram" in sanity and "baseline p=1" in sanity, metric + ": sanity says " + sanity)
        check("Dotted: the best n-gram, 4-gram." in page.evaluate("document.querySelector('#%s-by-p figcaption').textContent" % metric), metric + ": no line of n-grams")
        # Lower is better: the first click on the metric's head brings the lowest, the cell p = 1.
        page.evaluate("[...document.querySelectorAll('#comparison th button')].find(b => b.textContent.startsWith('test ')).click()")
        check(page.evaluate("document.querySelector('#comparison tbody tr td').textContent") == "1", metric + ": the best cell is not sorted first")
        check(page.evaluate("document.querySelectorAll('#comparison td.better').length") == 0, metric + ": a higher loss is called better")
        picture(page, "language-%s" % metric)


def middle(page, selector, nth=0):
    """Scrolls an element to the middle of the window; its place there."""
    return page.evaluate("""(() => { const e = document.querySelectorAll(%r)[%d]; e.scrollIntoView({block: 'center', behavior: 'instant'});
      const b = e.getBoundingClientRect(); return [b.left + b.width / 2, b.top + b.height / 2]; })()""" % (selector, nth))


def main(test_analysis, tubal):
    if not find_chromium():
        print("SKIPPED: no chromium here (Debian: apt-get install chromium)")
        sys.exit(77)
    with tempfile.TemporaryDirectory(prefix="tubal-report-") as folder:
        os.makedirs(os.environ.get("TUBAL_SCREENSHOTS", folder), exist_ok=True)
        subprocess.run([test_analysis, "write the large study"], env={**os.environ, "TUBAL_SAMPLE": folder}, check=True, stdout=subprocess.DEVNULL)
        file = os.path.join(folder, "elsewhere.html")
        start = time.monotonic()
        subprocess.run([tubal, "report", "large", "--studies", os.path.join(folder, "studies"), "--output", file, "--margin", "0.5"], check=True)
        print("written in %.1f s, %.2f MB" % (time.monotonic() - start, os.path.getsize(file) / 1e6))
        check(os.path.getsize(file) < 5e6, "the report is larger than 5 MB")
        check(not os.path.exists(os.path.join(folder, "studies", "large", "report.html")), "--output did not keep to its file")

        studies = ["--studies", os.path.join(folder, "studies")]
        for arguments, status, text in ((["lagre", *studies], 2, "did you mean `large`"), (["large", *studies, "--margin", "200"], 2, "--margin"),
                                        (["large", *studies, "--metric", "perplexity"], 2, "validation_accuracy"), ([], 2, "Usage"),
                                        (["large", *studies, "--output", "/proc/report.html"], 1, "/proc/report.html"), (["--help"], 0, "Examples")):
            done = subprocess.run([tubal, "report", *arguments], capture_output=True, text=True)
            check(done.returncode == status and text in done.stdout + done.stderr, "tubal report %s: %d, %s" % (arguments, done.returncode, done.stderr))

        with Browser() as page:
            page.send("Performance.enable", timeDomain="threadTicks")
            page.open(file)
            page.wait(ALL_DRAWN, 120)
            metrics = {m["name"]: m["value"] for m in page.send("Performance.getMetrics")["metrics"]}
            # Wall clock is told; a busy machine changes processor time less, so that is what is held to a limit.
            work = metrics["ScriptDuration"] + metrics["LayoutDuration"] + metrics["RecalcStyleDuration"]
            print("all %s figures drawn after %.2f s of wall clock; processor time: scripts and layout %.2f s, with painting %.2f s" % (
                page.evaluate("tubalReport.drawn"), page.evaluate("tubalReport.milliseconds") / 1000, work, metrics["TaskDuration"]))
            check(work < 3, "drawing took %.2f s of processor time" % work)
            check_figures(page, "light")
            fonts = page.evaluate("[...document.fonts].map(f => f.family.replace(/\"/g, '') + ' ' + f.status)")
            check(fonts == ["Inter loaded", "IBM Plex Mono loaded"], "fonts: " + str(fonts))
            check(page.evaluate("document.title").startswith('large </script> "quoted" & café'), "title: " + page.evaluate("document.title"))
            check(page.evaluate("document.querySelectorAll('#comparison tbody tr').length") == 63, "not every cell is in the table")
            check("</script><!-- the loss was not finite -->" in page.evaluate("document.getElementById('failures-table').textContent"), "causes")
            picture(page, "light")

            # Hover.
            x, y = middle(page, "#accuracy-by-p .mark-symbol.role-mark path")
            page.mouse("mouseMoved", x - 30, y - 30)
            page.mouse("mouseMoved", x, y)
            page.wait("document.getElementById('tip').style.visibility === 'visible'", 5)
            text = page.evaluate("document.getElementById('tip').textContent")
            check("Test accuracy" in text and "Seeds" in text and "interval" in text, "the tooltip says: " + text)
            # A legend filters.
            count = "document.querySelectorAll('#accuracy-by-p .mark-symbol.role-mark path').length"
            before = page.evaluate(count)
            page.click(*middle(page, "#accuracy-by-p .role-legend-symbol path, #accuracy-by-p .role-legend-symbols path"))
            page.wait("%s < %d" % (count, before), 5)
            check(page.evaluate(count) > 0, "the legend hid everything")
            # A head sorts.
            first = "document.querySelector('#comparison tbody tr td:nth-child(6)').textContent"
            page.evaluate("[...document.querySelectorAll('#comparison th button')].find(b => b.textContent.startsWith('encoder')).click()")
            check(page.evaluate(first) == "99,136", "sorted by encoder, the first is " + page.evaluate(first))
            # Another cell in a figure that has a choice.
            page.evaluate("(() => { const s = document.querySelector('#confusion-a select'); s.value = '5'; s.dispatchEvent(new Event('change')); })()")
            check("p=2 hartley" in page.evaluate("document.querySelector('#confusion-a h3').textContent"), "the choice of a cell")
            # Saving.
            page.session, session = None, page.session
            page.send("Browser.setDownloadBehavior", behavior="allow", downloadPath=folder)
            page.session = session
            for n, kind in enumerate(("svg", "png")):
                page.evaluate("document.querySelectorAll('#front-parameters .save button')[%d].click()" % n)
                until = time.monotonic() + 20
                while not (found := glob.glob(os.path.join(folder, "*-front-parameters." + kind))):
                    check(time.monotonic() < until, "no %s was saved" % kind)
                    time.sleep(0.1)
                saved = open(found[0], "rb").read()
                check(saved.startswith(b"<svg" if kind == "svg" else b"\x89PNG") and len(saved) > 5000, kind + ": " + repr(saved[:40]))
                check(kind == "png" or b"against encoder parameters" in saved, "the saved figure has no title")
            check(page.events == [] and page.evaluate("tubalReport.errors") == [], str(page.events) + str(page.evaluate("tubalReport.errors")))

            # Dark: the same figures in other colours.
            page.look(1240, 900, dark=True)
            page.wait("getComputedStyle(document.body).backgroundColor === 'rgb(20, 23, 28)'", 5)
            check_figures(page, "dark")
            check(page.evaluate("document.querySelector('#accuracy-by-p svg').outerHTML.includes('#5aaef0')"), "figures kept their light colours")
            picture(page, "dark")
            printed = os.path.join(os.environ.get("TUBAL_SCREENSHOTS", folder), "print.pdf")
            page.pdf(printed)
            check(os.path.getsize(printed) > 50000, "print")

            # A phone, printed before anything was scrolled to.
            page.renew(390, 844, scale=2)
            page.open(file)
            page.wait(ALL_DRAWN, 120)
            check_figures(page, "phone")
            check_comparison(page, "phone", ["p", "transform"])
            picture(page, "phone")

            # Print draws all, in light colours, whatever was seen before.
            page.renew(1000, 700, dark=True)
            page.open(file)
            page.evaluate("dispatchEvent(new Event('beforeprint'))")
            check_figures(page, "print")
            check(page.evaluate("document.querySelector('#accuracy-by-p svg').outerHTML.includes('#0072b2')"), "print in dark colours")

            check_layout(page.renew(), file, folder)
            check_language(page, test_analysis, tubal, folder)
    print("passed")


main(sys.argv[1], sys.argv[2])
