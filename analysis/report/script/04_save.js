// Each figure can be saved as SVG and PNG: for papers, light colours on white, with the figure's title.
import { data, make } from "./01_base.js";
import { textLines } from "./02_theme.js";
import { view } from "./03_view.js";

// The page's font goes along, so that the texts keep the widths they were laid out with.
const withFont = (svg) =>
  svg.replace(/>/, () => "><style>" + document.getElementById("fonts").textContent + "</style>");

async function image(f, kind) {
  const width = Math.max(480, Math.floor(f.width));
  const v = view(f, "light", width, {
    renderer: "none",
    config: { background: "#ffffff", padding: 12 },
    spec: { title: textLines(f.heading.textContent, width, 14, 600) },
  });
  try {
    if (kind === "svg") return new Blob([withFont(await v.toSVG())], { type: "image/svg+xml" });
    const canvas = await v.toCanvas(2);
    return await new Promise((done) => canvas.toBlob(done, "image/png"));
  } finally {
    v.finalize();
  }
}
async function save(f, kind) {
  const link = make("a", {
    href: URL.createObjectURL(await image(f, kind)),
    download: data.study.replace(/[^\w.-]+/g, "_") + "-" + f.id + "." + kind,
  });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

export { save };
