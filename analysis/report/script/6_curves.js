// Learning curves by cell: the mean over seeds, with a band from the lowest seed to the highest.
function curveRows(metrics) {
  const rows = [];
  for (const curve of data.curves) {
    const c = cells[curve.cell];
    if (c.bag_of_words) continue;
    for (const [metric, part, scale] of metrics) {
      const v = curve[metric];
      if (!v) continue;
      curve.epoch.forEach((epoch, e) => {
        if (!known(v.mean[e])) return;
        const value = scale * v.mean[e], low = scale * v.low[e], high = scale * v.high[e];
        rows.push({ epoch, value, low, high, part, line: curve.cell + part, series: seriesOf(c, colourFactor), panel: panelFactor && valueOf(c, panelFactor) !== "\u2013" ? panelFactor.name + " = " + valueOf(c, panelFactor) : "others",
          tip: { Cell: c.name, Part: part, Epoch: String(epoch), Mean: short(value), "Lowest to highest": short(low) + " to " + short(high), Seeds: String(curve.seeds[e]) } });
      });
    }
  }
  return rows;
}
const panelOrder = panelFactor ? [...panelFactor.values.map((v) => panelFactor.name + " = " + v), "others"] : ["others"];

function curveFigure(parent, { id, title, metrics, note }) {
  const rows = curveRows(metrics);
  if (!rows.length) return;
  const parts = [...new Set(rows.map((r) => r.part))], crowded = data.curves.length > 24;
  figure(parent, { id, title, note, wide: true, spec: (t, width) => {
    const look = colouring(colourFactor, rows.map((r) => r.series), t, width, false);
    const x = { field: "epoch", type: "quantitative", title: "Epoch", axis: { tickMinStep: 1, format: "d", tickCount: 6 }, scale: { zero: false, nice: false } };
    const y = { field: "value", type: "quantitative", ...yAxis, scale: { zero: false, domain: padded(rows.flatMap((r) => [r.low, r.high]), 0.03) } };
    const detail = { field: "line", type: "nominal" };
    const dash = parts.length > 1 ? { strokeDash: { field: "part", type: "nominal", title: null, scale: { domain: parts, range: [[1, 0], [4, 3]] }, legend: { symbolType: "stroke", symbolStrokeColor: t.soft, orient: width < 620 ? "bottom" : "top" } } } : {};
    return panels([
      { transform: picked, mark: { type: "area", opacity: crowded ? 0.07 : 0.15, line: false }, encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: look.color, detail } },
      { transform: picked, mark: { type: "line", strokeWidth: 1.8, opacity: 0.95 }, encoding: { x, y, ...look, ...dash, detail } },
      { params: [pick], transform: picked, mark: { type: "point", filled: true, size: 110, opacity: 0.001 }, encoding: { x, y, color: look.color, tooltip: shown } },
    ], rows, panelOrder, width, 230);
  } });
}

// Rows are true classes; each row's shares add up to 100 %.
function confusionRows(entry) {
  const classes = data.confusion.classes, C = classes.length, rows = [];
  for (let a = 0; a < C; ++a) {
    const total = entry.counts.slice(a * C, a * C + C).reduce((x, y) => x + y, 0);
    for (let b = 0; b < C; ++b) {
      const n = entry.counts[a * C + b], share = total ? n / total : 0;
      rows.push({ a, b, share: 100 * share, text: C <= 8 ? (100 * share).toFixed(share < 0.0995 ? 1 : 0) : "", tip: { "True class": classes[a], "Predicted class": classes[b], "Share of the true class": percent(share) + " %", "Test examples": grouped(n) + " of " + grouped(total) } });
    }
  }
  return rows;
}
function confusionFigure(parent, id, start) {
  const classes = data.confusion.classes, C = classes.length;
  let entry = start, rows = confusionRows(entry);
  const title = () => "Confusion of " + cells[entry.cell].name + " (%)";
  const f = figure(parent, { id, title: title(), note: "Share of each true class, test examples of all seeds together.", spec: (t, width) => {
    const longest = Math.min(110, 8 + 6 * Math.max(...classes.map((c) => c.length))), side = Math.max(120, Math.min(width - longest - 34, 420));
    const axis = { values: classes.map((c, i) => i), labelExpr: JSON.stringify(classes) + "[datum.value]", labelLimit: 110, grid: false, domain: false, ticks: false, labelOverlap: false, labelFontSize: Math.max(6, Math.min(11, side / C - 1)) };
    const x = { field: "b", type: "ordinal", title: "Predicted class", axis: { ...axis, labelAngle: -45, orient: "bottom" }, scale: { padding: 0 } };
    const y = { field: "a", type: "ordinal", title: "True class", axis: { ...axis }, scale: { padding: 0 } };
    return {
      rows, width: side, height: side,
      layer: [
        { mark: { type: "rect", stroke: t.ground, strokeWidth: C > 20 ? 0 : 1 }, encoding: { x, y, color: { field: "share", type: "quantitative", title: "%", scale: { domain: [0, 100], range: t.amount, interpolate: "rgb" }, legend: null }, tooltip: shown } },
        ...(C <= 8 ? [{ mark: { type: "text", fontSize: 11 }, encoding: { x, y, text: { field: "text", type: "nominal" }, color: { condition: { test: "datum.share > 45", value: t.ground }, value: t.ink } } }] : []),
      ],
    };
  } });
  const choice = make("select", { "aria-label": "Cell", onchange: (e) => {
    entry = data.confusion.cells[Number(e.target.value)];
    rows = confusionRows(entry);
    f.heading.textContent = title();
    draw(f);
  } }, data.confusion.cells.map((c, i) => make("option", { value: i, selected: c === entry ? "" : null }, cells[c.cell].name)));
  f.element.insertBefore(make("div", { class: "controls" }, make("label", {}, "Cell", choice)), f.canvas);
}
