// A measure against each factor, all else equal: lines join cells that differ in that factor alone.
const measures = {
  [judged.name]: {
    title: metricAxis,
    of: (c) => shownFigure(c.mean),
    interval: (c) => (known(c.interval[0]) ? c.interval.map((x) => shownFigure(x)) : null),
    isJudged: true,
  },
  seconds: { title: "Wall clock of a trial (s)", of: (c) => c.seconds },
  memory: { title: "Peak memory of a trial (MB)", of: (c) => c.memory / 1e6 },
  flops: { title: "Floating-point operations of a trial", of: (c) => c.flops, format: "~s" },
  speed: { title: "Tokens trained a second", of: (c) => c.tokens_per_second, format: "~s" },
};

// Factors that say nothing new beside `factor`: each of its values goes with one of theirs.
const followsFrom = (other, factor) =>
  factor.values.every(
    (v) =>
      new Set(
        transformers
          .map((i) => cells[i])
          .filter((c) => valueOf(c, factor) === v && !standsForAll(c, other))
          .map((c) => valueOf(c, other)),
      ).size <= 1,
  );

// Lines and points of `factor`; null where no two cells differ in it alone.
function comparable(factor, measure) {
  const others = varied.filter((f) => f !== factor && !followsFrom(f, factor));
  const colour = [transformFactor, factorOf("model.p"), ...others].find((f) => f && others.includes(f)) || null;
  const rest = others.filter((f) => f !== colour);
  const usable = transformers
    .map((i) => ({ i, c: cells[i] }))
    .filter(({ c }) => known(measure.of(c)) && valueOf(c, factor) !== "\u2013");
  const combinations = new Map();
  for (const { c } of usable)
    if (!others.some((f) => standsForAll(c, f)))
      combinations.set(
        others.map((f) => valueOf(c, f)).join("\n"),
        others.map((f) => valueOf(c, f)),
      );
  if (!combinations.size)
    combinations.set(
      "",
      others.map(() => null),
    );
  const lines = [];
  for (const values of combinations.values()) {
    const members = usable.filter(({ c }) =>
      others.every((f, k) => values[k] === null || standsForAll(c, f) || valueOf(c, f) === values[k]),
    );
    if (new Set(members.map(({ c }) => valueOf(c, factor))).size < 2) continue;
    const panel = rest.map((f) => f.name + " = " + values[others.indexOf(f)]).join(", ") || "all";
    lines.push({ members, panel, series: colour ? values[others.indexOf(colour)] : "all" });
  }
  return lines.length ? { colour, lines, order: [...new Set(lines.map((l) => l.panel))] } : null;
}

