// The page's address: what is searched, which videos may answer, and which moment is open.

/** Parameters that say which videos, or which of their words, are looked through. */
export const FILTERS = [
  "in", "tag", "after", "before", "longer", "shorter", "min_resolution", "max_resolution",
  "codec", "container", "camera", "language", "near", "channels", "by_video", "diversity",
];
/** Those of them that only say how results are arranged. */
export const ARRANGING = ["by_video", "diversity"];
/** Those of them that a question without words has no use for. */
const OF_WORDS = ["channels"];

/** The filters among the parameters of the address. */
export function filtersInUse() {
  const address = new URLSearchParams(location.search);
  const given = FILTERS.flatMap((name) => address.getAll(name).map((value) => [name, value.trim()]));
  return new URLSearchParams(given.filter(([, value]) => value));
}

/** Those of them that say which videos: a picture is not looked for in words. */
export function videoFilters() {
  return new URLSearchParams([...filtersInUse()].filter(([name]) => !OF_WORDS.includes(name)));
}

/** `filters` with one more; only tags may stand beside others of their name. */
export function withFilter(filters, name, value) {
  const same = ([n, v]) => n === name && (name !== "tag" || v === value);
  return new URLSearchParams([...[...filters].filter((filter) => !same(filter)), [name, value]]);
}

/** The address of a search: `parameters` (q or like, if any) within `filters`. */
export function addressOf(parameters, filters) {
  const query = new URLSearchParams([...Object.entries(parameters), ...filters]).toString();
  return query ? `/?${query}` : "/";
}

/** The address as it is, with `item` open; without one, nothing is. */
export function addressWith(item) {
  const address = new URLSearchParams(location.search);
  if (item) address.set("at", momentId(item));
  else address.delete("at");
  return address.size ? `/?${address}` : "/";
}

/** What the API calls a moment. */
export function momentId({ video_id, start_s, end_s }) {
  return `${video_id}@${start_s}-${end_s}`;
}

/** The moment that the address opens: its video's id, start and end; null for none. */
export function momentAsked() {
  const at = new URLSearchParams(location.search).get("at");
  const [, id, start, end] = /^(\d+)@([\d.]+)-([\d.]+)$/.exec(at ?? "") ?? [];
  return id === undefined ? null : { id: Number(id), start: Number(start), end: Number(end) };
}
