// Shows in the search box what of the question cannot be read; the notice says why.

/** Select the characters of `place` in `box`; the API counts code points, the box does not. */
export function markWrong(box, place) {
  const points = Array.from(box.value);
  box.setAttribute("aria-invalid", "true");
  box.setAttribute("aria-describedby", "notice-text");
  box.focus();
  box.setSelectionRange(...place.map((end) => points.slice(0, end).join("").length));
}

/** Nothing of the question is known to be wrong. */
export function markRight(box) {
  box.setAttribute("aria-invalid", "false");
  box.setAttribute("aria-describedby", "help");
}
