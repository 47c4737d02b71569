// Moving an edge of a moment to where the playhead is.
import { momentId } from "./address.js";

const SHORTEST_S = 0.5;
const GRAIN = 10; // edges are told to a tenth of a second

/**
 * `item` with its edge, "start_s" or "end_s", at `seconds`; null where nothing of the video is left.
 * When it passes the other edge, that one goes along and the moment keeps its length.
 */
export function trimmed(item, edge, seconds) {
  const { start_s, end_s, duration_s } = item;
  const length = end_s - start_s;
  const at = Math.round(seconds * GRAIN) / GRAIN;
  const moved = edge === "start_s"
    ? { start_s: at, end_s: at + SHORTEST_S > end_s ? Math.min(duration_s, at + length) : end_s }
    : { start_s: at - SHORTEST_S < start_s ? Math.max(0, at - length) : start_s, end_s: Math.min(duration_s, at) };
  if (moved.end_s - moved.start_s < SHORTEST_S) return null;
  const moment = { ...item, ...moved, steps: null, whole: false };
  return { ...moment, id: momentId(moment) };
}
