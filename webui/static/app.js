// The page: its address says what is searched and which moment is open; this file obeys it.
import { addressOf, addressWith, filtersInUse, momentAsked, momentId, videoFilters, withFilter } from "./address.js";
import { watchExamples } from "./asking.js";
import * as client from "./client.js";
import { watchFiles } from "./drop.js";
import { Filters } from "./filters.js";
import { clock } from "./format.js";
import { watchKeys } from "./keys.js";
import { markRight, markWrong } from "./mistakes.js";
import { keepPages, leave, placeOf } from "./places.js";
import { Player } from "./player.js";
import { Results } from "./results.js";
import { copyLink } from "./share.js";
import { Thumbs } from "./thumbs.js";
import { Uploads } from "./uploads.js";

const byId = (id) => document.getElementById(id);
const box = byId("query");
const PLACEHOLDER = box.placeholder;
const PAGE = 24;

const uploads = new Uploads(Number(document.body.dataset.largestUpload));
const thumbs = new Thumbs(() => asked().parameters.q, load);
const act = { open: openItem, similar: searchLike, again: () => load(), more: showMore, thumbs };
const results = new Results(act);
const announce = (text) => results.announce(text);
const player = new Player({ show: showItem, similar: searchLike, closed: closeItem, copyLink: share, linkTo, explain, trimmed: keepTrimmed, announce });
const panel = new Filters(refine);

let shown = null; // the search whose results are on the page
let running = new AbortController();

/** What the address and the history entry ask for. */
function asked() {
  const address = new URLSearchParams(location.search);
  const filters = filtersInUse();
  const given = ["q", "like"].map((name) => [name, address.get(name)?.trim()]).filter(([, text]) => text);
  const parameters = Object.fromEntries(given);
  const { file: id, liked } = history.state ?? {};
  const upload = uploads.get(id);
  const kind = upload ? "file" : given[0]?.[0] ?? "start";
  const likes = [upload?.file.name, parameters.like && moment(parameters.like, liked)].filter(Boolean);
  const key = JSON.stringify([upload && id, parameters, `${filters}`]);
  return { kind, parameters, filters, likes, lost: Boolean(id && !upload), key, ...upload };
}

/** "17@12.5", of the video called `title` if it is known, as people read it. */
function moment(like, title) {
  const [, id, seconds] = /^(\d+)@([\d.]+)$/.exec(like) ?? [];
  return id ? `${title ?? `video ${id}`} at ${clock(Number(seconds))}` : like;
}

function go(parameters, filters = filtersInUse(), state = {}) {
  leave();
  history.pushState(state, "", addressOf(parameters, filters));
  obey();
}

/** Ask the same, with what was typed meanwhile, within other filters. */
function refine(filters) {
  const text = box.value.trim();
  const { q, ...others } = asked().parameters;
  go(text ? { q: text, ...others } : others, filters, likeness());
}

async function obey() {
  const search = asked();
  if (search.key !== shown) {
    if (!(await load())) return; // the address has changed meanwhile
  }
  await obeyPlayer();
}

/** Search for what the address asks; false when another search has overtaken it. */
async function load() {
  const search = asked();
  const earlier = shown;
  shown = search.key;
  running.abort();
  running = new AbortController();
  box.value = search.parameters.q ?? "";
  box.placeholder = isLike(search) ? "And what else? At night, in the rain …" : PLACEHOLDER;
  markRight(box);
  panel.show(likenesses(search));
  document.body.dataset.view = search.kind === "start" ? "start" : "results";
  if (earlier !== shown) results.wait(search);
  try {
    const { pages, scroll } = placeOf(); // where people were, when they come back
    results.show(search, await fetchAnswer(search, running.signal));
    for (let page = 1; page < pages && results.next; page++) {
      results.append(await fetchAnswer(search, running.signal, results.next), false);
    }
    scrollTo({ top: scroll });
    panel.close();
  } catch (problem) {
    if (problem.name === "AbortError") return false;
    if (!(problem instanceof client.Problem)) throw problem;
    results.fail(problem, search.parameters.q);
    if (problem.place) markWrong(box, problem.place);
    else if (problem.parameter) panel.fail(problem);
  }
  return true;
}

