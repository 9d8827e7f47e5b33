// What no other cell beats in both: marked by a line and by names.
import { grouped, scaled, short, cells, capital, worth } from "./01_base.js";
import { textWidth } from "./02_theme.js";
import { shown } from "./03_view.js";
import { figure } from "./05_draw.js";
import { colourFactor, colouring, pick, picked, padded, plain, yAxis, cellTips } from "./06_series.js";

function frontTips(f, p) {
  const c = cells[p.cell];
  const tips = { ...cellTips(c), "Encoder parameters": c.encoder > 0 ? grouped(c.encoder) : "none" };
  const words = capital(f.x.title);
  return words in tips || f.x.title.startsWith("time ")
    ? tips
    : { ...tips, [words]: f.x.prefixes ? scaled(p.x) : short(p.x) };
}

function frontFigure(parent, f) {
  const rows = f.points.map((p) => ({
    cost: p.x,
    value: p.y,
    low: p.low,
    high: p.high,
    series: p.series,
    front: p.front,
    name: cells[p.cell].name,
    tip: frontTips(f, p),
  }));
  const costs = rows.map((r) => r.cost),
    many = f.x.scale === "log";
  const place = many ? Math.log : (x) => x,
    low = place(Math.min(...costs)),
    high = place(Math.max(...costs));
  rows.forEach((r) => {
    r.right = place(r.cost) > low + 0.55 * (high - low);
  });
  const domain = padded(rows.flatMap((r) => [r.value, r.low, r.high]));
  // Names that would lie on another one's are left to the tooltip; boxes in pixels of the plot.
  const chooseNames = (W, H) => {
    const boxes = [];
    for (const r of rows.filter((row) => row.front).sort((a, b) => worth(b.value) - worth(a.value))) {
      const x = 24 + ((W - 48) * (place(r.cost) - low)) / (high - low || 1);
      const y = H - (H * (r.value - domain[0])) / (domain[1] - domain[0]) + (r.right ? -10 : 13);
      const length = Math.min(0.4 * W, textWidth(r.name, 10.5)) + 4;
      const box = r.right ? [x - 9 - length, x - 9, y] : [x + 9, x + 9 + length, y];
      r.named = !boxes.some((b) => box[0] < b[1] && b[0] < box[1] && Math.abs(box[2] - b[2]) < 14);
      if (r.named) boxes.push(box);
    }
  };
  figure(parent, {
    id: f.id,
    title: f.title,
    note: f.note,
    spec: (t, width) => {
      const look = colouring(
        colourFactor,
        rows.map((r) => r.series),
        t,
        width,
      );
      const x = {
        field: "cost",
        type: "quantitative",
        title: f.x.title,
        scale: { ...(many ? { type: "log" } : { zero: false }), nice: false, padding: 24 },
        axis: { format: f.x.prefixes ? "~s" : "~g", tickCount: 5 },
      };
      const y = { field: "value", type: "quantitative", ...yAxis(), scale: { domain, zero: false } };
      const onFront = [{ filter: "datum.front" }];
      const size = plain(width, 300);
      chooseNames(size.width, size.height);
      return {
        rows,
        ...size,
        layer: [
          {
            transform: onFront,
            mark: { type: "line", interpolate: "step-after", color: t.soft, strokeWidth: 1.2, strokeDash: [4, 3] },
            encoding: { x, y, order: { field: "cost", type: "quantitative" } },
          },
          {
            transform: [...picked, { filter: "datum.low !== null" }],
            mark: { type: "rule", strokeWidth: 1.5, opacity: 0.35 },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: look.color },
          },
          {
            params: [pick],
            transform: picked,
            mark: { type: "point", filled: true, opacity: 1 },
            encoding: {
              x,
              y,
              ...look,
              size: { condition: { test: "datum.front", value: 95 }, value: 45 },
              tooltip: shown,
            },
          },
          ...[true, false].map((right) => ({
            transform: [...onFront, ...picked, { filter: "datum.named && " + (right ? "" : "!") + "datum.right" }],
            mark: {
              type: "text",
              align: right ? "right" : "left",
              dx: right ? -9 : 9,
              dy: right ? -10 : 13,
              fontSize: 10.5,
              color: t.ink,
              limit: 0.4 * size.width,
            },
            encoding: { x, y, text: { field: "name", type: "nominal" } },
          })),
        ],
      };
    },
  });
}

export { frontFigure };
