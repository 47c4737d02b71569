// Small pictures out of a sheet: one stands for a moment, several show how it goes on.

/** Narrower pictures (width / height) are shown whole, before a blur. */
export const NARROWEST = 1.25;
const WIDEST = 2.3;
const STEP_MS = 380;

/** Show `tile`, of a sheet of columns x rows pictures, in `element`. */
export function placeTile(element, tile) {
  const aspect = tile.width / tile.height;
  const fills = aspect > NARROWEST && aspect < WIDEST;
  const wide = fills ? aspect < 16 / 9 : aspect > 16 / 9;
  element.style.aspectRatio = `${tile.width} / ${tile.height}`;
  element.style[wide ? "width" : "height"] = "100%";
  element.style.backgroundImage = `url("${tile.url}")`;
  element.style.backgroundSize = `${tile.columns * 100}% ${tile.rows * 100}%`;
  showTile(element, tile, tile.row * tile.columns + tile.column);
}

/** Run through the moment's pictures while the pointer is on `thumb`. */
export function playTiles(thumb, element, { thumbnail, start_s, end_s }) {
  const middle = thumbnail.row * thumbnail.columns + thumbnail.column;
  const around = Math.floor((end_s - start_s) / 2 / thumbnail.interval_s);
  const first = Math.max(0, middle - around);
  const last = Math.min(thumbnail.columns * thumbnail.rows - 1, middle + around);
  if (first === last || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  let timer = null;
  thumb.addEventListener("pointerenter", () => {
    let number = first;
    timer = setInterval(() => {
      showTile(element, thumbnail, number);
      number = number < last ? number + 1 : first;
    }, STEP_MS);
  });
  thumb.addEventListener("pointerleave", () => {
    clearInterval(timer);
    showTile(element, thumbnail, middle);
  });
}

function showTile(element, { columns, rows }, number) {
  const at = (index, count) => (count > 1 ? (index / (count - 1)) * 100 : 0);
  const [row, column] = [Math.floor(number / columns), number % columns];
  element.style.backgroundPosition = `${at(column, columns)}% ${at(row, rows)}%`;
}
