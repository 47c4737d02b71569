// The list of results, and what stands in its place when there are none.
import { ARRANGING } from "./address.js";
import { makeCard, waitingCard } from "./cards.js";
import { answerFile, isPicture } from "./client.js";
import { clock, count } from "./format.js";
import { marked } from "./words.js";

const byId = (id) => document.getElementById(id);
const TITLES = { Busy: "One moment, please" };
const OTHERWISE = "Try other words, or show a picture of what you look for.";
const IN_WORDS = /(^|\s)(in|tag|after|before|longer|shorter|\w*res(olution)?|lang(uage)?|camera|codec|format|near):/i;
const FILTERED = "Nothing fits all of your filters. Take one away, or try other words.";
const IN_ORDER = "Nothing shows one after the other. Give them more time with “within 2m”, or write “then” in quotes.";
const LOST = "The clip or picture is gone with the page that it was given to. Choose it again.";
const HOW_TO_INDEX = "videobert index ~/Videos";

export class Results {
  items = [];
  next = null; // the place where the next page begins
  #search = null;
  #unsure = false;
  #act;
  #thumbs = new Map(); // id of a moment: whether it was found right
  #list = byId("results");
  #picture = byId("query-picture");

  /** `act` has open(item), similar(item), again(), more(), and `thumbs` to keep. */
  constructor(act) {
    this.#act = act;
    byId("more").addEventListener("click", () => this.#more());
    byId("notice-again").addEventListener("click", () => act.again());
    byId("forget-thumbs").addEventListener("click", () => this.#judge([...this.#thumbs.keys()], null));
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

  /** Show `answer`, the first page. */
  show(search, answer) {
    this.#search = search;
    this.items = [];
    this.#hideNotice();
    this.#showThumbs(answer.judged);
    this.#offerFiles(search, answer);
    this.#unsure = Boolean(answer.no_match);
    this.#add(search.kind === "start" ? answer.videos.map(asItem) : answer.results);
    this.#fill(0);
    this.next = answer.next ?? null;
    byId("more").hidden = !this.next;
    if (this.items.length === 0) this.#showNothing(search);
    else this.#showHead(search, answer);
  }

  /** Show the next page, `answer`, below what is there; `focus` on its first card. */
  append(answer, focus = true) {
    const kept = this.items.length;
    this.#add(answer.results);
    this.#fill(kept, focus);
    this.next = answer.next;
    byId("more").hidden = !this.next;
    this.#showHead(this.#search, answer);
  }

  /** Say what went wrong, in the place of the results, and where in the question `asked`. */
  fail(problem, asked = "") {
    this.items = [];
    this.#showThumbs();
    byId("save-list").hidden = true;
    this.#fill(0);
    byId("more").hidden = true;
    this.#head("", "");
    if (problem.code === "EmptyLibrary" || problem.code === "LibraryNotFound") this.#showEmpty();
    else this.#notice(TITLES[problem.code] ?? "That did not work", problem.message, { again: problem.passing, asked, place: problem.place });
  }

  /** The result that lasts from `start` to `end` of the video `id`, to a hundredth of a second. */
  find({ id, start, end }) {
    const all = this.items.flatMap((item) => [item, ...(item.more ?? [])]);
    const near = (one, other) => Math.abs(one - other) < 0.01;
    return all.find((item) => item.video_id === id && near(item.start_s, start) && near(item.end_s, end));
  }

  /** Where else the moment is that starts at `start` of the video `id`, a copy of a result. */
  copiesOf(id, start) {
    const same = (one) => one.video_id === id && Math.abs(one.start_s - start) < 0.01;
    const result = this.items.find(({ copies = [] }) => copies.some(same));
    return result ? [result, ...result.copies.filter((copy) => !same(copy))] : [];
  }

  /** Tell those who do not see the page; what lies outside of an open dialog is silent. */
  announce(text) {
    for (const line of ["announce", "player-announce"]) byId(line).textContent = text;
  }

  /** Say something beside the results. */
  note(text) {
    byId("results-note").textContent = text;
    this.announce(text);
  }

  /** Keep thumbs; then go on at `button` of the first of `ids`, or at the start of the list. */
  async #judge(ids, relevant, button) {
    const problem = await this.#act.thumbs.keep(ids, relevant);
    if (problem) this.note(problem);
    const index = button ? this.items.findIndex(({ id }) => id === ids[0]) : -1;
    const place = this.#list.querySelectorAll(".card")[index]?.querySelector(button) ?? this.#list;
    place.focus({ preventScroll: true });
  }

  /** Keep `moments` in their order; a match is measured by the best of all pages. */
  #add(moments) {
    for (const moment of moments) {
      const best = this.items[0]?.score ?? moment.score;
      const match = best > 0 ? Math.min(1, Math.max(0, moment.score / best)) : 1;
      const found = { match, unsure: this.#unsure, rank: this.items.length, relevant: this.#thumbs.get(moment.id) };
      this.items.push({ whole: isWhole(moment), ...moment, ...found });
    }
  }

  /** Ask for the next page, once. */
  async #more() {
    const button = byId("more");
    button.disabled = true;
    await this.#act.more();
    button.disabled = false;
  }

  /** Links to the answer as a list for other programs; an upload is not kept to be asked again. */
  #offerFiles({ kind, parameters, filters }, { results = [] }) {
    byId("save-list").hidden = !["q", "like"].includes(kind) || results.length === 0;
    for (const link of byId("save-list").querySelectorAll("a")) {
      link.href = answerFile(parameters, filters, link.dataset.format);
    }
  }

