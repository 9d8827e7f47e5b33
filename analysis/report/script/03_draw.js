// Figures: drawn when they come near the window, the others a few at a time behind them; all of them, in
// light colours, before the page is printed.
const figures = [];
const report = { expected: 0, drawn: 0, again: [], milliseconds: null, errors: [] };
window.tubalReport = report;

// spec(theme, width) gives the Vega-Lite specification, with its data as `rows`; wide: over both columns.
function figure(parent, { id, title, note = "", wide = false, spec }) {
  const canvas = make("div", { class: "canvas" });
  const heading = make("h3", {}, title);
  const f = { id, spec, wide, canvas, heading, view: null };
  f.element = make(
    "figure",
    { class: wide ? "plot wide" : "plot", id },
    make("figcaption", {}, heading, note ? make("p", {}, note) : ""),
    canvas,
    make(
      "div",
      { class: "save" },
      ["svg", "png"].map((kind) =>
        make(
          "button",
          {
            class: "small",
            type: "button",
            "aria-label": "Save as " + kind.toUpperCase(),
            onclick: () => save(f, kind),
          },
          kind.toUpperCase(),
        ),
      ),
    ),
  );
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
  if (!rows) {
    tip.style.visibility = "hidden";
    return;
  }
  tip.replaceChildren(
    make(
      "table",
      {},
      Object.entries(rows)
        .filter(([, v]) => v !== "")
        .map(([k, v]) => make("tr", {}, make("td", {}, k), make("td", {}, v))),
    ),
  );
  const box = tip.getBoundingClientRect(),
    x = event.clientX + 14,
    y = event.clientY + 14;
  tip.style.left = Math.max(4, Math.min(x, innerWidth - box.width - 8)) + "px";
  tip.style.top = (y + box.height > innerHeight ? Math.max(4, event.clientY - box.height - 12) : y) + "px";
  tip.style.visibility = "visible";
}
addEventListener(
  "scroll",
  () => {
    tip.style.visibility = "hidden";
  },
  { passive: true },
);

const logger = {
  level() {
    return this;
  },
  error(...m) {
    report.errors.push(m.join(" "));
    console.error(...m);
    return this;
  },
  warn(...m) {
    report.errors.push("warning: " + m.join(" "));
    return this;
  },
  info() {
    return this;
  },
  debug() {
    return this;
  },
};

function view(f, theme, width, extra = {}) {
  const t = themes[theme];
  const { rows, ...spec } = f.spec(t, width);
  const compiled = vegaLite.compile(
    { data: { name: "rows" }, ...spec, ...extra.spec },
    { config: { ...figureConfig(t), ...extra.config }, logger },
  ).spec;
  return new vega.View(vega.parse(compiled), {
    logger,
    renderer: extra.renderer || "svg",
    container: extra.container,
  }).data("rows", rows);
}

function draw(f, theme = themeName(), width = f.width || f.canvas.clientWidth) {
  const first = f.view === null;
  if (!first) f.view.finalize();
  f.canvas.replaceChildren();
  try {
    const room = Math.max(220, Math.floor(width));
    const drawn = (w) => view(f, theme, w, { container: f.canvas }).tooltip(tooltip).run();
    const excess = () => Math.ceil(Number(f.canvas.querySelector("svg").getAttribute("width"))) - room;
    f.view = drawn(room);
    // What outgrew its place, by labels that only drawing knows, is drawn anew in less.
    for (let narrower = room - excess(); narrower < room && narrower > room / 2; narrower -= excess()) {
      report.again.push(f.id);
      f.view.finalize();
      f.canvas.replaceChildren();
      f.view = drawn(narrower);
      if (excess() <= 0) break;
    }
  } catch (e) {
    report.errors.push(f.id + ": " + e.message);
    console.error(f.id, e);
    f.view = { finalize() {} };
    f.canvas.append("This figure could not be drawn: " + e.message);
  }
  if (first && ++report.drawn === report.expected) report.milliseconds = performance.now();
}

// All widths at once: to read one after each drawing would lay the page out anew each time.
const measure = () =>
  figures.forEach((f) => {
    f.width = f.canvas.clientWidth;
  });
const fitted = []; // what else fits itself to the page's width: functions
const redraw = () => {
  fitted.forEach((fit) => fit());
  measure();
  figures.filter((f) => f.view).forEach((f) => draw(f));
};
function startDrawing() {
  if (!figures.length) report.milliseconds = performance.now();
  fitted.forEach((fit) => fit());
  measure();
  const seen = new IntersectionObserver(
    (entries) => {
      for (const e of entries)
        if (e.isIntersecting) {
          const f = figures.find((x) => x.element === e.target);
          seen.unobserve(e.target);
          if (!f.view) draw(f);
        }
    },
    { rootMargin: "300px" },
  );
  figures.forEach((f) => seen.observe(f.element));
  const soon = (then) => setTimeout(then, 0); // requestIdleCallback waited a second and more in all
  const rest = () => {
    // a few at a time: the page is laid out anew after each call
    const until = performance.now() + 300;
    let f;
    while ((f = figures.find((x) => !x.view)) && performance.now() < until) draw(f);
    if (f) soon(rest);
  };
  soon(rest);

  darkQuery.addEventListener("change", redraw);
  let waiting = 0,
    lastWidth = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === lastWidth) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      lastWidth = innerWidth;
      redraw();
    }, 150);
  });
}

function startPrinting() {
  report.expected = figures.length;
  addEventListener("beforeprint", () => {
    document.querySelectorAll("details.print").forEach((d) => {
      d.open = true;
    });
    fitted.forEach((fit) => fit(Infinity));
    figures.forEach((f) => draw(f, "light", f.wide ? 676 : 322)); // A4 and Letter, one and two columns
  });
  addEventListener("afterprint", redraw);
}
