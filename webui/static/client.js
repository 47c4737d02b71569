// Asks the API; every failure arrives as a Problem with a sentence for people.

export class Problem extends Error {
  /** `passing`: the same question may be answered later. */
  constructor(code, message, passing = false) {
    super(message);
    this.code = code;
    this.passing = passing;
  }
}

/** The answer of `address`. Rejects with a Problem, or AbortError when `signal` was aborted. */
async function answer(address, { headers = {}, ...options } = {}) {
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
  throw new Problem(code ?? "Failed", message ?? `The server answered ${response.status}.`, response.status >= 500);
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
