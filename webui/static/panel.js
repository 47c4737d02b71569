// A panel under the button that opens it.

/** Keep the popover `panel` under `opener` while it is open. */
export function keepUnder(panel, opener) {
  const place = () => {
    if (!isOpen(panel)) return;
    const { left, bottom } = opener.getBoundingClientRect();
    const rest = document.documentElement.clientWidth - panel.offsetWidth - 12;
    panel.style.top = `${bottom + 8}px`;
    panel.style.left = `${Math.max(12, Math.min(left, rest))}px`;
    panel.style.maxHeight = `calc(100dvh - ${bottom + 20}px)`;
  };
  panel.addEventListener("toggle", place);
  for (const event of ["scroll", "resize"]) addEventListener(event, place, { passive: true });
}

export const isOpen = (panel) => panel.matches(":popover-open");
