// How far people were in an answer: kept in the history entry, for "back" and for a reload.
const SOON_MS = 150;

history.scrollRestoration = "manual"; // the browser scrolls before there is an answer
let timer = null;
addEventListener("scroll", () => {
  clearTimeout(timer);
  timer = setTimeout(() => keep({ scroll: scrollY }), SOON_MS);
}, { passive: true });
addEventListener("popstate", () => clearTimeout(timer)); // it was another entry's

/** Before another entry comes on top: how far down people were in this one. */
export function leave() {
  clearTimeout(timer);
  keep({ scroll: scrollY });
}

/** How many pages of the answer were shown, and how far down people were. */
export function placeOf() {
  const { pages = 1, scroll = 0 } = history.state ?? {};
  return { pages, scroll };
}

/** One more page is shown. */
export function keepPages() {
  keep({ pages: placeOf().pages + 1 });
}

function keep(more) {
  history.replaceState({ ...history.state, ...more }, "");
}
