// form[data-autosubmit]: sends itself when a choice changes, and hides the button [data-autosubmit-button] it no longer needs.
for (const form of document.querySelectorAll("form[data-autosubmit]")) {
  form.querySelectorAll("[data-autosubmit-button]").forEach((button) => { button.hidden = true; });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, [type=checkbox], [type=radio], [type=date]")) form.requestSubmit();
  });
}

// [data-busy-label]: the button says what is happening once its form has been sent, and cannot be sent twice.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || !button?.dataset.busyLabel) return;
  button.setAttribute("aria-busy", "true");
  button.textContent = button.dataset.busyLabel;
  setTimeout(() => { button.disabled = true; });
});

// [data-focus-me]: the summary of errors takes the focus when the page has loaded.
document.querySelector("[data-focus-me]")?.focus();
