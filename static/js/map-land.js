// The outlines of a map: land and the borders between countries, in hundredths of a degree, each point a step on.
function line(steps, scale) {
  const points = [];
  let x = 0;
  let y = 0;
  for (let at = 0; at < steps.length; at += 2) {
    x += steps[at];
    y += steps[at + 1];
    points.push([y / scale, x / scale]);
  }
  return points;
}

/** Draws them under everything else; colours come from the style sheet, so they follow the theme. */
export function drawLand(map, { land, borders, scale }) {
  const pane = map.createPane("land");
  pane.classList.add("map-land-pane");
  const look = { pane: "land", renderer: L.svg({ pane: "land", padding: 0.6 }), interactive: false, smoothFactor: 1 };
  L.polygon(land.map((steps) => [line(steps, scale)]), { ...look, className: "map-land" }).addTo(map);
  L.polyline(borders.map((steps) => line(steps, scale)), { ...look, className: "map-border" }).addTo(map);
}
