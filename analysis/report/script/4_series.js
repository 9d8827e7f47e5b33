// Which factor gives colours and which gives panels; encodings that figures share.
const factors = data.factors;
const order = ["model.p", "model.transform", "model.transform.name", "model.width"];
const ranked = [...order.map((key) => factors.find((f) => f.key === key)), ...factors.filter((f) => !order.includes(f.key))].filter((f) => f && f.key !== "model.kind");
const varied = ranked.filter((f) => f.values.length > 1);
const factorOf = (key) => varied.find((f) => f.key === key) || null;
const names = varied.filter((f) => !f.numeric);
const transformFactor = factorOf("model.transform") || factorOf("model.transform.name");
const colourFactor = transformFactor || names[0] || factorOf("model.p") || varied[0] || null;
const panelFactor = [factorOf("model.p"), ...varied].find((f) => f && f !== colourFactor && f.values.length <= 8) || null;

const valueOf = (cell, factor) => cell.values[factors.indexOf(factor)];
const standsForAll = (cell, factor) => cell.any[factors.indexOf(factor)];
const seriesOf = (cell, factor) => (!factor ? "all" : cell.bag_of_words ? "bag of words" : valueOf(cell, factor) === "\u2013" ? anyName : valueOf(cell, factor));
// In the order of the grid; then what has no value.
function seriesNames(list, factor) {
  const present = new Set(list);
  return [...(factor ? factor.values : []).filter((v) => present.has(v)), ...[...present].filter((v) => !factor || !factor.values.includes(v))];
}

// Colour and shape of `series`, with one legend; a click in it shows that series alone (shift: several).
function colouring(factor, present, t, width, withShape = true) {
  const domain = seriesNames(present, factor), lengths = domain.map((d) => 30 + 6.4 * String(d).length);
  const columns = Math.max(1, Math.floor((width - 60) / Math.max(...lengths, 60)));
  const legend = domain.length < 2 ? null : { title: factor ? factor.name : null, columns: Math.min(columns, domain.length) };
  const color = { field: "series", type: "nominal", title: factor ? factor.name : null, scale: { domain, range: domain.map((d) => colourOf(factor, d, t)) }, legend };
  const shape = { ...color, scale: { domain, range: domain.map((d) => shapeOf(factor, d)) } };
  return withShape ? { color, shape } : { color };
}
const pick = { name: "pick", select: { type: "point", fields: ["series"] }, bind: "legend" };
const picked = [{ filter: { param: "pick" } }];

function padded(values, share = 0.06) {
  const x = values.filter(known), low = Math.min(...x), high = Math.max(...x), more = (high - low || Math.abs(high) || 1) * share;
  return x.length ? [low - more, high + more] : [0, 1];
}

// One panel: y labels get the same room everywhere, so that figures above each other line up.
const labelRoom = 40;
const plain = (width, height) => ({ width: width - labelRoom - 14, height });
const yAxis = { title: null, axis: { minExtent: labelRoom, maxExtent: labelRoom } };

// Panels side by side, as many as fit; one alone needs none.
function panels(layers, rows, order, width, height, extra = {}, least = 230) {
  const present = order.filter((p) => rows.some((r) => r.panel === p));
  const base = { rows, ...extra };
  if (present.length < 2) return { ...base, ...plain(width, height), layer: layers };
  const rowsOfPanels = Math.ceil(present.length / Math.max(1, Math.floor(width / least))), columns = Math.ceil(present.length / rowsOfPanels);
  return {
    ...base, columns, spacing: 18, bounds: "flush",
    facet: { field: "panel", type: "nominal", sort: present, title: null },
    spec: { width: Math.floor((width - labelRoom - 18 - 18 * (columns - 1)) / columns), height, layer: layers },
  };
}

const cellTips = (c) => ({
  Cell: c.name, [accuracyName]: percent(c.accuracy) + " %", [level + " interval"]: known(c.interval[0]) ? percent(c.interval[0]) + " to " + percent(c.interval[1]) : "",
  Seeds: c.seeds === c.planned ? String(c.seeds) : c.seeds + " of " + c.planned, "Encoder parameters": c.encoder > 0 ? grouped(c.encoder) : "", Time: seconds(c.seconds),
});
