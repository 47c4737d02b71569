// What is said in the video, folded away until someone wants to read along.
import { Problem, transcript, transcriptFile } from "./client.js";
import { clock, languageName } from "./format.js";
import { rove, stopAt } from "./keys.js";

const byId = (id) => document.getElementById(id);
const LINGERS_S = 2; // a sentence stays marked so long after its end, if no other begins

export class Transcript {
  #box = byId("transcript");
  #list = byId("cues");
  #language = byId("transcript-language");
  #seek;
  #video = null;
  #loaded = "";
  #cues = [];
  #current = -1;
  #seconds = 0;

  /** `seek(seconds)` is called when a sentence is pressed. */
  constructor(seek) {
    this.#seek = seek;
    rove(this.#list);
    this.#box.addEventListener("toggle", () => this.#load());
    this.#language.addEventListener("change", () => this.#load());
  }

  /** Offer the transcript of the video `id`, `about` which {source, languages} are known, if any. */
  show(id, about) {
    this.#video = about ? id : null;
    this.#loaded = "";
    this.#fill([]);
    this.#box.hidden = !about;
    if (!about) return;
    byId("transcript-source").textContent = about.source;
    this.#language.replaceChildren(...about.languages.map((code) => new Option(languageName(code), code)));
    byId("transcript-languages").hidden = about.languages.length < 2;
    this.#load();
  }

  toggle() {
    this.#box.open = !this.#box.open;
  }

  /** Mark what is said at `seconds`. */
  moveTo(seconds) {
    this.#seconds = seconds;
    const last = this.#cues.findLastIndex(({ start_s }) => start_s <= seconds + 0.05);
    const current = last >= 0 && seconds < this.#cues[last].end_s + LINGERS_S ? last : -1;
    if (current === this.#current) return;
    this.#list.children[this.#current]?.firstChild.removeAttribute("aria-current");
    this.#current = current;
    const line = this.#list.children[current];
    if (!line) return;
    line.firstChild.setAttribute("aria-current", "true");
    if (this.#list.matches(":hover, :focus-within")) return; // someone reads elsewhere
    stopAt(this.#list, line.firstChild);
    const middle = line.offsetTop + line.offsetHeight / 2;
    this.#list.scrollTo({ top: middle - this.#list.clientHeight / 2, behavior: "smooth" });
  }

  /** Ask for the sentences when the box is open and has others, or none. */
  async #load() {
    const [id, language] = [this.#video, this.#language.value];
    const wanted = `${id} ${language}`;
    if (id === null || !this.#box.open || this.#loaded === wanted) return;
    this.#loaded = wanted;
    for (const kind of ["srt", "vtt"]) byId(`transcript-${kind}`).href = transcriptFile(id, language, kind);
    try {
      const { cues } = await transcript(id, language);
      if (this.#loaded === wanted) this.#fill(cues);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (this.#loaded === wanted) this.#fail(problem);
    }
  }

  #fill(cues) {
    this.#cues = cues;
    this.#current = -1;
    this.#list.replaceChildren(...cues.map((cue, i) => this.#line(cue, i)));
    this.#list.scrollTop = 0;
    this.moveTo(this.#seconds);
  }

  #fail(problem) {
    const line = document.createElement("li");
    line.textContent = problem.message;
    this.#list.replaceChildren(line);
    this.#loaded = ""; // the next time it is opened, it is tried again
  }

  #line({ start_s, text }, index) {
    const line = document.createElement("li");
    const button = document.createElement("button");
    const time = document.createElement("span");
    button.type = "button";
    button.className = "cue";
    button.tabIndex = index ? -1 : 0;
    time.className = "cue-time";
    time.textContent = clock(start_s);
    button.append(time, text);
    button.addEventListener("click", () => this.#seek(start_s));
    line.append(button);
    return line;
  }
}