  #showThumbs({ relevant = [], irrelevant = [] } = {}) {
    this.#thumbs = new Map([...relevant.map((id) => [id, true]), ...irrelevant.map((id) => [id, false])]);
    const button = byId("forget-thumbs");
    button.hidden = this.#thumbs.size === 0;
    button.textContent = `Forget ${count(this.#thumbs.size, "thumb")}`;
  }

  #fill(kept, focus = true) {
    this.#list.removeAttribute("aria-busy");
    const focused = focus && kept > 0 && kept < this.items.length; // "show more" was pressed
    const judge = (item, relevant, button) => this.#judge([item.id], relevant, button);
    const act = { ...this.#act, judge: this.#search?.parameters.q ? judge : null };
    const cards = this.items.slice(kept).map((item) => makeCard(item, act));
    if (kept) this.#list.append(...cards);
    else this.#list.replaceChildren(...cards);
    this.#divide();
    if (focused) this.#list.querySelectorAll(".card-open")[kept].focus({ preventScroll: true });
  }

  /** Draw a line below the last moment that is sure, where others follow. */
  #divide() {
    this.#list.querySelector(".less-sure")?.remove();
    const first = this.items.findLastIndex(({ sure }) => sure !== false) + 1;
    if (0 < first && first < this.items.length) this.#list.querySelectorAll(".card")[first].before(lessSure());
  }

  #showHead(search, answer) {
    if (search.kind === "start") {
      this.#head("Newest videos", search.lost ? LOST : "");
      this.announce("");
      return;
    }
    const found = this.#found();
    const note = answer.no_match ? `No sure match. The nearest: ${found}` : found;
    this.#head(titleOf(search, answer), search.lost ? `${LOST} ${note}` : note);
    this.announce(`${found} for ${answer.query}`);
    document.title = `${answer.query} · Videobert`;
  }

  /** How many there are; what filters alone find are videos. */
  #found() {
    const videos = count(new Set(this.items.map((item) => item.video_id)).size, "video");
    if (this.items.every((item) => item.whole)) return `${videos}, newest first`;
    const moments = `${count(this.items.length, "moment")} in ${videos}`;
    return this.#unsure ? moments : `${moments}, best first`;
  }

  #head(title, note) {
    byId("results-title").textContent = title;
    byId("results-title").hidden = !title;
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
    const { q = "" } = search.parameters;
    const filtered = IN_WORDS.test(q) || [...search.filters.keys()].some((name) => !ARRANGING.includes(name));
    const ordered = /\sthen\s/i.test(q);
    if (search.kind !== "start") this.#notice("No moment found", ordered ? IN_ORDER : filtered ? FILTERED : OTHERWISE);
    else if (filtered) this.#notice("No video found", FILTERED);
    else this.#showEmpty();
  }

  #showEmpty() {
    const trouble = byId("trouble")?.textContent;
    const text = "Point videobert at a folder of videos. This page finds them as soon as they are indexed.";
    this.#notice("No videos yet", trouble || text, { command: HOW_TO_INDEX, again: true });
  }

  #notice(title, text, { command = "", again = false, asked = "", place = null } = {}) {
    byId("notice-title").textContent = title;
    byId("notice-text").textContent = text;
    byId("notice-asked").replaceChildren(...(place ? marked({ text: asked, highlights: [place] }) : []));
    byId("notice-asked").hidden = !place;
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

function lessSure() {
  const line = document.createElement("li");
  line.className = "less-sure";
  line.textContent = "Less sure";
  line.title = "A question about something that is not there would find these as well";
  return line;
}

/** What was asked. */
function titleOf({ parameters: { q }, likes }, { query }) {
  if (!q) return `Like ${readable(query)}`;
  return likes.length ? `“${q}”, like ${likes.join(" and ")}` : `“${query}”`;
}

/** Whether filters alone found it: nothing speaks for any moment of it. */
function isWhole({ channels, steps }) {
  return Boolean(channels && !steps && !Object.keys(channels).length);
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
