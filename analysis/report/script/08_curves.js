// Learning curves by cell: the mean over seeds, with a band from the lowest seed to the highest. Classifiers by epoch,
// language models by step.
const curvePosition = data.language ? "step" : "epoch";
function curveRows(metrics) {
  const rows = [];
  for (const curve of data.curves) {
    const c = cells[curve.cell];
    if (c.bag_of_words) continue;
    for (const [metric, part, scale] of metrics) {
      const v = curve[metric];
      if (!v) continue;
      curve[curvePosition].forEach((epoch, e) => {
        if (!known(v.mean[e]) || !known(epoch)) return;
        const value = scale * v.mean[e],
          low = scale * v.low[e],
          high = scale * v.high[e];
        rows.push({
          epoch,
          value,
          low,
          high,
          part,
          line: curve.cell + part,
          series: seriesOf(c, colourFactor),
          panel:
            panelFactor && valueOf(c, panelFactor) !== "\u2013"
              ? panelFactor.name + " = " + valueOf(c, panelFactor)
              : "others",
          tip: {
            Cell: c.name,
            Part: part,
            [capital(curvePosition)]: grouped(epoch),
            Mean: short(value),
            "Lowest to highest": short(low) + " to " + short(high),
            Seeds: String(curve.seeds[e]),
          },
        });
      });
    }
  }
  return rows;
}
const curvesOnly = [...picked, { filter: "!datum.sanity" }];
const panelOrder = panelFactor
  ? [...panelFactor.values.map((v) => panelFactor.name + " = " + v), "others"]
  : ["others"];

// The unigram and the best n-gram of the validation part, in each panel, where they lie among the curves.
function sanityLines(rows, references) {
  const [low, high] = padded(rows.flatMap((r) => [r.low, r.high]));
  const named = references.filter((r) => r === bestNgram || r.name === "unigram");
  const panelNames = [...new Set(rows.map((r) => r.panel))];
  return named
    .filter((r) => known(r.validation) && r.validation >= low && r.validation <= high)
    .flatMap((r) =>
      panelNames.map((panel) => ({
        panel,
        name: r.name,
        value: r.validation,
        sanity: true,
        tip: { "Sanity baseline": r.name, "Validation part": fixed(r.validation, judged.difference.decimals) },
      })),
    );
}

function curveFigure(parent, { id, title, metrics, note, references = [] }) {
  const rows = curveRows(metrics);
  if (!rows.length) return;
  const lines = sanityLines(rows, references);
  if (lines.length) note += "Dotted: n-grams, " + [...new Set(lines.map((r) => r.name))].join(", ") + ".";
  const parts = [...new Set(rows.map((r) => r.part))],
    crowded = data.curves.length > 24;
  figure(parent, {
    id,
    title,
    note,
    wide: true,
    spec: (t, width) => {
      const look = colouring(
        colourFactor,
        rows.map((r) => r.series),
        t,
        width,
        false,
      );
      const x = {
        field: "epoch",
        type: "quantitative",
        title: capital(curvePosition),
        axis: { tickMinStep: 1, format: data.language ? "~s" : "d", tickCount: data.language ? 4 : 6 },
        scale: { zero: false, nice: false },
      };
      const y = {
        field: "value",
        type: "quantitative",
        ...yAxis(),
        scale: {
          zero: false,
          domain: padded(
            rows.flatMap((r) => [r.low, r.high]),
            0.03,
          ),
        },
      };
      // The parts' legend stands beside the series' where both fit.
      const series = legendOf([...new Set(rows.map((r) => r.series))], colourFactor && colourFactor.name, width);
      const beside = series.rows === 1 && series.room + legendOf(parts, null, width).room + 20 <= width;
      const detail = { field: "line", type: "nominal" };
      const dash =
        parts.length > 1
          ? {
              strokeDash: {
                field: "part",
                type: "nominal",
                title: null,
                scale: {
                  domain: parts,
                  range: [
                    [1, 0],
                    [4, 3],
                  ],
                },
                legend: {
                  ...legendOf(parts, null, width).legend,
                  symbolType: "stroke",
                  symbolStrokeColor: t.soft,
                  orient: beside ? "top" : "bottom",
                },
              },
            }
          : {};
      return panels(
        [
          ...(lines.length
            ? [
                {
                  transform: [{ filter: "datum.sanity" }],
                  mark: { type: "rule", strokeDash: [1.5, 2.5], color: t.soft, strokeWidth: 1.2 },
                  encoding: { y, tooltip: shown },
                },
              ]
            : []),
          {
            transform: curvesOnly,
            mark: { type: "area", opacity: crowded ? 0.07 : 0.15, line: false },
            encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color: look.color, detail },
          },
          {
            transform: curvesOnly,
            mark: { type: "line", strokeWidth: 1.8, opacity: 0.95 },
            encoding: { x, y, ...look, ...dash, detail },
          },
          {
            params: [pick],
            transform: curvesOnly,
            mark: { type: "point", filled: true, size: 110, opacity: 0.001 },
            encoding: { x, y, color: look.color, tooltip: shown },
          },
        ],
        [...rows, ...lines],
        panelOrder,
        width,
        230,
      );
    },
  });
}
