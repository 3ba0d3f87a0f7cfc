// [data-map]: a map of groups (Leaflet and its clusters stand as `L`) over bundled outlines; tiles only where the page
// names some. Features come from the address in data-source, or from the JSON element whose id is in data-points.
import { drawGroups } from "./map-groups.js";
import { drawLand } from "./map-land.js";

const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const WORLD = [[-58, -180], [84, 180]];

async function read(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function open(canvas, data) {
  const map = L.map(canvas, {
    attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.5,
    minZoom: canvas.clientWidth < 500 ? 0 : 1, // whole numbers only: the clusters lose a single group otherwise
    maxZoom: data.tiles ? 16 : 9, maxBounds: [[-75, -200], [88, 200]], maxBoundsViscosity: 1,
    fadeAnimation: !calm, zoomAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
  });
  L.control.zoom({ position: "bottomright", zoomInTitle: data.zoomIn, zoomOutTitle: data.zoomOut }).addTo(map);
  const credit = L.control.attribution({ position: "bottomleft", prefix: '<a href="https://leafletjs.com">Leaflet</a>' });
  credit.addAttribution(data.tiles ? data.attribution : data.outlinesCredit).addTo(map);
  // The wheel scrolls the page until the reader has taken hold of the map.
  map.on("focus click", () => map.scrollWheelZoom.enable()).on("blur", () => map.scrollWheelZoom.disable());
  return map;
}

function drawOrigin(map, centre, km) {
  L.marker(centre, { icon: L.divIcon({ className: "map-origin", iconSize: [18, 18] }), keyboard: false, interactive: false }).addTo(map);
  return km ? L.circle(centre, { radius: km * 1000, className: "map-reach", interactive: false }).addTo(map).getBounds() : null;
}

function show(map, points, centre, reach) {
  if (reach) return map.fitBounds(reach, { padding: [12, 12], animate: false });
  const shown = centre ? [centre, ...points.sort((a, b) => centre.distanceTo(a) - centre.distanceTo(b)).slice(0, 5)] : points;
  return map.fitBounds(shown.length ? L.latLngBounds(shown) : WORLD, { padding: [36, 36], maxZoom: 7, animate: false });
}

async function start(box) {
  const canvas = box.querySelector("[data-map-canvas]");
  const data = box.dataset;
  try {
    const found = data.points ? JSON.parse(document.getElementById(data.points).textContent) : await read(data.source);
    const features = found.features.filter((feature) => feature.geometry);
    const land = data.tiles ? null : await read(data.outlines);
    const centre = data.centre ? L.latLng(data.centre.split(",").map(Number)) : null;
    canvas.replaceChildren();
    const map = open(canvas, data);
    show(map, features.map(({ geometry: { coordinates: [x, y] } }) => L.latLng(y, x)), centre, centre && Number(data.km) ? centre.toBounds(Number(data.km) * 2000) : null);
    if (land) drawLand(map, land); else L.tileLayer(data.tiles, { maxZoom: 19 }).addTo(map);
    if (centre) drawOrigin(map, centre, Number(data.km));
    drawGroups(map, features, data, calm);
    box.dataset.mapReady = String(features.length);
  } catch {
    box.querySelector("[data-map-failed]").hidden = false;
  }
}

document.querySelectorAll("[data-map]").forEach(start);
