// Rows are true classes; each row's shares add up to 100 %.
import { data, make, percent, grouped, cells } from "./01_base.js";
import { widest } from "./02_theme.js";
import { shown } from "./03_view.js";
import { figure, draw } from "./05_draw.js";

function confusionRows(entry) {
  const classes = data.confusion.classes,
    C = classes.length,
    rows = [];
  for (let a = 0; a < C; ++a) {
    const total = entry.counts.slice(a * C, a * C + C).reduce((x, y) => x + y, 0);
    for (let b = 0; b < C; ++b) {
      const n = entry.counts[a * C + b],
        share = total ? n / total : 0;
      rows.push({
        a,
        b,
        share: 100 * share,
        text: C <= 8 ? (100 * share).toFixed(share < 0.0995 ? 1 : 0) : "",
        tip: {
          "True class": classes[a],
          "Predicted class": classes[b],
          "Share of the true class": percent(share) + " %",
          "Test examples": grouped(n) + " of " + grouped(total),
        },
      });
    }
  }
  return rows;
}
function confusionFigure(parent, id, start) {
  const classes = data.confusion.classes,
    C = classes.length;
  let entry = start,
    rows = confusionRows(entry);
  const title = () => "Confusion of " + cells[entry.cell].name + " (%)";
  const f = figure(parent, {
    id,
    title: title(),
    note: "Share of each true class, test examples of all seeds together.",
    spec: (t, width) => {
      const longest = Math.min(110, widest(classes)) + 8;
      const side = Math.max(120, Math.min(width - longest - 34, 420));
      const axis = {
        values: classes.map((c, i) => i),
        labelExpr: JSON.stringify(classes) + "[datum.value]",
        labelLimit: 110,
        grid: false,
        domain: false,
        ticks: false,
        labelOverlap: false,
        labelFontSize: Math.max(6, Math.min(11, side / C - 1)),
      };
      const x = {
        field: "b",
        type: "ordinal",
        title: "predicted class",
        axis: { ...axis, labelAngle: -45, orient: "bottom" },
        scale: { padding: 0 },
      };
      const y = { field: "a", type: "ordinal", title: "true class", axis: { ...axis }, scale: { padding: 0 } };
      return {
        rows,
        width: side,
        height: side,
        layer: [
          {
            mark: { type: "rect", stroke: t.ground, strokeWidth: C > 20 ? 0 : 1 },
            encoding: {
              x,
              y,
              color: {
                field: "share",
                type: "quantitative",
                title: "%",
                scale: { domain: [0, 100], range: t.amount, interpolate: "rgb" },
                legend: null,
              },
              tooltip: shown,
            },
          },
          ...(C <= 8
            ? [
                {
                  mark: { type: "text", fontSize: 11 },
                  encoding: {
                    x,
                    y,
                    text: { field: "text", type: "nominal" },
                    color: { condition: { test: "datum.share > 45", value: t.ground }, value: t.ink },
                  },
                },
              ]
            : []),
        ],
      };
    },
  });
  const choice = make(
    "select",
    {
      "aria-label": "Cell",
      onchange: (e) => {
        entry = data.confusion.cells[Number(e.target.value)];
        rows = confusionRows(entry);
        f.heading.textContent = title();
        draw(f);
      },
    },
    data.confusion.cells.map((c, i) =>
      make("option", { value: i, selected: c === entry ? "" : null }, cells[c.cell].name),
    ),
  );
  f.element.insertBefore(make("div", { class: "controls" }, make("label", {}, "Cell", choice)), f.canvas);
}

export { confusionFigure };
