// The same moment in near copies of its video: counted on the card, listed in the player.
import { count, range } from "./format.js";

/** Say on a card how many there are, and how many further moments of its video. */
export function countCopies(text, { copies = [], more = [] }) {
  const parts = [copies.length && count(copies.length, "copy", "copies"), more.length && `+${more.length}`];
  text.hidden = !copies.length && !more.length;
  text.textContent = parts.filter(Boolean).join(", ");
  const also = copies.length ? ["The same moment is also in", ...copies.map(({ video }) => video)] : [];
  if (more.length) also.push(`${count(more.length, "more moment")} of this video`);
  text.title = also.join("\n");
}

/** List them in the player; `open(copy)` goes to one. */
export function listCopies(list, { copies = [] }, open) {
  list.hidden = !copies.length;
  list.replaceChildren(...copies.map((copy) => entry(copy, open)));
}

function entry(copy, open) {
  const line = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.title = copy.video;
  button.textContent = `${copy.video.split(/[\\/]/).at(-1)}, ${range(copy.start_s, copy.end_s)}`;
  button.addEventListener("click", () => open(copy));
  line.append(button);
  return line;
}
