// Inside the slices: figures by slice over epochs, slices after training side by side, learned transforms, ablation.
const sliceName = (k, frequency) => "slice " + k + (known(frequency) ? " (f = " + short(frequency) + ")" : "");
// Logarithmic where values span more than a factor of 50.
const scaleOf = (rows) => {
  const x = rows.map((r) => r.value).filter(known);
  return x.every((v) => v > 0) && Math.max(...x) > 50 * Math.min(...x) ? { type: "log" } : { zero: false };
};

// [epochs, layers, slices] -> one layer, or the mean over layers (-1), of an epoch.
function sliceValues(entry, quantity, e, layer) {
  const v = entry.values[quantity], S = entry.frequency.length, L = entry.layers || 1, out = [];
  for (let k = 0; k < S; ++k) {
    const x = [];
    for (let l = 0; l < L; ++l) if (layer < 0 || l === layer || !entry.layers) x.push(v[(e * L + l) * S + k]);
    const there = x.filter(known);
    out.push(there.length ? there.reduce((a, b) => a + b, 0) / there.length : null);
  }
  return out;
}

function spectrumFigures(section) {
  const wanted = data.spectra.filter((s) => s.frequency.length > 1 && Object.keys(s.values).length);
  if (!wanted.length) return false;
  const quantities = data.quantities.filter((q) => wanted.some((s) => s.values[q.name]));
  const rank = (s) => 100 * s.frequency.length + (known(cells[s.cell].accuracy) ? cells[s.cell].accuracy : -1);
  let entry = wanted.reduce((a, b) => (rank(b) > rank(a) ? b : a)), layer = -1;

  // After training, cells side by side.
  const panelOf = (s) => plural(s.frequency.length, "slice");
  const panelNames = [...new Set([...wanted].sort((a, b) => a.frequency.length - b.frequency.length).map(panelOf))].slice(0, 6);
  let chosen = quantities[0];
  const profileRows = () => wanted.filter((s) => s.values[chosen.name]).flatMap((s) => {
    const c = cells[s.cell];
    return sliceValues(s, chosen.name, s.epoch.length - 1, -1).map((value, k) => ({ value, slice: k, line: s.cell, panel: panelOf(s), series: seriesOf(c, colourFactor),
      tip: { Cell: c.name, Slice: String(k), Frequency: short(s.frequency[k]), [chosen.title]: short(value), Seeds: String(s.seeds) } })).filter((r) => known(r.value));
  });
  const profileTitle = () => chosen.title + " by spectral slice after training" + (chosen.unit ? " (" + chosen.unit + ")" : "");
  const area = make("div", { class: "figures" });
  section.append(area);
  const profile = figure(area, { id: "slices-after-training", title: profileTitle(), wide: true, note: "Mean over layers and seeds; one line a cell. A transform that matters should show here.", spec: (t, width) => {
    const rows = profileRows(), look = colouring(colourFactor, rows.map((r) => r.series), t, width);
    const x = { field: "slice", type: "quantitative", title: "Spectral slice", axis: { tickMinStep: 1, format: "d", tickCount: 8 }, scale: { nice: false, padding: 12, zero: false } };
    const y = { field: "value", type: "quantitative", ...yAxis, scale: scaleOf(rows) };
    return panels([
      { transform: picked, mark: { type: "line", strokeWidth: 1.5, opacity: 0.8 }, encoding: { x, y, color: look.color, detail: { field: "line", type: "nominal" } } },
      { params: [pick], transform: picked, mark: { type: "point", filled: true, size: 50, opacity: 1 }, encoding: { x, y, ...look, tooltip: shown } },
    ], rows, panelNames, width, 210, panelNames.length > 1 ? { resolve: { scale: { x: "independent" } } } : {});
  } });
  const quantity = make("select", { onchange: (e) => { chosen = quantities[Number(e.target.value)]; profile.heading.textContent = profileTitle(); draw(profile); } }, quantities.map((q, i) => make("option", { value: i }, q.title)));
  profile.element.insertBefore(make("div", { class: "controls" }, make("label", {}, "Quantity", quantity)), profile.canvas);

  // Over epochs, one cell.
  const drawn = [];
  const cellChoice = make("select", { onchange: (e) => { entry = wanted[Number(e.target.value)]; layers(); drawn.forEach((f) => draw(f)); } },
    wanted.map((s, i) => make("option", { value: i, selected: s === entry ? "" : null }, cells[s.cell].name)));
  const layerChoice = make("select", { onchange: (e) => { layer = Number(e.target.value); drawn.forEach((f) => draw(f)); } });
  const layers = () => {
    layer = -1;
    layerChoice.replaceChildren(make("option", { value: -1 }, "mean over layers"), ...Array.from({ length: entry.layers }, (_, l) => make("option", { value: l }, "layer " + l)));
  };
  layers();
  section.append(make("div", { class: "controls", style: "margin-top:30px" }, make("label", {}, "Over epochs, cell", cellChoice), make("label", {}, "Layer", layerChoice)));
  const grid = make("div", { class: "figures" });
  section.append(grid);
  for (const q of quantities)
    drawn.push(figure(grid, { id: "spectrum-" + q.name, title: q.title + " of each slice over epochs" + (q.unit ? " (" + q.unit + ")" : ""), note: q.meaning, spec: (t, width) => {
      const S = entry.frequency.length, rows = [];
      if (entry.values[q.name])
        entry.epoch.forEach((epoch, e) => sliceValues(entry, q.name, e, layer).forEach((value, k) => {
          if (known(value)) rows.push({ epoch, value, k, series: String(k), tip: { Cell: cells[entry.cell].name, Slice: sliceName(k, entry.frequency[k]), Layer: layer < 0 ? "mean" : String(layer), Epoch: String(epoch), [q.title]: short(value) } });
        }));
      const slices = Array.from({ length: S }, (_, k) => String(k));
      const color = { field: "series", type: "nominal", title: "slice", sort: slices, scale: { domain: slices, range: slices.map((_, k) => blend(t.slices, S > 1 ? k / (S - 1) : 0)) }, legend: S > 16 ? null : { columns: Math.max(1, Math.floor((width - 60) / 38)), columnPadding: 6 } };
      const x = { field: "epoch", type: "quantitative", title: "Epoch", axis: { tickMinStep: 1, format: "d", tickCount: 6 }, scale: { nice: false, zero: false } };
      const y = { field: "value", type: "quantitative", ...yAxis, scale: scaleOf(rows) };
      return { rows, ...plain(width, 190), layer: [
        { transform: picked, mark: { type: "line", strokeWidth: 1.8 }, encoding: { x, y, color } },
        { params: [pick], transform: picked, mark: { type: "point", filled: true, size: 36, opacity: 1 }, encoding: { x, y, color, tooltip: shown } },
      ] };
    } }));
  return true;
}

