// button[data-near-me]: asks the browser where the reader is, on click only, and sends a position of about ten kilometres.
for (const button of document.querySelectorAll("button[data-near-me]")) {
  if (!navigator.geolocation) continue;
  const { form } = button;
  const said = document.getElementById(button.getAttribute("aria-describedby"));
  const words = button.querySelector("[data-near-me-words]");
  const before = words.textContent;
  button.hidden = false;
  const fail = (error) => {
    said.textContent = error.code === error.PERMISSION_DENIED ? button.dataset.denied : button.dataset.failed;
    words.textContent = before;
    button.removeAttribute("aria-disabled");
  };
  const send = ({ coords }) => {
    // Rounded here, before it leaves the page.
    form.elements.at.value = [coords.latitude, coords.longitude].map((degrees) => Number(degrees.toFixed(1))).join(",");
    form.querySelectorAll("[name=near], [name=near_text]").forEach((field) => { field.value = ""; field.checked = false; });
    form.requestSubmit();
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    words.textContent = button.dataset.asking;
    said.textContent = "";
    navigator.geolocation.getCurrentPosition(send, fail, { enableHighAccuracy: false, timeout: 15000, maximumAge: 600000 });
  });
  form.elements.near_text?.addEventListener("input", () => { form.elements.at.value = ""; });
}

// form[data-tidy]: questions without an answer stay out of the address.
for (const form of document.querySelectorAll("form[data-tidy]")) {
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (value === "") formData.delete(name);
  });
}
