// Asks the API; every failure arrives as a Problem with a sentence for people.

export class Problem extends Error {
  /** `passing`: the same question may be answered later; after `wait` seconds, if known. */
  constructor(code, message, passing = false, wait = 0) {
    super(message);
    this.code = code;
    this.passing = passing;
    this.wait = wait;
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
    throw new Problem("Unreachable", "The server does not answer. Is videobert serve still running?", true);
  }
  if (response.ok) return response;
  const body = await response.json().catch(() => null); // a proxy may answer in its own words
  const { code, message } = body?.error ?? {};
  const said = message ?? `The server answered ${response.status}.`;
  throw new Problem(code ?? "Failed", said, response.status >= 500, Number(response.headers.get("Retry-After")));
}

/** Wait for `seconds`. Rejects with AbortError when `signal` is aborted meanwhile. */
function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

const ask = async (address, options) => (await answer(address, options)).json();

/** Wait until the preview at `address` can be played; its first byte is enough to know. */
export const prepare = (address) => answer(address, { headers: { Range: "bytes=0-0" } });

export const newest = (signal) => ask("/api/v1/videos?order=newest&limit=24", { signal });

export const video = (id, signal) => ask(`/api/v1/videos/${id}`, { signal });

/** What `parameters` (q or like, and k) find. */
export function search(parameters, signal) {
  return ask(`/api/v1/search?${new URLSearchParams(parameters)}`, { signal });
}

/** What looks like the clip or picture `file`. */
export function searchFile(file, k, signal) {
  const form = new FormData();
  form.append("file", file);
  const kind = isPicture(file) ? "image" : "clip";
  return ask(`/api/v1/search/${kind}?k=${k}`, { method: "POST", body: form, signal });
}

export function isPicture(file) {
  if (file.type === "image/gif") return false; // moving more often than not
  return file.type.startsWith("image/") || /\.(jpe?g|png|webp|bmp|heic|avif|tiff?)$/i.test(file.name);
}
