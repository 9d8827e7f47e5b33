// What needs no Transformer: a constant answer and a bag of words beside classifiers, n-grams beside language models.
import {
  data,
  make,
  known,
  prose,
  cells,
  judged,
  figureText,
  isBetter,
  ofCell,
  intervalOf,
  level,
  measured,
  baselines,
} from "./01_base.js";
import { table } from "./18_tables.js";

const sanityLead = (text) => make("p", { class: "lead" }, prose("What needs no Transformer at all." + text));

function bagSanity(s) {
  const bags = measured.map((i) => cells[i]).filter((c) => c.bag_of_words);
  const rows = [];
  if (known(data.majority)) rows.push(["always the commonest class", "", figureText(data.majority), ""]);
  const add = (name, c) => rows.push([name, String(c.seeds), ofCell(c), intervalOf(c)]);
  bags.forEach((c) => add("bag of words: linear on hashed words and word pairs", c));
  baselines.forEach((i) => add("baseline " + cells[i].name, cells[i]));
  if (!rows.length) return false;
  const none =
    " This study has no bag of words beside it: add `include: [{model.kind: bag_of_words}]` to the grid and " +
    "run it again; only the new trials run.";
  s.append(
    sanityLead(bags.length ? "" : none),
    table(["answer", "seeds#", judged.axis + "#", level + " interval#"], rows),
  );
  return true;
}

// One table for each data that cells read; Transformers of the study beneath, in the same figures.
function ngramSanity(s) {
  const all = [judged, ...data.beside];
  const heads = ["answer", "seeds#", ...all.map((m) => m.head + "#")];
  const cellRow = (what, c) => [
    what + c.name,
    String(c.seeds),
    ...all.map((m, k) => figureText(k === 0 ? c.mean : c.beside[k - 1], m)),
  ];
  if (!data.ngrams.length) return false;
  s.append(sanityLead(" N-grams are interpolated by Kneser and Ney's rule, on the same tokens and parts."));
  for (const set of data.ngrams) {
    const rows = set.rows.map((r) => [r.name, "", ...all.map((m) => figureText(r[m.stored], m))]);
    const members = set.cells.filter((i) => known(cells[i].mean));
    const first = members.reduce((a, b) => (a === null || isBetter(cells[b].mean - cells[a].mean) ? b : a), null);
    members.filter((i) => cells[i].baseline).forEach((i) => rows.push(cellRow("baseline ", cells[i])));
    if (first !== null && !cells[first].baseline) rows.push(cellRow("best cell ", cells[first]));
    if (data.ngrams.length > 1)
      s.append(make("p", { class: "lead" }, "Data of " + members.map((i) => cells[i].name).join("; ") + ":"));
    s.append(table(heads, rows));
  }
  return true;
}

export { bagSanity, ngramSanity };
