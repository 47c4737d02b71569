// The page: its address says what is searched and which moment is open; this file obeys it.
import { addressOf, addressWith, filtersInUse, momentAsked, videoFilters, withFilter } from "./address.js";
import * as client from "./client.js";
import { watchFiles } from "./drop.js";
import { Filters } from "./filters.js";
import { watchKeys } from "./keys.js";
import { Player } from "./player.js";
import { Results } from "./results.js";
import { copyLink } from "./share.js";

const byId = (id) => document.getElementById(id);
const box = byId("query");
const PLACEHOLDER = box.placeholder;
const PAGE = 24;
const largestUpload = Number(document.body.dataset.largestUpload);

const files = new Map(); // uploads and their answers, for "back"; gone with the page
const act = { open: openItem, similar: searchLike, again: () => load(), more: showMore, judge, forgetThumbs };
const results = new Results(act);
const player = new Player({ show: showItem, similar: searchLike, closed: closeItem, copyLink: share, linkTo, explain });
const panel = new Filters(refine);

let shown = null; // the search whose results are on the page
let running = new AbortController();

/** What the address and the history entry ask for. */
function asked() {
  const address = new URLSearchParams(location.search);
  const filters = filtersInUse();
  const given = ["q", "like"].map((name) => [name, address.get(name)?.trim()]).filter(([, text]) => text);
  const parameters = Object.fromEntries(given);
  const { file: id } = history.state ?? {};
  const upload = files.get(id);
  const kind = upload ? "file" : given[0]?.[0] ?? "start";
  return { kind, parameters, filters, key: JSON.stringify([upload && id, parameters, `${filters}`]), ...upload };
}

function go(parameters, filters = filtersInUse(), state = {}) {
  history.pushState(state, "", addressOf(parameters, filters));
  obey();
}

/** Ask the same, with what was typed meanwhile, within other filters. */
function refine(filters) {
  const text = box.value.trim();
  const { q, ...others } = asked().parameters;
  const { file } = history.state ?? {};
  go(text ? { q: text, ...others } : others, filters, file ? { file } : {});
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
  panel.show(likenesses(search));
  document.body.dataset.view = search.kind === "start" ? "start" : "results";
  if (earlier !== shown) results.wait(search);
  try {
    results.show(search, await fetchAnswer(search, running.signal));
    panel.close();
  } catch (problem) {
    if (problem.name === "AbortError") return false;
    if (!(problem instanceof client.Problem)) throw problem;
    results.fail(problem);
    if (problem.place) pointAt(problem.place);
    else if (problem.parameter) panel.fail(problem);
  }
  return true;
}

/** The answer to `search`, from the place `page` on. */
function fetchAnswer(search, signal, page) {
  if (search.kind === "start") return client.newest(search.filters, signal);
  const parameters = { ...search.parameters, k: PAGE, ...(page && { page }) };
  if (search.kind === "file") return answerOf(search, parameters, signal);
  return client.search(parameters, search.filters, signal);
}

/** The answer for an upload, sent once: "back" must not send a film again. */
async function answerOf({ file, filters, answers }, parameters, signal) {
  const key = JSON.stringify([parameters, `${filters}`]);
  answers[key] ??= await client.searchFile(file, parameters, filters, signal);
  return answers[key];
}

const isLike = ({ kind, parameters }) => kind === "file" || Boolean(parameters.like);

/** Chips for what the results look like, besides the words: [text, what to do without it]. */
function likenesses(search) {
  const { q, like } = search.parameters;
  const chips = [];
  if (search.kind === "file") chips.push([`Like ${search.file.name}`, () => go(search.parameters)]);
  if (like) chips.push([`Like video ${like.replace("@", " at ")} s`, () => go(q ? { q } : {}, filtersInUse(), keptFile())]);
  return chips;
}

const keptFile = () => (history.state?.file ? { file: history.state.file } : {});

/** Select the characters of the question that cannot be read. */
function pointAt([start, end]) {
  box.focus();
  box.setSelectionRange(start, end);
}

/** Open or close the player as the address says. */
async function obeyPlayer() {
  const asked = momentAsked();
  if (!asked) {
    player.close();
    return;
  }
  const address = location.search;
  const item = results.find(asked.id, asked.start) ?? (await linked(asked));
  if (item && location.search === address) player.open(item, results.items);
}

/** A moment of a link that is not among the results. */
async function linked({ id, start, end }) {
  try {
    const video = await client.video(id);
    const copies = results.copiesOf(id, start);
    return { ...video, video: video.path, video_id: video.id, start_s: start, end_s: end, copies };
  } catch (problem) {
    if (!(problem instanceof client.Problem)) throw problem;
    results.announce(problem.message);
    return null;
  }
}

function openItem(item) {
  history.pushState({ ...history.state, opened: true }, "", addressWith(item));
  obeyPlayer();
}

function showItem(item) {
  history.replaceState(history.state, "", addressWith(item));
  obeyPlayer();
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
  copyLink(byId("player-link"), (text) => results.announce(text));
}

function searchLike(item) {
  const middle = (item.start_s + item.end_s) / 2;
  go({ like: `${item.video_id}@${middle.toFixed(2)}` }, videoFilters());
  scrollTo({ top: 0 });
}

function searchFile(file) {
  if (file.size > largestUpload) {
    const limit = Math.round(largestUpload / 2 ** 20);
    results.fail(new client.Problem("TooLarge", `${file.name} is larger than ${limit} MB. Cut out the part you look for.`));
    return;
  }
  const id = crypto.randomUUID?.() ?? String(performance.now());
  files.set(id, { file, answers: {} });
  go({}, videoFilters(), { file: id });
}

async function showMore() {
  const search = asked();
  try {
    results.append(await fetchAnswer(search, running.signal, results.next));
  } catch (problem) {
    if (problem.name === "AbortError") return;
    if (!(problem instanceof client.Problem)) throw problem;
    results.announce(problem.message);
  }
}

/** Keep a thumb for `item`, or take it back, and ask again with it. */
async function judge(item, relevant) {
  await keepThumbs([[item.id, relevant]]);
}

/** Take all thumbs of this question back. */
async function forgetThumbs(ids) {
  await keepThumbs(ids.map((id) => [id, null]));
}

async function keepThumbs(thumbs) {
  const { q } = asked().parameters;
  try {
    for (const [id, relevant] of thumbs) await client.judge(q, id, relevant);
    await load();
  } catch (problem) {
    if (!(problem instanceof client.Problem)) throw problem;
    results.announce(problem.message);
  }
}

/** The reasons of `item`; null where nothing was asked, or an upload, which is not kept. */
function explain(item) {
  const { kind, parameters } = asked();
  return kind === "start" || !item.id || !Object.keys(parameters).length ? null : client.explain(parameters, item.id);
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  const { like } = asked().parameters;
  go({ ...(text && { q: text }), ...(like && { like }) }, panel.chosen(), keptFile());
});
byId("home").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({}, new URLSearchParams());
});
addEventListener("popstate", obey);
watchKeys(box, byId("results"));
watchFiles({ button: byId("choose"), input: byId("file"), zone: byId("drop"), use: searchFile });
if (!matchMedia("(hover: none)").matches) box.focus();
obey();
