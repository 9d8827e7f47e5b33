// L at the start and at the end of training, and what was learned between; one cell at a time.
import { data, make, known, short, cells, capital, standing, period } from "./01_base.js";
import { shown } from "./03_view.js";
import { figure, draw } from "./05_draw.js";
import { labelRoom, plain, yAxis } from "./06_series.js";

function learnedFigures(section) {
  const list = data.learned,
    area = make("div", { class: "figures" }),
    drawn = [];
  if (!list.length) return false;
  const rank = (e) => 100 * e.p + standing(cells[e.cell]);
  let entry = list.reduce((a, b) => (rank(b) > rank(a) ? b : a));
  const title = () => "Learned transform of " + cells[entry.cell].name + " beside its start: entries of L";
  const note = () =>
    "Seed " + entry.seed + ", trial " + entry.id + ". Rows are spectral slices k, columns original slices l.";
  const matrices = figure(area, {
    id: "learned-matrix",
    wide: true,
    title: title(),
    note: note(),
    spec: (t, width) => {
      const p = entry.p,
        parts = [
          ["Start", entry.start],
          ["End", entry.end],
          ["End minus start", entry.end.map((x, i) => x - entry.start[i])],
        ];
      const rows = parts.flatMap(([part, m]) =>
        m.map((value, i) => ({
          part,
          value,
          k: Math.floor(i / p),
          l: i % p,
          tip: {
            Matrix: part,
            "Spectral row k": String(Math.floor(i / p)),
            "Original slice l": String(i % p),
            "L[k, l]": short(value),
          },
        })),
      );
      const most = Math.max(...rows.map((r) => Math.abs(r.value))) || 1,
        stacked = width < 480;
      const side = Math.max(90, Math.min(stacked ? width - labelRoom() - 20 : (width - labelRoom() - 70) / 3, 250));
      const axis = { labelOverlap: true, ticks: false, domain: false, labelAngle: 0, grid: false };
      return {
        rows,
        columns: stacked ? 1 : 3,
        spacing: 26,
        facet: { field: "part", type: "nominal", sort: parts.map((x) => x[0]), title: null },
        spec: {
          width: side,
          height: side,
          mark: { type: "rect", stroke: t.ground, strokeWidth: p > 24 ? 0 : 1 },
          encoding: {
            x: { field: "l", type: "ordinal", title: "original slice l", axis, scale: { padding: 0 } },
            y: { field: "k", type: "ordinal", ...yAxis(), axis: { ...yAxis().axis, ...axis }, scale: { padding: 0 } },
            color: {
              field: "value",
              type: "quantitative",
              title: "L[k, l]",
              scale: { domain: [-most, 0, most], range: [t.signed[0], t.signed[2], t.signed[4]], interpolate: "rgb" },
              legend: { format: ".2~f", tickCount: 5, orient: "bottom", offset: 8 },
            },
            tooltip: shown,
          },
        },
      };
    },
  });
  drawn.push(matrices);
  for (const [key, name] of [
    ["drift", "Drift of L: \u2016L \u2212 start\u2016 / \u2016start\u2016, Frobenius norms"],
    ["angle", "Largest rotation angle of L from its start (rad)"],
  ]) {
    if (!list.some((e) => e[key])) continue;
    drawn.push(
      figure(area, {
        id: "learned-" + key,
        title: name,
        note: "Band: lowest to highest seed.",
        spec: (t, width) => {
          const v = entry[key],
            rows = !v
              ? []
              : entry.epoch
                  .map((epoch, e) => ({
                    epoch,
                    value: v.mean[e],
                    low: v.low[e],
                    high: v.high[e],
                    tip: {
                      [capital(period)]: String(epoch),
                      Mean: short(v.mean[e]),
                      "Lowest to highest": short(v.low[e]) + " to " + short(v.high[e]),
                    },
                  }))
                  .filter((r) => known(r.value));
          const x = {
              field: "epoch",
              type: "quantitative",
              title: period,
              axis: { tickMinStep: 1, format: "d" },
              scale: { nice: false, zero: false },
            },
            y = { field: "value", type: "quantitative", ...yAxis() };
          return {
            rows,
            ...plain(width, 150),
            layer: [
              {
                mark: { type: "area", color: t.accent, opacity: 0.16 },
                encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" } },
              },
              { mark: { type: "line", color: t.accent, strokeWidth: 1.8 }, encoding: { x, y } },
              {
                mark: { type: "point", filled: true, color: t.accent, size: 36, opacity: 1 },
                encoding: { x, y, tooltip: shown },
              },
            ],
          };
        },
      }),
    );
  }
  if (list.length > 1)
    section.append(
      make(
        "div",
        { class: "controls" },
        make(
          "label",
          {},
          "Cell",
          make(
            "select",
            {
              onchange: (e) => {
                entry = list[Number(e.target.value)];
                matrices.heading.textContent = title();
                matrices.element.querySelector("figcaption p").textContent = note();
                drawn.forEach((f) => draw(f));
              },
            },
            list.map((e, i) => make("option", { value: i, selected: e === entry ? "" : null }, cells[e.cell].name)),
          ),
        ),
      ),
    );
  section.append(area);
  return true;
}

export { learnedFigures };
