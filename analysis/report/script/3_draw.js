// Figures: drawn when they come near the window, the others a few at a time behind them; all of them, in
// light colours, before the page is printed. Each can be saved as SVG and PNG.
const figures = [];
const report = { expected: 0, drawn: 0, milliseconds: null, errors: [] };
window.tubalReport = report;

// spec(theme, width) gives the Vega-Lite specification, with its data as `rows`; wide: over both columns.
function figure(parent, { id, title, note = "", wide = false, spec }) {
  const canvas = make("div", { class: "canvas" });
  const heading = make("h3", {}, title);
  const f = { id, spec, wide, canvas, heading, view: null };
  f.element = make("figure", { class: wide ? "plot wide" : "plot", id },
    make("figcaption", {}, heading, note ? make("p", {}, note) : ""), canvas,
    make("div", { class: "save" }, ["svg", "png"].map((kind) =>
      make("button", { class: "small", type: "button", "aria-label": "Save as " + kind.toUpperCase(), onclick: () => save(f, kind) }, kind.toUpperCase()))));
  parent.append(f.element);
  figures.push(f);
  return f;
}

const tip = make("div", { id: "tip", role: "tooltip" });
document.body.append(tip);
// Marks with encoding `tooltip: shown` show their row's `tip`, {name: text}.
const shown = { value: "tip" };
function tooltip(handler, event, item, value) {
  const rows = value && item.datum && item.datum.tip;
  if (!rows) { tip.style.visibility = "hidden"; return; }
  tip.replaceChildren(make("table", {}, Object.entries(rows).filter(([, v]) => v !== "").map(([k, v]) => make("tr", {}, make("td", {}, k), make("td", {}, v)))));
  const box = tip.getBoundingClientRect(), x = event.clientX + 14, y = event.clientY + 14;
  tip.style.left = Math.max(4, Math.min(x, innerWidth - box.width - 8)) + "px";
  tip.style.top = (y + box.height > innerHeight ? Math.max(4, event.clientY - box.height - 12) : y) + "px";
  tip.style.visibility = "visible";
}
addEventListener("scroll", () => { tip.style.visibility = "hidden"; }, { passive: true });

const logger = { level() { return this; }, error(...m) { report.errors.push(m.join(" ")); console.error(...m); return this; },
  warn(...m) { report.errors.push("warning: " + m.join(" ")); return this; }, info() { return this; }, debug() { return this; } };

function view(f, theme, width, extra = {}) {
  const t = themes[theme];
  const { rows, ...spec } = f.spec(t, width);
  const compiled = vegaLite.compile({ data: { name: "rows" }, ...spec, ...extra.spec }, { config: { ...figureConfig(t), ...extra.config }, logger }).spec;
  return new vega.View(vega.parse(compiled), { logger, renderer: extra.renderer || "svg", container: extra.container }).data("rows", rows);
}

function draw(f, theme = themeName(), width = f.width || f.canvas.clientWidth) {
  const first = f.view === null;
  if (!first) f.view.finalize();
  f.canvas.replaceChildren();
  try {
    f.view = view(f, theme, Math.max(220, Math.floor(width)), { container: f.canvas }).tooltip(tooltip).run();
  } catch (e) {
    report.errors.push(f.id + ": " + e.message);
    console.error(f.id, e);
    f.view = { finalize() {} };
    f.canvas.append("This figure could not be drawn: " + e.message);
  }
  if (first && ++report.drawn === report.expected) report.milliseconds = performance.now();
}

// A file for papers: light colours on white, with the figure's title.
async function image(f, kind) {
  const width = Math.max(480, Math.floor(f.width));
  const v = view(f, "light", width, { renderer: "none", config: { background: "#ffffff", padding: 12 }, spec: { title: f.heading.textContent } });
  try {
    if (kind === "svg") return new Blob([await v.toSVG()], { type: "image/svg+xml" });
    const canvas = await v.toCanvas(2);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    v.finalize();
  }
}
async function save(f, kind) {
  const link = make("a", { href: URL.createObjectURL(await image(f, kind)), download: data.study.replace(/[^\w.-]+/g, "_") + "-" + f.id + "." + kind });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

// All widths at once: to read one after each drawing would lay the page out anew each time.
const measure = () => figures.forEach((f) => { f.width = f.canvas.clientWidth; });
const redraw = () => { measure(); figures.filter((f) => f.view).forEach((f) => draw(f)); };
function startDrawing() {
  report.expected = figures.length;
  if (!figures.length) report.milliseconds = performance.now();
  measure();
  const seen = new IntersectionObserver((entries) => {
    for (const e of entries)
      if (e.isIntersecting) {
        const f = figures.find((x) => x.element === e.target);
        seen.unobserve(e.target);
        if (!f.view) draw(f);
      }
  }, { rootMargin: "300px" });
  figures.forEach((f) => seen.observe(f.element));
  const soon = (then) => setTimeout(then, 0);  // requestIdleCallback waited a second and more in all
  const rest = () => {  // a few at a time: the page is laid out anew after each call
    const until = performance.now() + 300;
    let f;
    while ((f = figures.find((x) => !x.view)) && performance.now() < until) draw(f);
    if (f) soon(rest);
  };
  soon(rest);

  darkQuery.addEventListener("change", redraw);
  let waiting = 0, lastWidth = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === lastWidth) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => { lastWidth = innerWidth; redraw(); }, 150);
  });
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details.print").forEach((d) => { d.open = true; });
    figures.forEach((f) => draw(f, "light", f.wide ? 676 : 322));  // A4 and Letter, one and two columns
  });
  addEventListener("afterprint", redraw);
}
