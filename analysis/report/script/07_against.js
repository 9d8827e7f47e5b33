// A quantity against a factor: lines join cells that differ in it alone. Numbers stand along the bottom at their true
// places, names down the left side.
import { fixed, scaled, short, cells, capital, judged, sanityTips } from "./01_base.js";
import { widest } from "./02_theme.js";
import { shown } from "./03_view.js";
import { figure } from "./05_draw.js";
import {
  factors,
  seriesNames,
  colouring,
  pick,
  picked,
  padded,
  labelRoom,
  yAxis,
  panels,
  cellTips,
} from "./06_series.js";

const placeOn = (axis, x) => (axis.scale === "log" ? Math.log2(x) : x);

// Where the axis begins, ends and has its values; `unit` is the least distance between two of them.
function placesOf(axis) {
  const at = axis.at.map((x) => placeOn(axis, x));
  const gaps = at.slice(1).map((x, i) => x - at[i]);
  const edge = gaps.length ? (at.at(-1) - at[0]) / gaps.length / 2 : 0.5;
  return { at, unit: gaps.length ? Math.min(...gaps) : 1, domain: [at[0] - edge, at.at(-1) + edge] };
}

// Points aside of each other by series, what stands for all series in its place; then lines, then references.
function againstRows(f, domain, unit) {
  const step = f.small ? 0 : Math.min(0.16, 0.6 / domain.length) * unit;
  const aside = (series) =>
    domain.length > 1 && domain.includes(series) ? (domain.indexOf(series) - (domain.length - 1) / 2) * step : 0;
  const place = (p) => ({ at: placeOn(f.x, p.x) + aside(p.series), value: p.y });
  const quantity = (p) =>
    f.y.title === judged.axis ? {} : { [capital(f.y.title)]: f.y.prefixes ? scaled(p.y) : short(p.y) };
  const points = f.points.map((p) => ({
    ...place(p),
    kind: "point",
    panel: p.panel,
    series: p.series,
    low: p.low,
    high: p.high,
    tip: { ...cellTips(cells[p.cell]), ...quantity(p) },
  }));
  const lines = f.lines.flatMap((line, n) =>
    line.points.map((k) => ({ ...place(f.points[k]), kind: "line", panel: line.panel, series: line.series, line: n })),
  );
  const references = f.references.map((r) => ({
    kind: r.kind,
    panel: r.panel,
    value: r.y,
    tip:
      r.cell === null
        ? sanityTips(r.name, fixed(r.y, judged.decimals) + (judged.unit && " " + judged.unit))
        : cellTips(cells[r.cell]),
  }));
  return [...lines, ...points, ...references];
}

function againstFigure(parent, f, { wide }) {
  const upright = f.x.scale !== "names";
  const colour = f.colour === null ? null : factors[f.colour];
  const used = f.points.map((p) => p.series);
  const domain = seriesNames(used, colour).filter((s) => !colour || colour.values.includes(s));
  const places = placesOf(f.x);
  const rows = againstRows(f, domain, places.unit);
  const only = (kind) => [{ filter: `datum.kind === '${kind}'` }];
  const [K, V] = upright ? ["x", "y"] : ["y", "x"];
  const extent = f.y.from_zero
    ? [0, 1.05 * Math.max(...rows.map((r) => r.value))]
    : padded(rows.flatMap((r) => [r.value, r.low, r.high]));
  const spec = (t, width) => {
    const position = {
      [K]: {
        field: "at",
        type: "quantitative",
        title: upright ? f.x.title : null,
        scale: { domain: upright ? places.domain : [...places.domain].reverse(), nice: false, zero: false },
        axis: {
          values: places.at,
          labelExpr: `${JSON.stringify(f.x.values)}[indexof(${JSON.stringify(places.at)}, datum.value)]`,
          grid: false,
          domain: false,
          ticks: upright,
          labelLimit: 170,
          labelFontSize: 11.5,
          labelOverlap: upright ? "greedy" : false,
        },
      },
      [V]: {
        field: "value",
        type: "quantitative",
        title: upright ? null : f.y.title,
        scale: { domain: extent, nice: true, zero: false },
        axis: {
          format: f.y.prefixes ? "~s" : undefined,
          tickCount: 6,
          ...(upright ? yAxis().axis : { grid: true, labelFlush: judged.lower }),
        },
      },
    };
    const look = colouring(colour, used, t, width);
    const interval = { [V]: { ...position[V], field: "low" }, [V + "2"]: { field: "high" } };
    const layers = [
      ...[
        ["baseline", [6, 3], t.ink],
        ["bag", [1.5, 2.5], t.soft],
        ["ngram", [1.5, 2.5], t.soft],
      ]
        .filter(([kind]) => f.references.some((r) => r.kind === kind))
        .map(([kind, strokeDash, color]) => ({
          transform: only(kind),
          mark: { type: "rule", strokeDash, color, strokeWidth: 1.2 },
          encoding: { [V]: position[V], tooltip: shown },
        })),
      ...(upright
        ? [
            {
              transform: [...only("line"), ...picked],
              mark: { type: "line", strokeWidth: 1.5, opacity: 0.75 },
              encoding: {
                ...position,
                color: look.color,
                detail: { field: "line", type: "nominal" },
                order: { field: "at", type: "quantitative" },
              },
            },
          ]
        : []),
      {
        transform: [...only("point"), ...picked, { filter: "datum.low !== null" }],
        mark: { type: "rule", strokeWidth: 2, opacity: 0.55 },
        encoding: { [K]: position[K], ...interval, color: look.color },
      },
      {
        params: [pick],
        transform: [...only("point"), ...picked],
        mark: { type: "point", filled: true, size: 58, opacity: 1 },
        encoding: { ...position, ...look, tooltip: shown },
      },
    ];
    const height = upright ? heightOf(f) : sideways(f, domain);
    const longest = upright ? 0 : Math.min(170, widest(f.x.values, 11.5)) + 8;
    return panels(layers, rows, f.panels, width - Math.max(0, longest - labelRoom()), height);
  };
  figure(parent, { id: f.id, title: f.title, note: f.note, wide: (wide && !f.small) || f.panels.length > 2, spec });
}
const heightOf = (f) => (f.small ? 170 : f.panels.length > 2 ? 200 : 270);
const sideways = (f, domain) => 30 + f.x.values.length * Math.max(30, 11 * domain.length);

export { againstFigure };
