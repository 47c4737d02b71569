// Why a moment was found: how sure each channel is along the video, and what is to be seen.
import { Problem } from "./client.js";
import { clock } from "./format.js";
import { CHANNELS } from "./words.js";

const WIDTH = 1000; // of the drawing, as its viewBox says
const HEIGHT = 100;
const LEAST = 0.02; // a weaker line is none

export class Why {
  #curve;
  #key;
  #concepts;
  #item = null;

  /** `key` says what the colours of `curve` are; `concepts` lists what is to be seen. */
  constructor(curve, key, concepts) {
    this.#curve = curve;
    this.#key = key;
    this.#concepts = concepts;
  }

  /** Draw the reasons of `item`, a promise of the API's answer; null for nothing. */
  async show(item, asked) {
    this.clear();
    if (!asked) return;
    this.#item = item;
    try {
      const reasons = await asked;
      if (this.#item === item) this.#draw(item, reasons);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (this.#item === item) this.#name([problem.message], true);
    }
  }

  /** Nothing is shown any more. */
  clear() {
    this.#item = null;
    this.#curve.toggleAttribute("hidden", true);
    this.#key.hidden = true;
    this.#concepts.hidden = true;
  }

  #draw({ duration_s }, { lines, concepts }) {
    const strong = lines.filter(({ points }) => points.some(({ strength }) => strength >= LEAST));
    this.#curve.replaceChildren(...strong.map((line) => this.#drawn(line, duration_s)));
    this.#curve.setAttribute("aria-label", strong.map(said).join(". "));
    this.#curve.toggleAttribute("hidden", strong.length === 0);
    this.#key.hidden = strong.length === 0;
    const clauses = new Set(strong.map(({ clause }) => clause));
    this.#key.replaceChildren(...strong.map((line) => entryOf(line, clauses.size > 1)));
    this.#name(concepts.map(({ text }) => text));
  }

  #name(texts, failed = false) {
    this.#concepts.hidden = texts.length === 0;
    this.#concepts.classList.toggle("failed", failed);
    this.#concepts.replaceChildren(...texts.map((text) => {
      const entry = document.createElement("li");
      entry.textContent = text;
      return entry;
    }));
  }

  /** What is seen as a landscape, for clips overlap; words as bars, where they are. */
  #drawn({ channel, clause, points }, duration_s) {
    const x = (seconds) => ((WIDTH * seconds) / Math.max(duration_s, 0.001)).toFixed(1);
    const y = (strength) => (HEIGHT * (1 - strength)).toFixed(1);
    const shape = document.createElementNS(this.#curve.namespaceURI, "path");
    shape.setAttribute("class", `curve-${channel === "picture" ? "area" : "bars"} share-${channel}`);
    const title = document.createElementNS(this.#curve.namespaceURI, "title");
    title.textContent = [CHANNELS[channel], clause].filter(Boolean).join(": ");
    shape.append(title);
    if (channel === "picture") {
      const tops = points.map(({ start_s, end_s, strength }) => `L${x((start_s + end_s) / 2)} ${y(strength)}`);
      const [first, last] = [points[0].strength, points.at(-1).strength];
      shape.setAttribute("d", `M0 ${HEIGHT} L0 ${y(first)} ${tops.join(" ")} L${WIDTH} ${y(last)} L${WIDTH} ${HEIGHT} Z`);
    } else {
      const bar = ({ start_s, end_s, strength }) => `M${x(start_s)} ${HEIGHT} V${y(strength)} H${x(Math.max(end_s, start_s + duration_s / 300))} V${HEIGHT} Z`;
      shape.setAttribute("d", points.map(bar).join(" "));
    }
    return shape;
  }
}

/** "Seen" in the line's colour, and which of the question's words it is of. */
function entryOf({ channel, clause }, named) {
  const entry = document.createElement("li");
  const name = document.createElement("span");
  name.className = `words-label share-${channel}`;
  name.textContent = CHANNELS[channel] ?? channel;
  entry.append(name, named ? clause : "");
  return entry;
}

/** "Seen: a dog, most at 0:12" for those who do not see the drawing. */
function said({ channel, clause, points }) {
  const best = points.reduce((one, other) => (other.strength > one.strength ? other : one));
  return `${[CHANNELS[channel], clause].filter(Boolean).join(": ")}, most at ${clock(best.start_s)}`;
}
