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
const largestUpload = Number(document.body.dataset.largestUpload);

const files = new Map(); // uploads and their answers, for "back"; gone with the page
const act = { open: openItem, similar: searchLike, again: () => load(), more: showMore };
const results = new Results(act);
const player = new Player({ show: showItem, similar: searchLike, closed: closeItem, copyLink: share, linkTo });
const panel = new Filters(refine);

let shown = null; // the search whose results are on the page
let wanted = 24;
let running = new AbortController();

/** What the address and the history entry ask for. */
function asked() {
  const address = new URLSearchParams(location.search);
  const filters = filtersInUse();
  const upload = files.get(history.state?.file);
  if (upload) return { kind: "file", key: `file ${history.state.file} ${filters}`, filters, ...upload };
  for (const kind of ["q", "like"]) {
    const text = address.get(kind)?.trim();
    if (text) return { kind, key: `${kind} ${text} ${filters}`, filters, text };
  }
  return { kind: "start", key: `start ${filters}`, filters };
}

const parametersOf = ({ kind, text }) => (text ? { [kind]: text } : {});

function go(parameters, filters = filtersInUse(), state = {}) {
  history.pushState(state, "", addressOf(parameters, filters));
  obey();
}

/** Ask the same, and what was typed meanwhile, within other filters. */
function refine(filters) {
  const text = box.value.trim();
  const { file } = history.state ?? {};
  go(text ? { q: text } : parametersOf(asked()), filters, file && !text ? { file } : {});
}

async function obey() {
  const search = asked();
  if (search.key !== shown) {
    wanted = 24;
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
  box.value = search.kind === "q" ? search.text : "";
  panel.show();
  document.body.dataset.view = search.kind === "start" ? "start" : "results";
  if (earlier !== shown) results.wait(search);
  try {
    results.show(search, await fetchAnswer(search, running.signal), wanted);
    panel.close();
  } catch (problem) {
    if (problem.name === "AbortError") return false;
    if (!(problem instanceof client.Problem)) throw problem;
    results.fail(problem);
    if (problem.parameter) panel.fail(problem);
  }
  return true;
}

function fetchAnswer(search, signal) {
  if (search.kind === "start") return client.newest(search.filters, signal);
  if (search.kind === "file") return answerOf(search, signal);
  return client.search({ ...parametersOf(search), k: wanted }, search.filters, signal);
}

/** The answer for an upload, sent once: "back" must not send a film again. */
async function answerOf({ file, filters, answers }, signal) {
  const key = `${wanted} ${filters}`;
  answers[key] ??= await client.searchFile(file, wanted, filters, signal);
  return answers[key];
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
  link.href = addressOf(parametersOf(asked()), more());
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
  wanted = Math.min(100, wanted * 2);
  await load();
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  go(text ? { q: text } : {}, panel.chosen());
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