// L at the start and at the end of training, and what was learned between; one cell at a time.
function learnedFigures(section) {
  const list = data.learned, area = make("div", { class: "figures" }), drawn = [];
  if (!list.length) return false;
  const rank = (e) => 100 * e.p + (known(cells[e.cell].accuracy) ? cells[e.cell].accuracy : -1);
  let entry = list.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const title = () => "Learned transform of " + cells[entry.cell].name + " beside its start: entries of L";
  const note = () => "Seed " + entry.seed + ", trial " + entry.id + ". Rows are spectral slices k, columns original slices l.";
  const matrices = figure(area, { id: "learned-matrix", wide: true, title: title(), note: note(), spec: (t, width) => {
    const p = entry.p, parts = [["Start", entry.start], ["End", entry.end], ["End minus start", entry.end.map((x, i) => x - entry.start[i])]];
    const rows = parts.flatMap(([part, m]) => m.map((value, i) => ({ part, value, k: Math.floor(i / p), l: i % p,
      tip: { Matrix: part, "Spectral row k": String(Math.floor(i / p)), "Original slice l": String(i % p), "L[k, l]": short(value) } })));
    const most = Math.max(...rows.map((r) => Math.abs(r.value))) || 1, stacked = width < 480;
    const side = Math.max(90, Math.min(stacked ? width - 60 : (width - labelRoom - 70) / 3, 250));
    const axis = { labelOverlap: true, ticks: false, domain: false, labelAngle: 0, grid: false };
    return { rows, columns: stacked ? 1 : 3, spacing: 26, facet: { field: "part", type: "nominal", sort: parts.map((x) => x[0]), title: null },
      spec: { width: side, height: side, mark: { type: "rect", stroke: t.ground, strokeWidth: p > 24 ? 0 : 1 }, encoding: {
        x: { field: "l", type: "ordinal", title: "Original slice l", axis, scale: { padding: 0 } }, y: { field: "k", type: "ordinal", ...yAxis, axis: { ...yAxis.axis, ...axis }, scale: { padding: 0 } },
        color: { field: "value", type: "quantitative", title: "L[k, l]", scale: { domain: [-most, 0, most], range: [t.signed[0], t.signed[2], t.signed[4]], interpolate: "rgb" }, legend: { format: ".2~f", tickCount: 5, orient: "bottom", offset: 8 } }, tooltip: shown } } };
  } });
  drawn.push(matrices);
  for (const [key, name] of [["drift", "Drift of L: \u2016L \u2212 start\u2016 / \u2016start\u2016, Frobenius norms"], ["angle", "Largest rotation angle of L from its start (rad)"]]) {
    if (!list.some((e) => e[key])) continue;
    drawn.push(figure(area, { id: "learned-" + key, title: name, note: "Band: lowest to highest seed.", spec: (t, width) => {
      const v = entry[key], rows = !v ? [] : entry.epoch.map((epoch, e) => ({ epoch, value: v.mean[e], low: v.low[e], high: v.high[e],
        tip: { Epoch: String(epoch), Mean: short(v.mean[e]), "Lowest to highest": short(v.low[e]) + " to " + short(v.high[e]) } })).filter((r) => known(r.value));
      const x = { field: "epoch", type: "quantitative", title: "Epoch", axis: { tickMinStep: 1, format: "d" }, scale: { nice: false, zero: false } }, y = { field: "value", type: "quantitative", ...yAxis };
      return { rows, ...plain(width, 150), layer: [
        { mark: { type: "area", color: t.accent, opacity: 0.16 }, encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } } },
        { mark: { type: "line", color: t.accent, strokeWidth: 1.8 }, encoding: { x, y } },
        { mark: { type: "point", filled: true, color: t.accent, size: 36, opacity: 1 }, encoding: { x, y, tooltip: shown } },
      ] };
    } }));
  }
  if (list.length > 1)
    section.append(make("div", { class: "controls" }, make("label", {}, "Cell", make("select", { onchange: (e) => {
      entry = list[Number(e.target.value)];
      matrices.heading.textContent = title();
      matrices.element.querySelector("figcaption p").textContent = note();
      drawn.forEach((f) => draw(f));
    } }, list.map((e, i) => make("option", { value: i, selected: e === entry ? "" : null }, cells[e.cell].name))))));
  section.append(area);
  return true;
}

