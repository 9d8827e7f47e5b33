// What `tubal ablate` measured: accuracy with slices zeroed.
import { data, make, known, percent, cells } from "./01_base.js";
import { widest } from "./02_theme.js";
import { shown } from "./03_view.js";
import { figure, draw } from "./05_draw.js";
import { padded } from "./06_series.js";

function ablationFigure(parent) {
  let entry = data.ablation[0];
  const label = (a) => cells[a.cell].name + ", seed " + a.seed;
  const title = () => "Test accuracy (%) of " + label(entry) + " with slices set to zero";
  const f = figure(parent, {
    id: "ablation",
    title: title(),
    wide: true,
    note: "Bars: 95 % intervals over test examples. Dashed: nothing zeroed.",
    spec: (t, width) => {
      const rows = entry.rows.map((r, i) => ({
        i,
        value: 100 * r.accuracy,
        low: known(r.interval[0]) ? 100 * r.interval[0] : null,
        high: known(r.interval[1]) ? 100 * r.interval[1] : null,
        name: r.name,
        tip: {
          Zeroed: r.name,
          Slices: r.slices,
          Accuracy: percent(r.accuracy) + " %",
          Interval: known(r.interval[0]) ? percent(r.interval[0]) + " to " + percent(r.interval[1]) : "",
        },
      }));
      const names = Math.max(
        90,
        Math.min(
          150,
          widest(
            rows.map((r) => r.name),
            11.5,
          ),
        ) + 8,
      );
      const whole = rows.find((r) => r.name === "none"),
        y = {
          field: "name",
          type: "nominal",
          sort: rows.map((r) => r.name),
          title: null,
          axis: { domain: false, ticks: false, labelFontSize: 11.5, minExtent: names, maxExtent: names },
        };
      const x = {
        field: "value",
        type: "quantitative",
        title: "test accuracy (%)",
        scale: { domain: padded(rows.flatMap((r) => [r.value, r.low, r.high])), zero: false },
        axis: { grid: true },
      };
      return {
        rows,
        width: width - names - 20,
        height: { step: 26 },
        layer: [
          ...(whole
            ? [
                {
                  transform: [{ filter: "datum.name === 'none'" }],
                  mark: { type: "rule", strokeDash: [4, 3], color: t.soft },
                  encoding: { x },
                },
              ]
            : []),
          {
            transform: [{ filter: "datum.low !== null" }],
            mark: { type: "rule", strokeWidth: 2, opacity: 0.55, color: t.accent },
            encoding: { y, x: { ...x, field: "low" }, x2: { field: "high" } },
          },
          {
            mark: { type: "point", filled: true, size: 60, opacity: 1, color: t.accent },
            encoding: { x, y, tooltip: shown },
          },
        ],
      };
    },
  });
  if (data.ablation.length < 2) return;
  const choice = make(
    "select",
    {
      onchange: (e) => {
        entry = data.ablation[Number(e.target.value)];
        f.heading.textContent = title();
        draw(f);
      },
    },
    data.ablation.map((a, i) => make("option", { value: i }, label(a))),
  );
  f.element.insertBefore(make("div", { class: "controls" }, make("label", {}, "Trial", choice)), f.canvas);
}

export { ablationFigure };
