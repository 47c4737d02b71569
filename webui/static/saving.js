// A moment as a file: the server makes it first, which may take a while or fail.
import { file, Problem } from "./client.js";

const KEPT_MS = 60_000; // for the browser to write it

/** Let `link`, to the file, say that it is being made; `done()` and `failed(text)` are told the end. */
export function watchSaving(link, { done, failed }) {
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (link.getAttribute("aria-busy") === "true") return;
    const before = link.textContent;
    link.setAttribute("aria-busy", "true");
    link.textContent = "Making it …";
    try {
      save(await file(link.href));
      done();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      failed(problem.message);
    } finally {
      link.removeAttribute("aria-busy");
      link.textContent = before;
    }
  });
}

function save({ blob, name }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEPT_MS);
}
