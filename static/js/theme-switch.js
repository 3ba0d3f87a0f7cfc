// [data-theme-switch]: a select of system, light and dark; hidden until this runs.
for (const label of document.querySelectorAll("[data-theme-switch]")) {
  const select = label.querySelector("select");
  select.value = document.documentElement.dataset.theme ?? "";
  select.addEventListener("change", () => {
    if (select.value) document.documentElement.dataset.theme = select.value;
    else delete document.documentElement.dataset.theme;
    try {
      if (select.value) localStorage.setItem("theme", select.value);
      else localStorage.removeItem("theme");
    } catch { /* the choice holds for this page only */ }
  });
  label.hidden = false;
}
