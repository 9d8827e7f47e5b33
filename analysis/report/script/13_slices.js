// Inside the slices: side by side after training, and each slice of one cell over epochs.
import { data, make, known, short, cells, capital, standing, period } from "./01_base.js";
import { blend } from "./02_theme.js";
import { shown } from "./03_view.js";
import { figure, draw } from "./05_draw.js";
import { legendOf, pick, picked, plain, yAxis } from "./06_series.js";
import { scaleOf, sliceName, sliceValues } from "./11_slice_values.js";
import { sliceProfile } from "./12_slice_profile.js";

function spectrumFigures(section) {
  const wanted = data.spectra.filter((s) => s.frequency.length > 1 && Object.keys(s.values).length);
  if (!wanted.length) return false;
  const quantities = data.quantities.filter((q) => wanted.some((s) => s.values[q.name]));
  sliceProfile(section, wanted, quantities);
  slicesOverEpochs(section, wanted, quantities);
  return true;
}

// The choices of cell and layer hold for all quantities; the cell of most slices, and of these the best, comes first.
function slicesOverEpochs(section, wanted, quantities) {
  const rank = (s) => 100 * s.frequency.length + standing(cells[s.cell]);
  let entry = wanted.reduce((a, b) => (rank(b) > rank(a) ? b : a)),
    layer = -1;
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
}

export { spectrumFigures };
