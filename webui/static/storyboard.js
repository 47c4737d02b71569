// A strip of small pictures that tells at a glance what a video holds.
import { clock } from "./format.js";
import { rove, stopAt } from "./keys.js";
import { placeTile } from "./tiles.js";

export class Storyboard {
  #element;
  #seek;
  #pictures = [];
  #current = -1;

  /** `seek(seconds)` is called when a picture is pressed. */
  constructor(element, seek) {
    this.#element = element;
    this.#seek = seek;
    rove(element);
  }

  /** Show `pictures`; one alone would tell no more than the player. */
  show(pictures) {
    this.#pictures = pictures;
    this.#current = -1;
    this.#element.hidden = pictures.length < 2;
    this.#element.replaceChildren(...pictures.map((picture, i) => this.#button(picture, i)));
    this.#element.scrollLeft = 0;
  }

  /** Mark what is shown at `seconds`. */
  moveTo(seconds) {
    const current = this.#pictures.findLastIndex(({ start_s }) => start_s <= seconds + 0.05);
    if (current === this.#current) return;
    this.#element.children[this.#current]?.removeAttribute("aria-current");
    this.#current = current;
    const button = this.#element.children[current];
    if (!button) return;
    button.setAttribute("aria-current", "true");
    if (!this.#element.matches(":focus-within")) stopAt(this.#element, button);
    const middle = button.offsetLeft + button.offsetWidth / 2;
    this.#element.scrollTo({ left: middle - this.#element.clientWidth / 2, behavior: "smooth" });
  }

  #button({ start_s, thumbnail }, index) {
    const button = document.createElement("button");
    const tile = document.createElement("span");
    const time = document.createElement("span");
    button.type = "button";
    button.className = thumbnail.width < thumbnail.height ? "shot upright" : "shot";
    button.tabIndex = index ? -1 : 0;
    button.setAttribute("aria-label", `Play from ${clock(start_s)}`);
    button.addEventListener("click", () => this.#seek(start_s));
    tile.className = "shot-tile";
    time.className = "shot-time";
    time.textContent = clock(start_s);
    placeTile(tile, thumbnail);
    button.append(tile, time);
    return button;
  }
}
