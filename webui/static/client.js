// Asks the API; every failure arrives as a Problem with a sentence for people.

export class Problem extends Error {
  /**
   * `passing`: the same question may be answered later; after `wait` seconds, if known.
   * `parameter`: which filter is wrong. `place`: which characters of the question, [from, to].
   */
  constructor(code, message, { passing = false, wait = 0, parameter = null, place = null } = {}) {
    super(message);
    this.code = code;
    this.passing = passing;
    this.wait = wait;
    this.parameter = parameter;
    this.place = place;
  }
}

/** The answer of `address`. Rejects with a Problem, or AbortError when `signal` was aborted. */
async function answer(address, options = {}) {
  try {
    return await attempt(address, options);
  } catch (problem) {
    if (problem.code !== "Busy") throw problem;
    await pause(problem.wait || 3, options.signal);
    return attempt(address, options); // once more; after that people decide
  }
}

async function attempt(address, { headers = {}, ...options }) {
  let response;
  try {
    response = await fetch(address, { headers: { Accept: "application/json", ...headers }, ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem("Unreachable", "The server does not answer. Is videobert serve still running?", { passing: true });
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null); // a proxy may answer in its own words
  const { code, message, parameter, place } = body?.error ?? {};
  const said = message ?? `The server answered ${response.status}.`;
  const [passing, wait] = [response.status >= 500, Number(response.headers.get("Retry-After"))];
  throw new Problem(code ?? "Failed", said, { passing, wait, parameter, place });
}

/** Wait for `seconds`. Rejects with AbortError when `signal` is aborted meanwhile. */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

const ask = async (address, options) => (await answer(address, options)).json();

/** The file at `address` and its name. */
export async function file(address) {
  const response = await answer(address);
  try {
    return { blob: await response.blob(), name: nameOf(response.headers.get("Content-Disposition") ?? "") };
  } catch (error) {
    if (error.name !== "TypeError") throw error;
    throw new Problem("Unreachable", "The server stopped before the file was there.", { passing: true });
  }
}

/** "attachment; filename=…" to the name; where it has other letters, in filename*. */
function nameOf(told) {
  const [, encoded] = /filename\*=UTF-8''([^;]+)/i.exec(told) ?? [];
  const [, quoted, bare] = /filename=(?:"([^"]+)"|([^;]+))/i.exec(told) ?? [];
  return encoded ? decodeURIComponent(encoded) : quoted ?? bare ?? "clip.mp4";
}

/** Wait until the preview at `address` can be played; its first byte is enough to know. */
export const prepare = (address) => answer(address, { headers: { Range: "bytes=0-0" } });

/** The newest videos within `filters`. */
export const newest = (filters, signal) => ask(`/api/v1/videos/newest?${asking({ limit: 24 }, filters)}`, { signal });

export const video = (id, signal) => ask(`/api/v1/videos/${id}`, { signal });

/** What is said in a video, in `language`. */
export const transcript = (id, language) => ask(`/api/v1/videos/${id}/transcript?${new URLSearchParams({ language })}`);

/** Where the same lies as a subtitle file, srt or vtt. */
export function transcriptFile(id, language, kind) {
  return `/api/v1/videos/${id}/transcript.${kind}?${new URLSearchParams({ language })}`;
}

/** What `parameters` (q, like, k, page) find within `filters`, with the thumbs that are kept of q. */
export function search(parameters, filters, signal) {
  return ask(`/api/v1/search?${asking({ thumbs: 1, ...parameters }, filters)}`, { signal });
}

/** Where the same answer lies as a file: csv, edl or m3u. */
export function answerFile(parameters, filters, format) {
  return `/api/v1/search?${asking({ thumbs: 1, ...parameters, k: 100, format }, filters)}`;
}

/** Where a moment lies as a file of its own. */
export function cutFile({ video_id, start_s, end_s }) {
  return `/api/v1/videos/${video_id}/cut?${new URLSearchParams({ start: start_s, end: end_s })}`;
}

/** Why the moment `id` answers `parameters` (q, like). */
export function explain(parameters, id, signal) {
  return ask(`/api/v1/explain?${asking({ ...parameters, moment: id }, [])}`, { signal });
}

/** Keep a thumb for the moment `id` as an answer to `q`: true up, false down, null none. */
export function judge(q, id, relevant) {
  const body = JSON.stringify({ q, moment: id, relevant });
  const headers = { "Content-Type": "application/json" };
  return ask("/api/v1/judgements", { method: "POST", headers, body });
}

const asking = (parameters, filters) => new URLSearchParams([...Object.entries(parameters), ...filters]);

/** What looks like the clip or picture `file`, and answers `parameters` too. */
export function searchFile(file, parameters, filters, signal) {
  const form = new FormData();
  form.append("file", file);
  const kind = isPicture(file) ? "image" : "clip";
  return ask(`/api/v1/search/${kind}?${asking(parameters, filters)}`, { method: "POST", body: form, signal });
}

export function isPicture(file) {
  if (file.type === "image/gif") return false; // moving more often than not
  return file.type.startsWith("image/") || /\.(jpe?g|png|webp|bmp|heic|avif|tiff?)$/i.test(file.name);
}
