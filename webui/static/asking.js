// What can be typed into the search box, with examples to start from.
import { keepUnder } from "./panel.js";

/** An example of `panel` that is pressed goes into `box`, behind what is there. */
export function watchExamples(panel, opener, box) {
  keepUnder(panel, opener);
  panel.addEventListener("click", ({ target }) => {
    const example = target.closest(".example")?.textContent;
    if (!example) return;
    panel.hidePopover();
    box.value = [box.value.trim(), example].filter(Boolean).join(" ");
    box.focus();
    box.setSelectionRange(box.value.length - example.length, box.value.length);
  });
}