// What `tubal ablate` measured: accuracy with slices zeroed.
function ablationFigure(parent) {
  let entry = data.ablation[0];
  const label = (a) => cells[a.cell].name + ", seed " + a.seed;
  const title = () => "Test accuracy (%) of " + label(entry) + " with slices set to zero";
  const f = figure(parent, { id: "ablation", title: title(), wide: true, note: "Bars: 95 % intervals over test examples. Dashed: nothing zeroed.", spec: (t, width) => {
    const rows = entry.rows.map((r, i) => ({ i, value: 100 * r.accuracy, low: known(r.interval[0]) ? 100 * r.interval[0] : null, high: known(r.interval[1]) ? 100 * r.interval[1] : null, name: r.name,
      tip: { Zeroed: r.name, Slices: r.slices, Accuracy: percent(r.accuracy) + " %", Interval: known(r.interval[0]) ? percent(r.interval[0]) + " to " + percent(r.interval[1]) : "" } }));
    const whole = rows.find((r) => r.name === "none"), y = { field: "name", type: "nominal", sort: rows.map((r) => r.name), title: null, axis: { domain: false, ticks: false, labelFontSize: 11.5, minExtent: 90, maxExtent: 90 } };
    const x = { field: "value", type: "quantitative", title: "Test accuracy (%)", scale: { domain: padded(rows.flatMap((r) => [r.value, r.low, r.high])), zero: false }, axis: { grid: true } };
    return { rows, width: width - 110, height: { step: 26 }, layer: [
      ...(whole ? [{ transform: [{ filter: "datum.name === 'none'" }], mark: { type: "rule", strokeDash: [4, 3], color: t.soft }, encoding: { x } }] : []),
      { transform: [{ filter: "datum.low !== null" }], mark: { type: "rule", strokeWidth: 2, opacity: 0.55, color: t.accent }, encoding: { y, x: { ...x, field: "low" }, x2: { field: "high" } } },
      { mark: { type: "point", filled: true, size: 60, opacity: 1, color: t.accent }, encoding: { x, y, tooltip: shown } },
    ] };
  } });
  if (data.ablation.length < 2) return;
  const choice = make("select", { onchange: (e) => { entry = data.ablation[Number(e.target.value)]; f.heading.textContent = title(); draw(f); } }, data.ablation.map((a, i) => make("option", { value: i }, label(a))));
  f.element.insertBefore(make("div", { class: "controls" }, make("label", {}, "Trial", choice)), f.canvas);
}
