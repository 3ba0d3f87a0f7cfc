// The groups on a map: one dot each, clusters with their number, all of them buttons with names, popups with a link.
const QUIET = new Set(["quiet", "dormant", "archived"]);

// Named when it is made: what a screen reader says of a dot or a cluster.
const Icon = L.DivIcon.extend({
  createIcon(old) {
    const element = L.DivIcon.prototype.createIcon.call(this, old);
    element.setAttribute("aria-label", this.options.label);
    return element;
  },
});

function element(name, text, attributes = {}) {
  return Object.assign(document.createElement(name), { textContent: text, ...attributes });
}

function card(group, words) {
  const box = element("div", "", { className: "map-card" });
  const title = element("p", "", { className: "map-card__name" });
  title.append(element("a", group.name, { href: group.url }));
  box.append(title, element("p", [group.place, group.status].filter(Boolean).join(" · ")), element("p", group.next || words.nothing, { className: "map-card__when" }));
  return box;
}

function dot({ geometry, properties: group }, words) {
  const [x, y] = geometry.coordinates;
  const label = [group.name, group.place, group.status, group.next || words.nothing].filter(Boolean).join(", ");
  const className = `map-dot${QUIET.has(group.state) ? " map-dot--quiet" : ""}`;
  const marker = L.marker([y, x], { icon: new Icon({ className, label, iconSize: [24, 24], popupAnchor: [0, -8], html: false }) });
  marker.bindPopup(() => card(group, words), { maxWidth: 260, minWidth: 180, autoPanPadding: [16, 16] });
  return marker.bindTooltip(() => element("span", group.name), { direction: "top", offset: [0, -10] });
}

function cluster(found, words) {
  const number = found.getChildCount();
  const size = Math.min(56, 32 + Math.round(Math.log2(number) * 3));
  return new Icon({ className: "map-cluster", label: words.several.replace("{n}", number), html: element("span", String(number)), iconSize: [size, size] });
}

export function drawGroups(map, features, words, calm) {
  const group = L.markerClusterGroup({
    iconCreateFunction: (found) => cluster(found, words), maxClusterRadius: 80, showCoverageOnHover: false,
    animate: !calm, chunkedLoading: features.length > 500, spiderLegPolylineOptions: { className: "map-leg" },
  });
  let typed = false; // by keyboard: then the focus goes where the eye would
  const focus = (marker) => (group.getVisibleParent(marker) ?? marker).getElement()?.focus({ preventScroll: true });

  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Escape") map.closePopup();
    const button = event.target.closest(".map-dot, .map-cluster");
    if (!button || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    typed = true;
    button.click();
    setTimeout(() => { typed = false; });
  });
  group.on("clusterclick", ({ layer }) => {
    if (!typed) return;
    const [first] = layer.getAllChildMarkers();
    const go = () => setTimeout(() => focus(first), 50);
    map.once("moveend", go);
    group.once("spiderfied", go);
  });
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-close-button").setAttribute("aria-label", words.close);
    popup._source.getElement()?.classList.add("is-open");
    setTimeout(() => popup._source.closeTooltip()); // the same click opened it
    if (typed) popup.getElement().querySelector("a[href]:not(.leaflet-popup-close-button)").focus({ preventScroll: true });
  });
  map.on("popupclose", ({ popup }) => {
    popup._source.getElement()?.classList.remove("is-open");
    const { activeElement, body } = document; // the body: what had the focus went away with the popup
    if (activeElement === body || popup.getElement()?.contains(activeElement)) focus(popup._source);
  });
  group.addLayers(features.map((feature) => dot(feature, words)));
  map.addLayer(group);
}
