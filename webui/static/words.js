// What is said, shown in writing or named that answers the query, and what each channel gives.
import { clock } from "./format.js";

export const CHANNELS = { picture: "Seen", speech: "Said", screen: "On screen", name: "Named" };
const MUCH = 0.3; // of the score
const MOST_BEFORE = 40; // characters before the first highlight on a card

/** The bar's parts: how much each channel speaks for `item`. */
export function showShares(bar, { channels }, percent) {
  const parts = Object.entries(sharesOf(channels)).map(([name, share]) => {
    const part = document.createElement("i");
    part.className = `share-${name}`;
    part.style.width = `${percent * share}%`;
    return part;
  });
  bar.replaceChildren(...parts);
}

/** "Seen 60 %, said 40 %", of those that count. */
export function sharesText({ channels }) {
  const parts = Object.entries(sharesOf(channels))
    .map(([name, share]) => [CHANNELS[name] ?? name, Math.round(100 * share)])
    .filter(([, percent]) => percent > 0);
  const text = parts.map(([name, percent]) => `${name} ${percent} %`).join(", ");
  return text.charAt(0) + text.slice(1).toLowerCase();
}

/** What part of the score each channel gives; the same where all are rounded to nothing. */
function sharesOf(channels) {
  const names = Object.keys(channels);
  const total = names.reduce((sum, name) => sum + Math.max(0, channels[name]), 0);
  return Object.fromEntries(names.map((name) => [name, total ? Math.max(0, channels[name]) / total : 1 / names.length]));
}

/** Show in `line` the words that say most about `item`; nothing when its picture says it all. */
export function showBestWords(line, item) {
  const match = item.matches?.find((one) => one.highlights.length || counts(one, item));
  line.hidden = !match;
  if (match) line.replaceChildren(label(match), ...marked(nearHighlight(match)));
}

/** Whether a sentence that is near in meaning only is a good part of the reason. */
function counts({ channel }, { channels, score }) {
  return channels[channel] >= MUCH * score;
}

/** Fill `list` with all words that answer; `seek(seconds)` goes to where they are. */
export function showAllWords(list, item, seek) {
  list.replaceChildren(...(item.matches ?? []).map((match) => entry(match, seek)));
  list.hidden = !list.firstChild;
}

function entry(match, seek) {
  const row = document.createElement("li");
  row.append(label(match));
  const words = document.createElement(match.start_s === null ? "span" : "button");
  words.className = "words-text";
  words.append(...marked(match));
  if (match.start_s !== null) {
    words.type = "button";
    words.title = `Play from ${clock(match.start_s)}`;
    words.addEventListener("click", () => seek(match.start_s));
  }
  row.append(words);
  return row;
}

function label({ channel }) {
  const text = document.createElement("span");
  text.className = `words-label share-${channel}`;
  text.textContent = CHANNELS[channel] ?? channel;
  return text;
}

/** A match from shortly before its first highlight, so that it is seen on a card's two lines. */
function nearHighlight(match) {
  const first = match.highlights[0]?.[0] ?? 0;
  if (first <= MOST_BEFORE) return match;
  const points = Array.from(match.text);
  const space = points.indexOf(" ", first - MOST_BEFORE / 2);
  const from = space >= 0 && space < first ? space + 1 : first;
  const highlights = match.highlights.map(([start, end]) => [start - from + 1, end - from + 1]);
  return { ...match, highlights, text: `…${points.slice(from).join("")}` };
}

/** The text in pieces; places are in code points, which JavaScript's own are not. */
export function marked({ text, highlights }) {
  const points = Array.from(text);
  const cut = (from, to) => points.slice(from, to).join("");
  const pieces = [];
  let done = 0;
  for (const [start, end] of highlights) {
    const mark = document.createElement("mark");
    mark.textContent = cut(start, end);
    pieces.push(cut(done, start), mark);
    done = end;
  }
  return [...pieces, cut(done)];
}
