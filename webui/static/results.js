// The list of results, and what stands in its place when there are none.
import { makeCard, waitingCard } from "./cards.js";
import { isPicture } from "./client.js";
import { clock, count } from "./format.js";

const byId = (id) => document.getElementById(id);
const MOST = 100;
const TITLES = { Busy: "One moment, please" };
const OTHERWISE = "Try other words, or show a picture of what you look for.";
const FILTERED = "Nothing fits all of your filters. Take one away, or try other words.";
const HOW_TO_INDEX = "videobert index ~/Videos";

export class Results {
  items = [];
  #act;
  #list = byId("results");
  #picture = byId("query-picture");

  /** `act` has open(item), similar(item), again() and more(). */
  constructor(act) {
    this.#act = act;
    byId("more").addEventListener("click", () => act.more());
    byId("notice-again").addEventListener("click", () => act.again());
  }

  /** Show that an answer is under way. */
  wait(search) {
    this.items = [];
    this.#head(search.kind === "file" ? `Looking at ${search.file.name} …` : "", "");
    this.#showPicture(search);
    this.#hideNotice();
    byId("more").hidden = true;
    this.#list.setAttribute("aria-busy", "true");
    this.#list.replaceChildren(...Array.from({ length: 8 }, waitingCard));
  }

  /** Show `answer`, for which `wanted` results were asked. */
  show(search, answer, wanted) {
    const kept = this.items.length;
    this.items = search.kind === "start"
      ? answer.videos.map(asItem)
      : answer.results.map((moment, rank) => ({ ...moment, rank }));
    this.#hideNotice();
    this.#fill(kept);
    byId("more").hidden = search.kind === "start" || wanted >= MOST || this.items.length < wanted;
    if (this.items.length === 0) this.#showNothing(search);
    else this.#showHead(search, answer);
  }

  /** Say what went wrong, in the place of the results. */
  fail(problem) {
    this.items = [];
    this.#fill(0);
    byId("more").hidden = true;
    this.#head("", "");
    if (problem.code === "EmptyLibrary" || problem.code === "LibraryNotFound") this.#showEmpty();
    else this.#notice(TITLES[problem.code] ?? "That did not work", problem.message, { again: problem.passing });
  }

  /** The result that starts at `start` of the video `id`. */
  find(id, start) {
    return this.items.find((item) => item.video_id === id && Math.abs(item.start_s - start) < 0.01);
  }

  /** Where else the moment is that starts at `start` of the video `id`, a copy of a result. */
  copiesOf(id, start) {
    const same = (one) => one.video_id === id && Math.abs(one.start_s - start) < 0.01;
    const result = this.items.find(({ copies = [] }) => copies.some(same));
    return result ? [result, ...result.copies.filter((copy) => !same(copy))] : [];
  }

  /** Tell those who do not see the page. */
  announce(text) {
    byId("announce").textContent = text;
  }

  #fill(kept) {
    this.#list.removeAttribute("aria-busy");
    const focused = kept > 0 && kept < this.items.length; // "show more" was pressed
    this.#list.replaceChildren(...this.items.map((item) => makeCard(item, this.#act)));
    if (focused) this.#list.querySelectorAll(".card-open")[kept].focus({ preventScroll: true });
  }

  #showHead(search, answer) {
    const videos = new Set(this.items.map((item) => item.video_id)).size;
    if (search.kind === "start") {
      this.#head("Newest videos", "");
      this.announce("");
      return;
    }
    const found = `${count(this.items.length, "moment")} in ${count(videos, "video")}`;
    const title = search.kind === "q" ? `“${answer.query}”` : `Like ${readable(answer.query)}`;
    this.#head(title, `${found}, best first`);
    this.announce(`${found} for ${answer.query}`);
    document.title = `${answer.query} · Videobert`;
  }

  #head(title, note) {
    byId("results-title").textContent = title;
    byId("results-note").textContent = note;
    document.title = "Videobert";
  }

  #showPicture(search) {
    if (this.#picture.src) URL.revokeObjectURL(this.#picture.src);
    this.#picture.removeAttribute("src");
    this.#picture.hidden = search.kind !== "file" || !isPicture(search.file);
    if (!this.#picture.hidden) this.#picture.src = URL.createObjectURL(search.file);
  }

  #showNothing(search) {
    this.#head("", "");
    const filtered = search.filters.size > 0;
    if (search.kind !== "start") this.#notice("No moment found", filtered ? FILTERED : OTHERWISE);
    else if (filtered) this.#notice("No video found", FILTERED);
    else this.#showEmpty();
  }

  #showEmpty() {
    const trouble = byId("trouble")?.textContent;
    const text = "Point videobert at a folder of videos. This page finds them as soon as they are indexed.";
    this.#notice("No videos yet", trouble || text, { command: HOW_TO_INDEX, again: true });
  }

  #notice(title, text, { command = "", again = false } = {}) {
    byId("notice-title").textContent = title;
    byId("notice-text").textContent = text;
    byId("notice-command").textContent = command;
    byId("notice-command").hidden = !command;
    byId("notice-again").hidden = !again;
    byId("notice").hidden = false;
    this.announce(`${title}. ${text}`);
  }

  #hideNotice() {
    byId("notice").hidden = true;
  }
}

/** "beach.mp4@12.5" to "beach.mp4 at 0:12". */
function readable(query) {
  const [, name, seconds] = /^(.+)@([\d.]+)$/.exec(query) ?? [];
  return name ? `${name} at ${clock(Number(seconds))}` : query;
}

/** A whole video in the shape of a moment. */
function asItem(video) {
  return { ...video, whole: true, video: video.path, video_id: video.id, start_s: 0, end_s: video.duration_s };
}
