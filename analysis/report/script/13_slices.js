// Inside the slices: figures by slice over epochs, slices after training side by side.
import { data, make, known, short, plural, cells, capital, standing, period } from "./01_base.js";
import { blend } from "./02_theme.js";
import { shown } from "./03_view.js";
import { figure, draw } from "./05_draw.js";
import { colourFactor, legendOf, colouring, pick, picked, plain, yAxis, panels } from "./06_series.js";

const sliceName = (k, frequency) => "slice " + k + (known(frequency) ? " (f = " + short(frequency) + ")" : "");
// Logarithmic where values span more than a factor of 50.
const scaleOf = (rows) => {
  const x = rows.map((r) => r.value).filter(known);
  return x.every((v) => v > 0) && Math.max(...x) > 50 * Math.min(...x) ? { type: "log" } : { zero: false };
};

// [epochs, layers, slices] -> one layer, or the mean over layers (-1), of an epoch.
function sliceValues(entry, quantity, e, layer) {
  const v = entry.values[quantity],
    S = entry.frequency.length,
    L = entry.layers || 1,
    out = [];
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
  const rank = (s) => 100 * s.frequency.length + standing(cells[s.cell]);
  let entry = wanted.reduce((a, b) => (rank(b) > rank(a) ? b : a)),
    layer = -1;

  // After training, cells side by side.
  const panelOf = (s) => plural(s.frequency.length, "slice");
  const panelNames = [
    ...new Set([...wanted].sort((a, b) => a.frequency.length - b.frequency.length).map(panelOf)),
  ].slice(0, 6);
  let chosen = quantities[0];
  const profileRows = () =>
    wanted
      .filter((s) => s.values[chosen.name])
      .flatMap((s) => {
        const c = cells[s.cell];
        return sliceValues(s, chosen.name, s.epoch.length - 1, -1)
          .map((value, k) => ({
            value,
            slice: k,
            line: s.cell,
            panel: panelOf(s),
            series: c.series,
            tip: {
              Cell: c.name,
              Slice: String(k),
              Frequency: short(s.frequency[k]),
              [chosen.title]: short(value),
              Seeds: String(s.seeds),
            },
          }))
          .filter((r) => known(r.value));
      });
  const profileTitle = () =>
    chosen.title + " by spectral slice after training" + (chosen.unit ? " (" + chosen.unit + ")" : "");
  const area = make("div", { class: "figures" });
  section.append(area);
  const profile = figure(area, {
    id: "slices-after-training",
    title: profileTitle(),
    wide: true,
    note: "Mean over layers and seeds; one line a cell. A transform that matters should show here.",
    spec: (t, width) => {
      const rows = profileRows(),
        look = colouring(
          colourFactor,
          rows.map((r) => r.series),
          t,
          width,
        );
      const x = {
        field: "slice",
        type: "quantitative",
        title: "spectral slice",
        axis: { tickMinStep: 1, format: "d", tickCount: 8 },
        scale: { nice: false, padding: 12, zero: false },
      };
      const y = { field: "value", type: "quantitative", ...yAxis(), scale: scaleOf(rows) };
      return panels(
        [
          {
            transform: picked,
            mark: { type: "line", strokeWidth: 1.5, opacity: 0.8 },
            encoding: { x, y, color: look.color, detail: { field: "line", type: "nominal" } },
          },
          {
            params: [pick],
            transform: picked,
            mark: { type: "point", filled: true, size: 50, opacity: 1 },
            encoding: { x, y, ...look, tooltip: shown },
          },
        ],
        rows,
        panelNames,
        width,
        210,
        panelNames.length > 1 ? { resolve: { scale: { x: "independent" } } } : {},
      );
    },
  });
  const quantity = make(
    "select",
    {
      onchange: (e) => {
        chosen = quantities[Number(e.target.value)];
        profile.heading.textContent = profileTitle();
        draw(profile);
      },
    },
    quantities.map((q, i) => make("option", { value: i }, q.title)),
  );
  profile.element.insertBefore(
    make("div", { class: "controls" }, make("label", {}, "Quantity", quantity)),
    profile.canvas,
  );

  // Over epochs, one cell.
  const drawn = [];
  const cellChoice = make(
    "select",
    {
      onchange: (e) => {
        entry = wanted[Number(e.target.value)];
        layers();
        drawn.forEach((f) => draw(f));
      },
    },
    wanted.map((s, i) => make("option", { value: i, selected: s === entry ? "" : null }, cells[s.cell].name)),
  );
  const layerChoice = make("select", {
    onchange: (e) => {
      layer = Number(e.target.value);
      drawn.forEach((f) => draw(f));
    },
  });
  const layers = () => {
    layer = -1;
    layerChoice.replaceChildren(
      make("option", { value: -1 }, "mean over layers"),
      ...Array.from({ length: entry.layers }, (_, l) => make("option", { value: l }, "layer " + l)),
    );
  };
  layers();
  section.append(
    make(
      "div",
      { class: "controls", style: "margin-top:30px" },
      make("label", {}, "Over " + period + "s, cell", cellChoice),
      make("label", {}, "Layer", layerChoice),
    ),
  );
  const grid = make("div", { class: "figures" });
  section.append(grid);
  for (const q of quantities)
    drawn.push(
      figure(grid, {
        id: "spectrum-" + q.name,
        title: q.title + " of each slice over " + period + "s" + (q.unit ? " (" + q.unit + ")" : ""),
        note: q.meaning,
        spec: (t, width) => {
          const S = entry.frequency.length,
            rows = [];
          if (entry.values[q.name])
            entry.epoch.forEach((epoch, e) =>
              sliceValues(entry, q.name, e, layer).forEach((value, k) => {
                if (known(value))
                  rows.push({
                    epoch,
                    value,
                    k,
                    series: String(k),
                    tip: {
                      Cell: cells[entry.cell].name,
                      Slice: sliceName(k, entry.frequency[k]),
                      Layer: layer < 0 ? "mean" : String(layer),
                      [capital(period)]: String(epoch),
                      [q.title]: short(value),
                    },
                  });
              }),
            );
          const slices = Array.from({ length: S }, (_, k) => String(k));
          const color = {
            field: "series",
            type: "nominal",
            title: "slice",
            sort: slices,
            scale: { domain: slices, range: slices.map((_, k) => blend(t.slices, S > 1 ? k / (S - 1) : 0)) },
            legend: S > 16 ? null : legendOf(slices, "slice", width, 6).legend,
          };
          const x = {
            field: "epoch",
            type: "quantitative",
            title: period,
            axis: { tickMinStep: 1, format: "d", tickCount: 6 },
            scale: { nice: false, zero: false },
          };
          const y = { field: "value", type: "quantitative", ...yAxis(), scale: scaleOf(rows) };
          return {
            rows,
            ...plain(width, 190),
            layer: [
              { transform: picked, mark: { type: "line", strokeWidth: 1.8 }, encoding: { x, y, color } },
              {
                params: [pick],
                transform: picked,
                mark: { type: "point", filled: true, size: 36, opacity: 1 },
                encoding: { x, y, color, tooltip: shown },
              },
            ],
          };
        },
      }),
    );
  return true;
}

export { spectrumFigures };
