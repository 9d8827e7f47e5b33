// Costs, failures, provenance and trials as tables.
import {
  data,
  make,
  grouped,
  seconds,
  bytes,
  scaled,
  plural,
  cells,
  judged,
  figureText,
  period,
  measured,
} from "./01_base.js";

// Rows under heads; a head that ends in # is of numbers. Names and long texts wrap.
const wrapped = { cause: "wrap", value: "wrap", cell: "name", answer: "name", host: "name", key: "name" };
function table(heads, rows, attributes = {}) {
  const kind = (head) => (head.endsWith("#") ? null : "text");
  const head = (h) => make("th", { class: kind(h), scope: "col" }, h.replace("#", ""));
  const cell = (x, i) => make("td", { class: kind(heads[i]) }, make("div", { class: wrapped[heads[i]] }, x));
  const body = rows.map((r) => make("tr", {}, r.map(cell)));
  return make(
    "div",
    { class: "scroll" },
    make("table", attributes, make("thead", {}, make("tr", {}, heads.map(head))), make("tbody", {}, body)),
  );
}

const costTable = () =>
  table(
    ["cell", "time#", "memory#", "FLOPs#", "tokens/s#", "encoder#", "total#"],
    measured
      .map((i) => cells[i])
      .map((c) => [
        c.name,
        seconds(c.seconds),
        bytes(c.memory),
        scaled(c.flops),
        scaled(c.tokens_per_second),
        c.encoder > 0 ? grouped(c.encoder) : "\u2013",
        grouped(c.total),
      ]),
  );
// The planned trials of a cell are one row: a study that has just begun has hundreds.
function failureTable() {
  const rows = [];
  const planned = {};
  for (const f of data.failures) {
    const known = f.status === "planned" && planned[f.cell];
    if (known) known.seeds.push(f.seed);
    else rows.push({ ...f, seeds: [f.seed] });
    if (f.status === "planned" && !known) planned[f.cell] = rows[rows.length - 1];
  }
  return table(
    ["cell", "seed#", "trial", "state", "cause"],
    rows.map((f) => [
      cells[f.cell].name,
      f.seeds.join(", "),
      f.seeds.length > 1 ? plural(f.seeds.length, "trial") : f.id,
      f.status,
      f.cause || "\u2013",
    ]),
    { id: "failures-table" },
  );
}

function provenanceTable() {
  const names = {
    data_sha256: "data (SHA-256 of the tokenized texts)",
    plugins: "plug-ins",
    cpu: "processor",
    blas: "BLAS",
    revision: "revision of the program",
  };
  return table(
    ["", "value"],
    data.provenance.map((row) => [
      names[row.name] || row.name,
      row.values.length === 1
        ? row.values[0].value.trim()
        : row.values.map((v) => make("div", {}, v.value.trim() + " (" + plural(v.trials, "trial") + ")")),
    ]),
  );
}

const trialTable = () =>
  table(
    ["trial", "cell", "seed#", "state", judged.head + "#", "time#", "memory#", "best " + period + "#", "host"],
    data.trials.map(([id, cell, seed, status, figure, time, memory, epoch, host]) => [
      id,
      cells[cell].name,
      String(seed),
      status,
      figureText(figure),
      seconds(time),
      bytes(memory),
      epoch ? String(epoch) : "",
      host,
    ]),
  );

export { table, costTable, failureTable, provenanceTable, trialTable };
