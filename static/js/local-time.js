// time[data-local]: adds the viewer's own time inside it where the clock there differs, in the page's language.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const language = document.documentElement.lang || undefined;

function add(time) {
  if (time.dataset.localDone !== undefined || time.dataset.local === "date") return;
  time.dataset.localDone = "";
  const moment = new Date(time.dateTime);
  const there = time.dateTime.match(/([+-])(\d\d):(\d\d)$/);
  if (Number.isNaN(moment.getTime())) return;
  const shift = there ? (there[1] === "-" ? -1 : 1) * (Number(there[2]) * 60 + Number(there[3])) : 0;
  if (shift === -moment.getTimezoneOffset()) return;
  const same = new Date(moment.getTime() + shift * 60000).getUTCDate() === moment.getDate();
  const options = { hour: "2-digit", minute: "2-digit", timeZone: zone, timeZoneName: "short", hourCycle: "h23" };
  if (!same) Object.assign(options, { weekday: "short", day: "numeric", month: "short" });
  const own = document.createElement("span");
  own.className = "own-time";
  own.textContent = ` (${new Intl.DateTimeFormat(language, options).format(moment)})`;
  time.append(own);
}

const run = (root) => root.querySelectorAll("time[data-local]").forEach(add);
run(document);
document.addEventListener("htmx:after:swap", () => run(document));
