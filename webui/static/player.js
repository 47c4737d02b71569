// Plays one moment over the page; falls back to a preview when the browser lacks the codec.
import { Beside } from "./beside.js";
import { cutFile, Problem, prepare } from "./client.js";
import { listCopies } from "./copies.js";
import { clock, range } from "./format.js";
import { watchSaving } from "./saving.js";
import { Track } from "./track.js";
import { trimmed } from "./trim.js";
import { Why } from "./why.js";
import { showAllWords } from "./words.js";

const byId = (id) => document.getElementById(id);
const LONGEST_PREVIEW_S = 60;
const LONGEST_CUT_S = 300;
const AFTER_S = 10; // of a preview that is made for a point in time

export class Player {
  #dialog = byId("player");
  #video = byId("video");
  #message = byId("player-message");
  #why = new Why(byId("curve"), byId("curve-key"), byId("concepts"));
  #track = new Track(byId("track"), (item) => this.#act.show(item));
  #act;
  #beside;
  #item = null;
  #result = null; // what it was before it was trimmed
  #items = [];
  #preview = null; // the stretch that is played instead of the file
  #unplayable = new Set(); // videos that this browser has refused

  /** `act` has show(item), similar(item), closed(), copyLink(), linkTo(name, value), explain(item), trimmed(item), announce(text). */
  constructor(act) {
    this.#act = act;
    this.#beside = new Beside((seconds) => this.#playFrom(seconds), act.linkTo);
    this.#watchButtons();
    this.#watchVideo();
  }

  /** Open `item`, one of `items`, and start at its moment. */
  open(item, items) {
    if (this.#item === item && this.#dialog.open) return;
    this.#item = this.#result = item;
    this.#items = items;
    this.#preview = null;
    this.#describe();
    if (!this.#dialog.open) this.#dialog.showModal();
    if (this.#unplayable.has(item.video_id)) this.#fallBack();
    else this.#load(null);
  }

  /** Close it, if open, without telling anyone. */
  close() {
    this.#item = null;
    this.#beside.clear();
    this.#why.clear();
    this.#video.pause();
    this.#video.removeAttribute("src");
    this.#video.load(); // lets go of the connection
    if (this.#dialog.open) this.#dialog.close();
  }

  #describe() {
    const { title, video, start_s } = this.#item;
    byId("player-title").textContent = title;
    byId("player-path").textContent = video;
    this.#tell("");
    this.#describeTimes();
    byId("player-previous").disabled = !this.#neighbour(-1);
    byId("player-next").disabled = !this.#neighbour(1);
    showAllWords(byId("player-words"), this.#item, (seconds) => this.#playFrom(seconds));
    listCopies(byId("player-copies"), this.#item, (copy) => {
      this.#dialog.scrollTop = 0;
      this.#act.show(copy);
    });
    this.#why.show(this.#item, this.#act.explain(this.#item));
    this.#beside.show(this.#item);
    this.#beside.moveTo(start_s);
  }

  #describeTimes() {
    const { start_s, end_s, steps, whole, duration_s } = this.#item;
    const length = clock(Math.ceil(duration_s - 0.05)); // rounded as the moment's end is
    const parts = steps?.map((step) => range(step.start_s, step.end_s)).join(", then ");
    byId("player-moment").textContent = whole ? length : `Moment ${parts ?? range(start_s, end_s)} of ${length}`;
    byId("player-cut").hidden = end_s - start_s > LONGEST_CUT_S;
    byId("player-cut").href = cutFile(this.#item);
    const found = this.#items.flatMap((item) => [item, ...(item.more ?? [])]);
    this.#track.show(this.#item, found.map((item) => (item === this.#result ? this.#item : item)));
  }

  /** Let the moment begin ("start_s") or end ("end_s") where the playhead is. */
  #trim(edge) {
    const item = this.#video.readyState && trimmed(this.#item, edge, this.#position());
    if (!item) return; // nothing is loaded, or nothing would be left
    this.#item = item;
    this.#describeTimes();
    this.#track.moveTo(this.#position());
    this.#act.trimmed(item);
    this.#act.announce(byId("player-moment").textContent);
  }

  #playFrom(seconds) {
    const { duration_s } = this.#item;
    if (this.#preview && !(this.#preview.start_s <= seconds && seconds < this.#preview.end_s)) {
      // the preview ends before that: another moment begins there
      this.#act.show({ ...this.#item, start_s: seconds, end_s: Math.min(duration_s, seconds + AFTER_S) });
      return;
    }
    this.#video.currentTime = Math.max(0, seconds - (this.#preview?.start_s ?? 0));
    this.#video.play().catch(() => {}); // it may have been closed meanwhile
  }

  #neighbour(step) {
    return this.#items[this.#items.indexOf(this.#result) + step];
  }