function factorFigure(parent, factor, key, options = {}) {
  const drawn = measures[key],
    found = comparable(factor, drawn);
  if (!found) return false;
  const upright = factor.numeric,
    { colour, lines } = found;
  const facets = found.order.length <= 6 && !options.flat,
    order = facets ? found.order : ["all"];
  const present = [],
    line = [],
    point = [],
    seen = new Set();
  lines.forEach((l) => {
    if (!present.includes(l.series)) present.push(l.series);
  });
  const domain = seriesNames(present, colour),
    step = drawn.isJudged ? Math.min(0.16, 0.6 / domain.length) : 0;
  const place = (name) => (domain.length > 1 ? (domain.indexOf(name) - (domain.length - 1) / 2) * step : 0);
  lines.forEach((l, n) => {
    const panel = facets ? l.panel : "all";
    for (const { i, c } of l.members) {
      const shared = colour && standsForAll(c, colour),
        series = shared ? anyName : l.series;
      const at = factor.values.indexOf(valueOf(c, factor)) + (shared ? 0 : place(l.series));
      const interval = drawn.interval && drawn.interval(c),
        row = { panel, at, value: drawn.of(c) };
      line.push({ ...row, kind: "line", series: l.series, line: n });
      if (seen.has(panel + i + series)) continue;
      seen.add(panel + i + series);
      point.push({
        ...row,
        kind: "point",
        series,
        low: interval ? interval[0] : null,
        high: interval ? interval[1] : null,
        tip: {
          ...cellTips(c),
          ...(drawn.isJudged ? {} : { [drawn.title]: drawn.format ? scaled(row.value) : short(row.value) }),
        },
      });
    }
  });
  const used = point.map((p) => p.series),
    references = [];
  if (drawn.isJudged)
    for (const panel of order) {
      const members = lines.filter((l) => !facets || l.panel === panel).flatMap((l) => l.members.map(({ c }) => c));
      const base = [...new Set(members.map((c) => c.compared_with).filter((x) => x !== null))];
      if (base.length === 1 && known(cells[base[0]].mean) && !members.includes(cells[base[0]]))
        references.push({
          panel,
          kind: "baseline",
          value: shownFigure(cells[base[0]].mean),
          tip: cellTips(cells[base[0]]),
        });
      measured
        .filter((i) => cells[i].bag_of_words)
        .slice(0, 1)
        .forEach((i) =>
          references.push({ panel, kind: "bag", value: shownFigure(cells[i].mean), tip: cellTips(cells[i]) }),
        );
      if (bestNgram)
        references.push({ panel, kind: "ngram", value: shownFigure(bestNgram.figure), tip: ngramTips(bestNgram) });
    }
  const rows = [...line, ...point, ...references],
    only = (kind) => [{ filter: `datum.kind === '${kind}'` }];
  const [K, V] = upright ? ["x", "y"] : ["y", "x"];
  const extent = drawn.isJudged
    ? padded(rows.flatMap((r) => [r.value, r.low, r.high]))
    : [0, 1.05 * Math.max(...rows.map((r) => r.value))];
  const spec = (t, width) => {
    const position = {
      [K]: {
        field: "at",
        type: "quantitative",
        title: upright ? factor.name : null,
        scale: {
          domain: upright ? [-0.5, factor.values.length - 0.5] : [factor.values.length - 0.5, -0.5],
          nice: false,
          zero: false,
        },
        axis: {
          values: factor.values.map((v, i) => i),
          labelExpr: JSON.stringify(factor.values) + "[datum.value]",
          grid: false,
          domain: false,
          ticks: upright,
          labelLimit: 170,
          labelFontSize: 11.5,
          labelOverlap: upright ? "greedy" : false,
        },
      },
      [V]: {
        field: "value",
        type: "quantitative",
        title: upright ? null : drawn.title,
        scale: { domain: extent, nice: true, zero: false },
        axis: {
          format: drawn.format,
          tickCount: 6,
          ...(upright ? yAxis().axis : { grid: true, labelFlush: judged.lower }),
        },
      },
    };
    const look = colouring(colour, used, t, width);
    const interval = { [V]: { ...position[V], field: "low" }, [V + "2"]: { field: "high" } };
    const layers = [
      ...[
        ["baseline", [6, 3], t.ink],
        ["bag", [1.5, 2.5], t.soft],
        ["ngram", [1.5, 2.5], t.soft],
      ]
        .filter(([kind]) => references.some((r) => r.kind === kind))
        .map(([kind, strokeDash, color]) => ({
          transform: only(kind),
          mark: { type: "rule", strokeDash, color, strokeWidth: 1.2 },
          encoding: { [V]: position[V], tooltip: shown },
        })),
      ...(upright
        ? [
            {
              transform: [...only("line"), ...picked],
              mark: { type: "line", strokeWidth: 1.5, opacity: 0.75 },
              encoding: {
                ...position,
                color: look.color,
                detail: { field: "line", type: "nominal" },
                order: { field: "at", type: "quantitative" },
              },
            },
          ]
        : []),
      {
        transform: [...only("point"), ...picked, { filter: "datum.low !== null" }],
        mark: { type: "rule", strokeWidth: 2, opacity: 0.55 },
        encoding: { [K]: position[K], ...interval, color: look.color },
      },
      {
        params: [pick],
        transform: [...only("point"), ...picked],
        mark: { type: "point", filled: true, size: 58, opacity: 1 },
        encoding: { ...position, ...look, tooltip: shown },
      },
    ];
    const height =
      options.height ||
      (upright ? (order.length > 2 ? 200 : 270) : 30 + factor.values.length * Math.max(30, 11 * domain.length));
    const longest = upright ? 0 : Math.min(170, widest(factor.values, 11.5)) + 8;
    return panels(layers, rows, order, width - Math.max(0, longest - labelRoom()), height);
  };
  const note =
    options.note !== undefined
      ? options.note
      : (upright ? "Lines join cells that differ in " + factor.name + " alone. " : "") +
        `Bars: ${level} bootstrap intervals over seeds.` +
        (references.some((r) => r.kind === "baseline") ? " Dashed: the baseline." : "") +
        (references.some((r) => r.kind === "bag") ? " Dotted: bag of words." : "") +
        (references.some((r) => r.kind === "ngram") ? " Dotted: the best n-gram, " + bestNgram.name + "." : "");
  figure(parent, {
    id: key + "-by-" + factor.name.replace(/\W+/g, "-"),
    title: (options.title || drawn.title) + " against " + factor.name,
    note,
    wide: options.wide || order.length > 2,
    spec,
  });
  return true;
}
