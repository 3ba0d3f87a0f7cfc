// Suggestions for a field that asks for a town (ARIA combobox with a list); without this file the server resolves the text.
const WAIT = 180;

function option(place, id) {
  const item = document.createElement("li");
  item.id = id;
  item.role = "option";
  item.dataset.id = place.id;
  item.dataset.label = place.label;
  item.ariaSelected = "false";
  const name = document.createElement("strong");
  name.textContent = place.name;
  const rest = document.createElement("span");
  rest.textContent = [place.area === place.name ? "" : place.area, place.country].filter(Boolean).join(", ");
  item.append(name, " ", rest);
  return item;
}

function enhance(root) {
  const text = root.querySelector("input[type=text]");
  const list = root.querySelector("[role=listbox]");
  const status = root.querySelector("[role=status]");
  let hidden = root.querySelector("input[type=hidden]");
  let active = -1;
  let timer = 0;
  let asked = 0;
  list.id = `${text.id}-list`;
  const set = (name, value) => text.setAttribute(`aria-${name}`, value);
  text.setAttribute("role", "combobox");
  Object.entries({ autocomplete: "list", controls: list.id, expanded: "false" }).forEach(([name, value]) => set(name, value));

  const close = () => { list.hidden = true; active = -1; set("expanded", "false"); text.removeAttribute("aria-activedescendant"); };
  const mark = (index) => {
    const items = [...list.children];
    if (list.hidden || !items.length) return;
    active = (index + items.length) % items.length;
    items.forEach((item, at) => { item.ariaSelected = String(at === active); });
    set("activedescendant", items[active].id);
    items[active].scrollIntoView({ block: "nearest" });
  };
  const choose = (item) => {
    text.value = item.dataset.label;
    hidden.value = item.dataset.id;
    close();
    root.dispatchEvent(new CustomEvent("place-chosen", { bubbles: true, detail: { id: item.dataset.id } }));
  };
  const show = (places) => {
    list.replaceChildren(...places.map((place, at) => option(place, `${list.id}-${at}`)));
    status.textContent = places.length ? `${status.dataset.some} ${places.length}` : status.dataset.none;
    list.hidden = !places.length;
    active = -1;
    set("expanded", String(Boolean(places.length)));
    text.removeAttribute("aria-activedescendant");
  };
  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch(`${root.dataset.search}?q=${encodeURIComponent(text.value)}`);
      if (answer.ok && mine === asked && document.activeElement === text) show((await answer.json()).results);
    } catch { close(); } // offline: the server resolves the text when the form is sent
  };
  text.addEventListener("input", () => {
    // What was chosen before is no longer what stands in the field; radios of an earlier try give way to the text.
    const choices = root.querySelector("fieldset");
    if (choices) { hidden = Object.assign(document.createElement("input"), { type: "hidden", name: choices.querySelector("input").name }); choices.replaceWith(hidden); }
    hidden.value = "";
    clearTimeout(timer);
    if (text.value.trim().length < 2) { asked += 1; close(); } else timer = setTimeout(ask, WAIT);
  });
  text.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) ask(); else mark(event.key === "ArrowDown" ? active + 1 : Math.max(active, 0) - 1);
    } else if (event.key === "Enter" && !list.hidden && active >= 0) { event.preventDefault(); choose(list.children[active]); } else if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); } else if (event.key === "Tab") close();
  });
  list.addEventListener("mousedown", (event) => { event.preventDefault(); const item = event.target.closest("[role=option]"); if (item) choose(item); });
  text.addEventListener("blur", close);
}

document.querySelectorAll("[data-place-field]").forEach(enhance);
