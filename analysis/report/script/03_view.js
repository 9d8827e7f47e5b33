// One figure as a view of Vega's, in the page or for a file; what goes wrong in it is kept in `report`.
import { make, level } from "./01_base.js";
import { themes, figureConfig } from "./02_theme.js";

const report = { expected: 0, drawn: 0, again: [], milliseconds: null, errors: [] };
window.tubalReport = report;

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

export { report, shown, tooltip, view };
