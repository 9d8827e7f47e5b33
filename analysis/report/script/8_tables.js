// The comparison, failures, provenance and trials as tables.

// Interval of a difference on one scale for all rows: zero, the margin of parity, mean and interval.
function forest(cell, extent) {
  if (!known(cell.difference)) return "";
  const W = 120, H = 16, [low, high] = extent, x = (v) => Math.max(1, Math.min(W - 1, ((v - low) / (high - low)) * W));
  const line = (kind, a, b, y1, y2) => make("line", { class: kind, x1: a, x2: b, y1, y2 });
  const [l, h] = cell.difference_interval;
  return make("svg", { class: "forest", width: W, height: H, viewBox: `0 0 ${W} ${H}`, "aria-hidden": "true" },
    -data.margin > low ? line("margin", x(-data.margin), x(-data.margin), 0, H) : null, line("zero", x(0), x(0), 0, H),
    known(l) ? line("interval", x(l), x(h), H / 2, H / 2) : null, make("circle", { cx: x(cell.difference), cy: H / 2, r: 3 }));
}

function comparisonTable() {
  const columns = ranked.length ? ranked.map((f) => ({ head: f.name, text: !f.numeric, show: (c) => valueOf(c, f), by: (c) => (f.numeric ? Number(valueOf(c, f)) : valueOf(c, f)) })) : [{ head: "cell", text: true, show: (c) => c.name, by: (c) => c.name }];
  const first = columns.length;
  const compared = cells.filter((c) => known(c.difference));
  const ends = compared.flatMap((c) => [c.difference, ...c.difference_interval.filter(known), -data.margin, 0, data.margin / 2]);
  const extent = compared.length ? padded(ends, 0.04) : [0, 1];
  const range = (i, how) => (known(i[0]) ? make("span", { class: "range" }, "[" + how(i[0]) + ", " + how(i[1]) + "]") : "");
  const badge = (text, title) => make("span", { class: "badge", title }, text);
  columns.push(
    { head: "seeds", show: (c) => (c.seeds === c.planned ? c.seeds : c.seeds + "/" + c.planned), by: (c) => c.seeds },
    { head: "encoder", unit: "parameters", show: (c) => (c.encoder > 0 ? grouped(c.encoder) : "\u2013"), by: (c) => c.encoder },
    { head: "total", unit: "parameters", show: (c) => grouped(c.total), by: (c) => c.total },
    { head: "compression", unit: "of the encoder", show: (c) => (known(c.compression) && c.encoder > 0 ? c.compression.toFixed(2) + "\u00d7" : ""), by: (c) => c.compression },
    { head: accuracyName.toLowerCase() + " (%)", unit: level + " interval", show: (c) => (c.seeds ? [percent(c.accuracy), range(c.interval, percent)] : "none"), by: (c) => -c.accuracy });
  if (compared.length)
    columns.push(
      { head: "difference to baseline", unit: "points, " + level + " interval", show: (c) => (c.baseline ? "baseline" : [signed(c.difference), range(c.difference_interval, signed)]), by: (c) => -c.difference, kind: (c) => (known(c.p_holm) && c.p_holm < 0.05 ? (c.difference > 0 ? "better" : "worse") : "") },
      { head: "", unit: "", text: true, show: (c) => forest(c, extent) },
      { head: "p value", unit: "Holm", show: (c) => probability(c.p_holm), by: (c) => c.p_holm });
  columns.push(
    { head: "time", unit: "a trial", show: (c) => seconds(c.seconds), by: (c) => c.seconds },
    { head: "memory", unit: "peak", show: (c) => bytes(c.memory), by: (c) => c.memory },
    { head: "front", unit: "and parity", text: true, show: (c) => [c.front_parameters ? badge("size", "no cell is more accurate with fewer encoder parameters") : "", c.front_seconds ? badge("time", "no cell is more accurate in less time") : "",
      c.parity === true ? badge("parity", "shown to be no more than " + short(100 * data.margin) + " points below the baseline") : ""] });
  const body = make("tbody"), heads = [];
  const fill = (order) => body.replaceChildren(...order.map((c) =>
    make("tr", { class: c.baseline ? "baseline" : null }, c.bag_of_words ? make("td", { class: "text", colspan: first }, c.name) : "", columns.slice(c.bag_of_words ? first : 0).map((k) => make("td", { class: [k.text ? "text" : "", k.kind ? k.kind(c) : ""].join(" ").trim() || null }, k.show(c))))));
  const sort = (k, head) => {
    const falling = head.getAttribute("aria-sort") === "ascending";
    heads.forEach((h) => h.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", falling ? "descending" : "ascending");
    const value = (c) => { const v = k.by(c); return v === null || Number.isNaN(v) || v === "\u2013" ? null : v; };
    fill([...cells].sort((a, b) => {
      const x = value(a), y = value(b);
      if (x === null || y === null) return (x === null) - (y === null);
      return (x < y ? -1 : x > y ? 1 : 0) * (falling ? -1 : 1);
    }));
  };
  for (const k of columns) {
    const head = make("th", { class: k.text ? "text" : null, scope: "col" });
    const content = [k.head, k.unit ? make("small", {}, k.unit) : ""];
    head.append(...(k.by ? [make("button", { type: "button", title: "Sort", onclick: () => sort(k, head) }, content)] : content.filter(Boolean)));
    heads.push(head);
  }
  fill(cells);
  return make("div", { class: cells.length > 24 ? "scroll tall" : "scroll" }, make("table", { id: "comparison" }, make("thead", {}, make("tr", {}, heads)), body));
}

const table = (heads, rows, attributes = {}) => make("div", { class: "scroll" }, make("table", attributes,
  make("thead", {}, make("tr", {}, heads.map((h) => make("th", { class: h.endsWith("#") ? null : "text", scope: "col" }, h.replace("#", ""))))),
  make("tbody", {}, rows.map((r) => make("tr", {}, r.map((x, i) => make("td", { class: heads[i].endsWith("#") ? null : heads[i] === "cause" || heads[i] === "value" ? "text wrap" : "text" }, x)))))));

const costTable = () => table(["cell", "time#", "memory#", "FLOPs#", "tokens/s#", "encoder#", "total#"],
  measured.map((i) => cells[i]).map((c) => [c.name, seconds(c.seconds), bytes(c.memory), scaled(c.flops), scaled(c.tokens_per_second), c.encoder > 0 ? grouped(c.encoder) : "\u2013", grouped(c.total)]));
const failureTable = () => table(["cell", "seed#", "trial", "state", "cause"], data.failures.map((f) => [cells[f.cell].name, String(f.seed), f.id, f.status, f.cause || "\u2013"]), { id: "failures-table" });

function provenanceTable() {
  const names = { data_sha256: "data (SHA-256 of the tokenized texts)", plugins: "plug-ins", cpu: "processor", blas: "BLAS", revision: "revision of the program" };
  return table(["", "value"], data.provenance.map((row) => [names[row.name] || row.name,
    row.values.length === 1 ? row.values[0].value.trim() : row.values.map((v) => make("div", {}, v.value.trim() + " (" + plural(v.trials, "trial") + ")"))]));
}

const trialTable = () => table(["trial", "cell", "seed#", "state", "accuracy (%)#", "time#", "memory#", "best epoch#", "host"],
  data.trials.map(([id, cell, seed, status, accuracy, time, memory, epoch, host]) => [id, cells[cell].name, String(seed), status, percent(accuracy), seconds(time), bytes(memory), epoch ? String(epoch) : "", host]));
