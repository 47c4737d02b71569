// Moving through the page without a mouse.

/** "/" goes to the search box, arrows go from card to card; Enter plays by itself. */
export function watchKeys(box, cards) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const target = event.target;
    if (event.key === "/" && !target.matches("input, textarea, select")) {
      event.preventDefault();
      box.focus();
      box.select();
    } else if (event.key === "ArrowDown" && target === box) {
      focusCard(event, cards, 0);
    } else if (target.matches(".card-open")) {
      moveFrom(event, target, cards, box);
    }
  });
}

/** Arrows go from button to button of `list`, of which the Tab key stops at only one. */
export function rove(list) {
  const steps = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };
  list.addEventListener("keydown", (event) => {
    const all = [...list.querySelectorAll("button")];
    const index = all.indexOf(event.target) + steps[event.key];
    if (!all[index]) return;
    event.preventDefault();
    all[index].focus();
  });
  list.addEventListener("focusin", ({ target }) => stopAt(list, target));
}

/** Let the Tab key stop at `button` of `list`. */
export function stopAt(list, button) {
  list.querySelector("[tabindex='0']")?.setAttribute("tabindex", "-1");
  button.tabIndex = 0;
}

function moveFrom(event, target, cards, box) {
  const all = [...cards.querySelectorAll(".card-open")];
  const index = all.indexOf(target);
  const columns = all.filter((card) => card.offsetTop === all[0].offsetTop).length;
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
  const step = steps[event.key];
  if (event.key === "Home") focusCard(event, cards, 0);
  else if (event.key === "End") focusCard(event, cards, all.length - 1);
  else if (step !== undefined && index + step < 0 && event.key === "ArrowUp") box.focus();
  else if (step !== undefined) focusCard(event, cards, Math.max(0, Math.min(index + step, all.length - 1)));
}

function focusCard(event, cards, index) {
  const card = cards.querySelectorAll(".card-open")[index];
  if (!card) return;
  event.preventDefault();
  card.focus();
  card.scrollIntoView({ block: "nearest" });
}
