// button[data-copy="text"]: copies the text and says so; hidden (by the attribute) where the clipboard is closed.
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  const words = button.querySelector("[data-copy-words]") ?? button;
  const before = words.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      words.textContent = button.dataset.copied ?? before;
      setTimeout(() => { words.textContent = before; }, 2000);
    } catch { /* refused: the address stands beside the button */ }
  });
}