/** The answer to `search`, from the place `page` on. */
function fetchAnswer(search, signal, page) {
  if (search.kind === "start") return client.newest(search.filters, signal);
  const parameters = { ...search.parameters, k: PAGE, ...(page && { page }) };
  if (search.kind === "file") return uploads.answer(search, parameters, signal);
  return client.search(parameters, search.filters, signal);
}

const isLike = ({ kind, parameters }) => kind === "file" || Boolean(parameters.like);

/** Chips for what the results look like, besides the words: [text, what to do without it]. */
function likenesses({ kind, parameters, likes }) {
  const { q } = parameters;
  const { file, liked } = history.state ?? {};
  const without = [];
  if (kind === "file") without.push(() => go(parameters, filtersInUse(), liked ? { liked } : {}));
  if (parameters.like) without.push(() => go(q ? { q } : {}, filtersInUse(), file ? { file } : {}));
  return likes.map((text, i) => [`Like ${text}`, without[i]]);
}

/** What of the history entry says what the results look like: it goes with further words. */
function likeness() {
  const { file, liked } = history.state ?? {};
  return { ...(file && { file }), ...(liked && { liked }) };
}

/** Open or close the player as the address says. */
async function obeyPlayer() {
  const asked = momentAsked();
  if (!asked) {
    player.close();
    return;
  }
  const address = location.search;
  const item = results.find(asked) ?? (await linked(asked));
  if (item && location.search === address) player.open(item, results.items);
}

/** A moment of a link that is not among the results. */
async function linked({ id, start, end }) {
  try {
    const video = await client.video(id);
    if (start >= video.duration_s) throw new client.Problem("NoMoment", `${video.title} ends before ${clock(start)}.`);
    const copies = results.copiesOf(id, start);
    const moment = { ...video, video: video.path, video_id: video.id, start_s: start, end_s: end, copies };
    return { ...moment, id: momentId(moment) };
  } catch (problem) {
    if (!(problem instanceof client.Problem)) throw problem;
    results.note(problem.message);
    return null;
  }
}

function openItem(item) {
  leave();
  history.pushState({ ...history.state, opened: true }, "", addressWith(item));
  obeyPlayer();
}

function showItem(item) {
  history.replaceState(history.state, "", addressWith(item));
  obeyPlayer();
}

/** The address of a moment whose edge was moved, so that a link and a reload find it. */
function keepTrimmed(item) {
  history.replaceState(history.state, "", addressWith(item));
}

function closeItem() {
  if (history.state?.opened) {
    history.back();
    return;
  }
  history.replaceState(history.state, "", addressWith(null));
  obeyPlayer();
}

/** A link to the same search with one more filter. */
function linkTo(name, value, text = value) {
  const link = document.createElement("a");
  const more = () => withFilter(filtersInUse(), name, value);
  link.href = addressOf(asked().parameters, more());
  link.textContent = text;
  link.title = "Only videos like this one";
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    refine(more());
  });
  return link;
}

function share() {
  copyLink(byId("player-link"), announce);
}

function searchLike(item) {
  const middle = (item.start_s + item.end_s) / 2;
  go({ like: `${item.video_id}@${middle.toFixed(2)}` }, videoFilters(), { liked: item.title });
}

function searchFile(file) {
  try {
    go({}, videoFilters(), { file: uploads.add(file) });
  } catch (problem) {
    if (!(problem instanceof client.Problem)) throw problem;
    results.fail(problem);
  }
}

async function showMore() {
  const search = asked();
  try {
    results.append(await fetchAnswer(search, running.signal, results.next));
    keepPages();
  } catch (problem) {
    if (problem.name === "AbortError") return;
    if (!(problem instanceof client.Problem)) throw problem;
    results.note(problem.message);
  }
}

/** The reasons of `item`; null where nothing was asked but filters, or an upload, which is not kept. */
function explain(item) {
  const { parameters } = asked();
  return item.whole || !item.id || !Object.keys(parameters).length ? null : client.explain(parameters, item.id);
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  const { like } = asked().parameters;
  go({ ...(text && { q: text }), ...(like && { like }) }, panel.chosen(), likeness());
});
byId("home").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({}, new URLSearchParams());
});
addEventListener("popstate", obey);
watchKeys(box, byId("results"));
watchExamples(byId("asking"), byId("asking-open"), box);
watchFiles({ button: byId("choose"), input: byId("file"), zone: byId("drop"), use: searchFile });
if (!matchMedia("(hover: none)").matches) box.focus();
obey();
