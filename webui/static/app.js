// The page: its address says what is searched and which moment is open; this file obeys it.
import * as client from "./client.js";
import { watchFiles } from "./drop.js";
import { watchKeys } from "./keys.js";
import { Player } from "./player.js";
import { Results } from "./results.js";

const byId = (id) => document.getElementById(id);
const box = byId("query");
const largestUpload = Number(document.body.dataset.largestUpload);

const files = new Map(); // uploads and their answers, for "back"; gone with the page
const act = { open: openItem, similar: searchLike, again: () => load(), more: showMore };
const results = new Results(act);
const player = new Player({ show: showItem, similar: searchLike, closed: closeItem, copyLink });

let shown = null; // the search whose results are on the page
let wanted = 24;
let running = new AbortController();

/** What the address and the history entry ask for. */
function asked() {
  const address = new URLSearchParams(location.search);
  const upload = files.get(history.state?.file);
  if (upload) return { kind: "file", key: `file ${history.state.file}`, ...upload };
  for (const kind of ["q", "like"]) {
    const text = address.get(kind)?.trim();
    if (text) return { kind, key: `${kind} ${text}`, text };
  }
  return { kind: "start", key: "start" };
}

function go(parameters, state = {}) {
  const query = new URLSearchParams(parameters).toString();
  history.pushState(state, "", query ? `/?${query}` : "/");
  obey();
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
  document.body.dataset.view = search.kind === "start" ? "start" : "results";
  if (earlier !== shown) results.wait(search);
  try {
    results.show(search, await fetchAnswer(search, running.signal), wanted);
  } catch (problem) {
    if (problem.name === "AbortError") return false;
    if (!(problem instanceof client.Problem)) throw problem;
    results.fail(problem);
  }
  return true;
}

function fetchAnswer(search, signal) {
  if (search.kind === "start") return client.newest(signal);
  if (search.kind === "file") return answerOf(search, signal);
  return client.search({ [search.kind]: search.text, k: wanted }, signal);
}

/** The answer for an upload, sent once: "back" must not send a film again. */
async function answerOf({ file, answers }, signal) {
  answers[wanted] ??= await client.searchFile(file, wanted, signal);
  return answers[wanted];
}

/** Open or close the player as the address says: at=VIDEO@START-END. */
async function obeyPlayer() {
  const at = new URLSearchParams(location.search).get("at");
  const [, id, start, end] = /^(\d+)@([\d.]+)-([\d.]+)$/.exec(at ?? "") ?? [];
  if (id === undefined) {
    player.close();
    return;
  }
  const item = results.find(Number(id), Number(start)) ?? (await linked(id, start, end));
  if (item) player.open(item, results.items);
}

/** A moment of a link that is not among the results any more. */
async function linked(id, start, end) {
  try {
    const video = await client.video(id);
    return { ...video, video: video.path, video_id: video.id, start_s: Number(start), end_s: Number(end) };
  } catch (problem) {
    if (!(problem instanceof client.Problem)) throw problem;
    results.announce(problem.message);
    return null;
  }
}

function addressOf(item) {
  const address = new URLSearchParams(location.search);
  address.set("at", `${item.video_id}@${item.start_s}-${item.end_s}`);
  return `/?${address}`;
}

function openItem(item) {
  history.pushState({ ...history.state, opened: true }, "", addressOf(item));
  obeyPlayer();
}

function showItem(item) {
  history.replaceState(history.state, "", addressOf(item));
  obeyPlayer();
}

function closeItem() {
  if (history.state?.opened) {
    history.back();
    return;
  }
  const address = new URLSearchParams(location.search);
  address.delete("at");
  history.replaceState(history.state, "", address.size ? `/?${address}` : "/");
  obeyPlayer();
}

async function copyLink() {
  try {
    await navigator.clipboard.writeText(location.href);
    results.announce("Link copied");
    byId("player-link").textContent = "Copied";
  } catch (error) {
    results.announce(`The link could not be copied: ${error.message}`);
    byId("player-link").textContent = "Copy it from the address bar";
  }
  setTimeout(() => { byId("player-link").textContent = "Copy link"; }, 2500);
}

function searchLike(item) {
  const middle = (item.start_s + item.end_s) / 2;
  go({ like: `${item.video_id}@${middle.toFixed(2)}` });
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
  go({}, { file: id });
}

async function showMore() {
  wanted = Math.min(100, wanted * 2);
  await load();
}

byId("search").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = box.value.trim();
  if (text) go({ q: text });
  else go({});
});
byId("home").addEventListener("click", (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go({});
});
addEventListener("popstate", obey);
watchKeys(box, byId("results"));
watchFiles({ button: byId("choose"), input: byId("file"), zone: byId("drop"), use: searchFile });
if (!matchMedia("(hover: none)").matches) box.focus();
obey();
