// Learning curves by cell: the mean over seeds, with a band from the lowest seed to the highest. Classifiers by epoch,
// language models by step.
import { fixed, grouped, short, cells, capital, judged, sanityTips } from "./01_base.js";
import { shown } from "./03_view.js";
import { figure } from "./05_draw.js";
import { colourFactor, legendOf, colouring, pick, picked, padded, yAxis, panels } from "./06_series.js";

function curveRows(f) {
  return f.curves.flatMap((curve) =>
    curve.x.map((x, i) => ({
      epoch: x,
      value: curve.mean[i],
      low: curve.low[i],
      high: curve.high[i],
      part: curve.part,
      line: curve.cell + curve.part,
      series: curve.series,
      panel: curve.panel,
      tip: {
        Cell: cells[curve.cell].name,
        Part: curve.part,
        [capital(f.x.title)]: grouped(x),
        Mean: short(curve.mean[i]),
        "Lowest to highest": short(curve.low[i]) + " to " + short(curve.high[i]),
        Seeds: String(curve.seeds[i]),
      },
    })),
  );
}
const curvesOnly = [...picked, { filter: "!datum.sanity" }];
const sanityLine = (r) => ({
  panel: r.panel,
  value: r.y,
  sanity: true,
  tip: sanityTips(r.name, fixed(r.y, judged.difference.decimals), "Validation part"),
});

function curvesFigure(parent, f) {
  const rows = curveRows(f);
  const lines = f.references.map(sanityLine);
  const parts = [...new Set(rows.map((r) => r.part))],
    crowded = new Set(f.curves.map((c) => c.cell)).size > 24;
  figure(parent, {
    id: f.id,
    title: f.title,
    note: f.note,
    wide: true,
    spec: (t, width) => {
      const look = colouring(
        colourFactor,
        rows.map((r) => r.series),
        t,
        width,
        false,
      );
      const x = {
        field: "epoch",
        type: "quantitative",
        title: f.x.title,
        axis: { tickMinStep: 1, format: f.x.prefixes ? "~s" : "d", tickCount: f.x.prefixes ? 4 : 6 },
        scale: { zero: false, nice: false },
      };
      const y = {
        field: "value",
        type: "quantitative",
        ...yAxis(),
        scale: {
          zero: false,
          domain: padded(
            rows.flatMap((r) => [r.low, r.high]),
            0.03,
          ),
        },
      };
      // The parts' legend stands beside the series' where both fit.
      const series = legendOf([...new Set(rows.map((r) => r.series))], colourFactor && colourFactor.name, width);
      const beside = series.rows === 1 && series.room + legendOf(parts, null, width).room + 20 <= width;
      const detail = { field: "line", type: "nominal" };
      const dash =
        parts.length > 1
          ? {
              strokeDash: {
                field: "part",
                type: "nominal",
                title: null,
                scale: {
                  domain: parts,
                  range: [
                    [1, 0],
                    [4, 3],
                  ],
                },
                legend: {
                  ...legendOf(parts, null, width).legend,
                  symbolType: "stroke",
                  symbolStrokeColor: t.soft,
                  orient: beside ? "top" : "bottom",
                },
              },
            }
          : {};
      return panels(
        [
          ...(lines.length
            ? [
                {
                  transform: [{ filter: "datum.sanity" }],
                  mark: { type: "rule", strokeDash: [1.5, 2.5], color: t.soft, strokeWidth: 1.2 },
                  encoding: { y, tooltip: shown },
                },
              ]
            : []),
          {
            transform: curvesOnly,
            mark: { type: "area", opacity: crowded ? 0.07 : 0.15, line: false },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: look.color, detail },
          },
          {
            transform: curvesOnly,
            mark: { type: "line", strokeWidth: 1.8, opacity: 0.95 },
            encoding: { x, y, ...look, ...dash, detail },
          },
          {
            params: [pick],
            transform: curvesOnly,
            mark: { type: "point", filled: true, size: 110, opacity: 0.001 },
            encoding: { x, y, color: look.color, tooltip: shown },
          },
        ],
        [...rows, ...lines],
        f.panels,
        width,
        230,
      );
    },
  });
}

export { curvesFigure };
