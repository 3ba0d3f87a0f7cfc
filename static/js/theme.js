// Sets the chosen colours before the first paint; without a choice the system decides. Small, blocking, own origin.
try {
  const choice = localStorage.getItem("theme");
  if (choice === "light" || choice === "dark") document.documentElement.dataset.theme = choice;
} catch { /* storage closed: the system decides */ }
