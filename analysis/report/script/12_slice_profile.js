// Slices after training, cells side by side; one quantity at a time.
import { make, known, short, plural, cells } from "./01_base.js";
import { shown } from "./03_view.js";
import { figure, draw } from "./05_draw.js";
import { colourFactor, colouring, pick, picked, yAxis, panels } from "./06_series.js";
import { scaleOf, sliceValues } from "./11_slice_values.js";

// `wanted`: entries of data.spectra.
function sliceProfile(section, wanted, quantities) {
  const panelOf = (s) => plural(s.frequency.length, "slice");
  const mostPanels = 6;
  const panelNames = [
    ...new Set([...wanted].sort((a, b) => a.frequency.length - b.frequency.length).map(panelOf)),
  ].slice(0, mostPanels);
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
}

export { sliceProfile };
