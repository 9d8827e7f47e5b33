// Encodings that figures share: colours and shapes of series, legends, panels. Which factor gives colours is data.
import { data, known, grouped, seconds, capital, withUnit, metricName, intervalOf, level } from "./01_base.js";
import { textWidth, widest, textLines, colourOf, shapeOf } from "./02_theme.js";

const factors = data.factors;
const ranked = data.ranked.map((k) => factors[k]);
const colourFactor = data.colour === null ? null : factors[data.colour];
const valueOf = (cell, factor) => cell.values[factors.indexOf(factor)];
// In the order of the grid; then what has no value.
function seriesNames(list, factor) {
  const present = new Set(list);
  return [
    ...(factor ? factor.values : []).filter((v) => present.has(v)),
    ...[...present].filter((v) => !factor || !factor.values.includes(v)),
  ];
}

// A legend with as many columns as fit beside its title, or below a long one; and the room that it takes.
function legendOf(domain, title, width, columnPadding = 12) {
  const symbol = 16;
  const titleRoom = title ? textWidth(title, 11, 500) + 8 : 0;
  const above = titleRoom > 0.4 * width;
  const room = width - 8 - (above ? 0 : titleRoom);
  const label = Math.min(190, Math.floor(room) - symbol, widest(domain) + 1);
  const column = symbol + label + columnPadding;
  const columns = Math.min(domain.length, Math.max(1, Math.floor((room + columnPadding) / column)));
  return {
    legend: {
      title,
      columns,
      columnPadding,
      labelLimit: label,
      titleLimit: width,
      titleOrient: above ? "top" : "left",
    },
    room: columns * column + (above ? 0 : titleRoom),
    rows: Math.ceil(domain.length / columns),
  };
}

// Colour and shape of `series`, with one legend; a click in it shows that series alone (shift: several).
function colouring(factor, present, t, width, withShape = true) {
  const domain = seriesNames(present, factor);
  const legend = domain.length < 2 ? null : legendOf(domain, factor ? factor.name : null, width).legend;
  const color = {
    field: "series",
    type: "nominal",
    title: factor ? factor.name : null,
    scale: { domain, range: domain.map((d) => colourOf(factor, d, t)) },
    legend,
  };
  const shape = { ...color, scale: { domain, range: domain.map((d) => shapeOf(factor, d)) } };
  return withShape ? { color, shape } : { color };
}
const pick = { name: "pick", select: { type: "point", fields: ["series"] }, bind: "legend" };
const picked = [{ filter: { param: "pick" } }];

function padded(values, share = 0.06) {
  const x = values.filter(known),
    low = Math.min(...x),
    high = Math.max(...x),
    more = (high - low || Math.abs(high) || 1) * share;
  return x.length ? [low - more, high + more] : [0, 1];
}

// One panel: y labels get the same room everywhere, so that figures above each other line up.
const labelRoom = () => Math.max(40, widest(["\u22120.0000", "100,000"]) + 4);
const plain = (width, height) => ({ width: width - labelRoom() - 14, height });
const yAxis = () => ({ title: null, axis: { minExtent: labelRoom(), maxExtent: labelRoom() } });

// Panels side by side, as many as fit; one alone needs none.
function panels(layers, rows, order, width, height, extra = {}, least = 230) {
  const present = order.filter((p) => rows.some((r) => r.panel === p));
  const base = { rows, ...extra };
  if (present.length < 2) return { ...base, ...plain(width, height), layer: layers };
  const rowsOfPanels = Math.ceil(present.length / Math.max(1, Math.floor(width / least)));
  const columns = Math.ceil(present.length / rowsOfPanels);
  const panel = Math.floor((width - labelRoom() - 18 - 18 * (columns - 1)) / columns);
  const lines = Object.fromEntries(present.map((name) => [name, textLines(name, panel, 11.5, 600)]));
  const more = Math.max(...present.map((name) => lines[name].length)) - 1;
  const header = { labelLimit: panel, labelExpr: `(${JSON.stringify(lines)})[datum.value]`, labelLineHeight: 14 };
  return {
    ...base,
    columns,
    spacing: { column: 18, row: 22 + 14 * more },
    bounds: "flush",
    facet: { field: "panel", type: "nominal", sort: present, title: null, header },
    spec: { width: panel, height, layer: layers },
  };
}

const cellTips = (c) => ({
  Cell: c.name,
  [metricName]: withUnit(c.mean),
  [level + " interval"]: intervalOf(c),
  ...Object.fromEntries(data.beside.map((m, k) => [capital(m.title), withUnit(c.beside[k], m)])),
  Seeds: c.seeds === c.planned ? String(c.seeds) : c.seeds + " of " + c.planned,
  "Encoder parameters": c.encoder > 0 ? grouped(c.encoder) : "",
  Time: seconds(c.seconds),
});

export {
  factors,
  ranked,
  colourFactor,
  valueOf,
  seriesNames,
  legendOf,
  colouring,
  pick,
  picked,
  padded,
  labelRoom,
  plain,
  yAxis,
  panels,
  cellTips,
};
