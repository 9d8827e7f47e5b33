// Figures: drawn when they come near the window, the others a few at a time behind them; all of them, in
// light colours, before the page is printed.
import { make } from "./01_base.js";
import { darkQuery, themeName } from "./02_theme.js";
import { report, tooltip, view } from "./03_view.js";
import { save } from "./04_save.js";

const figures = [];

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

export { figure, draw, fitted, redraw, startDrawing, startPrinting };
