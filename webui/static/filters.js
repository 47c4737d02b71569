// The panel of filters, and the chips that show which are in use.
import { FILTERS, filtersInUse } from "./address.js";
import { isOpen, keepUnder } from "./panel.js";
import { CHANNELS } from "./words.js";

const byId = (id) => document.getElementById(id);
const SAYS = {
  in: (value) => `In ${value}`,
  tag: (value) => `Tag ${value}`,
  after: (value) => `From ${value}`,
  before: (value) => `Before ${value}`,
  longer: (value) => `At least ${value}`,
  shorter: (value) => `At most ${value}`,
  min_resolution: (value) => `At least ${value}`,
  max_resolution: (value) => `At most ${value}`,
  camera: (value) => `Camera ${value}`,
  language: (value) => `Language ${value}`,
  near: (value) => `Near ${value}`,
  by_video: () => "Each video once",
  diversity: () => "More variety",
  channels: (value) => `Only ${value.split(",").map((name) => (CHANNELS[name] ?? name).toLowerCase()).join(", ")}`,
};

export class Filters {
  #panel = byId("filters");
  #opener = byId("filters-open");
  #chips = byId("chips");
  #apply;

  /** `apply(filters)` is called when people choose others. */
  constructor(apply) {
    this.#apply = apply;
    this.#panel.addEventListener("submit", (event) => {
      event.preventDefault();
      apply(this.chosen());
    });
    byId("filters-clear").addEventListener("click", () => apply(new URLSearchParams()));
    this.#panel.addEventListener("keydown", (event) => event.key === "Escape" && this.show());
    keepUnder(this.#panel, this.#opener);
  }

  /** What the panel says, and what the address has that the panel has no field for. */
  chosen() {
    const filters = filtersInUse();
    for (const field of this.#fields()) {
      filters.delete(field.name);
      const values = field.name === "tag" ? field.value.split(",") : [field.value];
      for (const value of values) if (value.trim()) filters.append(field.name, value.trim());
    }
    const boxes = this.#boxes();
    const wanted = boxes.filter((box) => box.checked).map((box) => box.value);
    filters.delete("channels");
    if (wanted.length && wanted.length < boxes.length) filters.set("channels", wanted.join(","));
    for (const box of this.#arranging()) {
      filters.delete(box.name);
      if (box.checked) filters.set(box.name, box.value);
    }
    return new URLSearchParams(FILTERS.flatMap((name) => filters.getAll(name).map((value) => [name, value])));
  }

  /** Show which filters are in use; before them `others`, [text, what to do without it] each. */
  show(others = []) {
    const filters = filtersInUse();
    for (const field of this.#fields()) {
      field.value = filters.getAll(field.name).join(", ");
      this.#mark(field, "");
    }
    const channels = (filters.get("channels") ?? "").split(",");
    for (const box of this.#boxes()) box.checked = channels.includes(box.value);
    for (const box of this.#arranging()) box.checked = filters.has(box.name);
    const chips = [...filters].map(([name, value]) => this.#chip(name, value));
    if (chips.length > 1) chips.push(this.#button("Clear all", "chip chip-clear", () => this.#apply(new URLSearchParams())));
    chips.unshift(...others.map(([text, without]) => this.#named(this.#button(text, "chip", without))));
    this.#chips.replaceChildren(...chips);
    this.#chips.hidden = !chips.length;
  }

  close() {
    if (isOpen(this.#panel)) this.#panel.hidePopover();
  }

  /** Say by its field which filter is wrong; `parameter` may be none of the panel's. */
  fail({ parameter, message }) {
    const field = this.#fields().find(({ name }) => name === parameter);
    if (!field) return;
    this.#mark(field, message);
    if (!isOpen(this.#panel)) this.#panel.showPopover();
    field.focus();
  }

  #fields() {
    return [...this.#panel.querySelectorAll(".field input")];
  }

  #boxes() {
    return [...this.#panel.querySelectorAll(".toggles-channels input")];
  }

  /** What says how results are arranged. */
  #arranging() {
    return [...this.#panel.querySelectorAll(".toggles-arrange input")];
  }

  #mark(field, problem) {
    const line = byId(`${field.id}-problem`);
    line.textContent = problem;
    line.hidden = !problem;
    if (problem) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  #chip(name, value) {
    const text = SAYS[name]?.(value) ?? value;
    const others = () => [...filtersInUse()].filter(([n, v]) => n !== name || v !== value);
    return this.#named(this.#button(text, "chip", () => this.#apply(new URLSearchParams(others()))));
  }

  #named(chip) {
    chip.firstChild.setAttribute("aria-label", `Remove the filter: ${chip.textContent}`);
    chip.firstChild.title = chip.textContent;
    return chip;
  }

  /** A list entry whose button does `act()`. */
  #button(text, kind, act) {
    const entry = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = kind;
    const words = document.createElement("span");
    words.className = "chip-text";
    words.textContent = text;
    button.append(words);
    button.addEventListener("click", () => {
      act();
      this.#opener.focus(); // the chip is gone
    });
    entry.append(button);
    return entry;
  }
}