  /** Load the file, or the `preview` of a stretch of it. */
  #load(preview) {
    const { stream, start_s } = this.#item;
    this.#preview = preview;
    this.#message.hidden = true;
    this.#video.src = preview ? this.#previewAddress(preview) : `${stream}#t=${start_s.toFixed(3)}`;
    this.#video.load();
  }

  #previewAddress({ start_s, end_s }) {
    return `${this.#item.preview}?start=${start_s}&end=${end_s}`;
  }

  /** Where the playhead is in the video itself, in seconds. */
  #position() {
    return this.#video.currentTime + (this.#preview?.start_s ?? 0);
  }

  #start() {
    // sound without a picture: the browser knows the container but not the codec
    if (this.#video.videoWidth === 0) {
      this.#video.pause();
      this.#fallBack();
      return;
    }
    this.#play();
  }

  /** Play from the start of the moment. */
  #play() {
    this.#video.currentTime = Math.max(0, this.#item.start_s - (this.#preview?.start_s ?? 0));
    this.#video.play().catch((error) => {
      // NotAllowed: before the first click on a page, the controls are there for that;
      // Abort: another moment was opened meanwhile; NotSupported: the error event tells
      if (!["NotAllowedError", "AbortError", "NotSupportedError"].includes(error.name)) throw error;
    });
  }

  async #fallBack() {
    const item = this.#item;
    if (this.#preview) {
      this.#say("This browser plays neither the file nor a preview of it.", item.video);
      return;
    }
    const { start_s } = item;
    const stretch = { start_s, end_s: Math.min(item.end_s, start_s + LONGEST_PREVIEW_S) };
    this.#unplayable.add(item.video_id);
    this.#say("This browser cannot play the file itself. Making a preview of the moment …");
    try {
      await prepare(this.#previewAddress(stretch));
      if (this.#item === item) this.#load(stretch);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (this.#item === item) this.#say("This browser cannot play the file.", problem.message, item.video);
    }
  }

  #say(...lines) {
    this.#message.replaceChildren(...lines.map((line) => {
      const paragraph = document.createElement("p");
      paragraph.textContent = line;
      return paragraph;
    }));
    this.#message.hidden = false;
  }

  /** What could not be done with the moment; "" for nothing. */
  #tell(text) {
    byId("player-problem").textContent = text;
    byId("player-problem").hidden = !text;
  }

  #watchVideo() {
    this.#video.addEventListener("loadedmetadata", () => this.#item && this.#start());
    this.#video.addEventListener("error", () => this.#item && this.#fallBack());
    this.#video.addEventListener("timeupdate", () => {
      if (!this.#item) return;
      this.#track.moveTo(this.#position());
      this.#beside.moveTo(this.#position());
    });
  }

  #watchButtons() {
    const again = () => this.#play();
    const trim = (edge) => () => this.#trim(edge);
    const step = (by) => () => this.#neighbour(by) && this.#act.show(this.#neighbour(by));
    byId("player-close").addEventListener("click", () => this.#act.closed());
    byId("player-previous").addEventListener("click", step(-1));
    byId("player-next").addEventListener("click", step(1));
    byId("player-again").addEventListener("click", again);
    byId("player-begin").addEventListener("click", trim("start_s"));
    byId("player-end").addEventListener("click", trim("end_s"));
    byId("player-similar").addEventListener("click", () => this.#act.similar(this.#item));
    byId("player-link").addEventListener("click", () => this.#act.copyLink());
    watchSaving(byId("player-cut"), {
      done: () => this.#act.announce("The clip is saved"),
      failed: (text) => this.#tell(`The clip was not saved. ${text}`),
    });
    this.#dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      this.#act.closed();
    });
    this.#dialog.addEventListener("click", (event) => {
      if (event.target === this.#dialog) this.#act.closed(); // beside it
    });
    const keys = { n: step(1), p: step(-1), r: again, t: () => this.#beside.toggleTranscript(), "[": trim("start_s"), "]": trim("end_s") };
    this.#dialog.addEventListener("keydown", (event) => {
      const typed = event.ctrlKey || event.metaKey || event.altKey || event.target.matches("select");
      if (!typed) keys[event.key]?.();
    });
  }
}
