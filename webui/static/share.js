// Copying the address of the moment that is open.

/** Copy the page's address and say so on `button`, and by `announce(text)`. */
export async function copyLink(button, announce) {
  const before = "Copy link";
  try {
    await navigator.clipboard.writeText(location.href);
    announce("Link copied");
    button.textContent = "Copied";
  } catch (error) {
    announce(`The link could not be copied: ${error.message}`);
    button.textContent = "Copy it from the address bar";
  }
  setTimeout(() => { button.textContent = before; }, 2500);
}
