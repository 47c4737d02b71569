// The line under the player: where in the video its moments lie.
import { range } from "./format.js";

export class Track {
  #element;
  #choose;
  #head = document.createElement("span");
  #duration = 1;

  /** `choose(item)` is called when a moment on the line is pressed. */
  constructor(element, choose) {
    this.#element = element;
    this.#choose = choose;
    this.#head.className = "track-head";
  }

  /** Draw all of `items` that lie in the video of `current`. */
  show(current, items) {
    this.#duration = Math.max(current.duration_s, 0.001);
    const marks = items
      .filter((item) => !item.whole && item.video_id === current.video_id)
      .map((item) => this.#mark(item, item === current));
    this.#element.replaceChildren(...marks, this.#head);
    this.moveTo(current.start_s);
  }

  /** Move the playhead to `seconds` of the video. */
  moveTo(seconds) {
    this.#head.style.left = this.#percent(seconds);
  }

  #mark(item, current) {
    const mark = document.createElement("button");
    mark.type = "button";
    mark.className = "track-moment";
    mark.style.left = this.#percent(item.start_s);
    mark.style.width = this.#percent(item.end_s - item.start_s);
    mark.title = range(item.start_s, item.end_s);
    mark.setAttribute("aria-label", `Moment ${mark.title}`);
    if (current) mark.setAttribute("aria-current", "true");
    mark.addEventListener("click", () => this.#choose(item));
    return mark;
  }

  #percent(seconds) {
    return `${Math.max(0, Math.min(100, (seconds / this.#duration) * 100))}%`;
  }
}
