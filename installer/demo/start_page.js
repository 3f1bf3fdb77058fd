// The start page: asks for the state every two seconds and draws what changed. Knows nothing that the page's server does not say.

const words = {
  es: {
    tagline: "La demo: tres locales en plena cena, en esta máquina.",
    paper: "Papel de las impresoras", rush: "Empezar la hora pico", calm: "Cortar la hora pico", other: "English",
    lost: "La demo no contesta. Si la cortaste, volvé a correr make demo.",
    rushing: (n) => `Llegó la gente: ${n.parties} mesas, ${n.drafts} pedidos por QR, ${n.tickets} comandas hechas, ${n.paid} cuentas pagadas. Mirá cualquier pantalla.`,
    tour: ["Pedí como comensal", "Confirmalo como mozo", "Marcalo listo en la cocina", "Cobralo en la caja"], tourAbout: "Para empezar",
    owner: "Dueña o dueño", ownerApp: "Abrir el tablero", now: (v) => `${v.open_checks} cuentas abiertas · ${v.attention} pendientes`,
    apps: "Pantallas", guest: "Comensal", guestAbout: (t) => `desde la mesa\u00a0${t}`, waiter: "Mozo", waiterAbout: "teléfono o tablet", pos: "Caja", posAbout: "computadora", kds: "Cocina", kdsAbout: "todos los puestos", manage: "Gestión", manageAbout: "carta, personal, equipos", pass: "Un solo puesto:",
    people: "Personal y PIN: elegí un nombre y escribí su PIN", qr: (t) => `QR de la mesa ${t}`, enlarge: "Agrandar el QR", open: "Abrir como comensal", close: "Cerrar",
    waiting: "Pantallas que piden entrar. Compará el código y aprobá:", approve: "Aprobar", copied: "Copiado",
    parts: "Cómo está cada parte", states: { starting: "arrancando", running: "anda", restarting: "volviendo a arrancar", stopped: "parada" }, restarts: (n) => (n ? `${n} ${n === 1 ? "reinicio" : "reinicios"}` : ""),
    names: { postgres: "Postgres", nats: "NATS", hub: "Nube", printers: "Impresoras" }, edge: (name) => `Servidor de ${name}`,
    more: (dir) => ["Para un programa, todo esto y las credenciales: ", "hos demo --describe", `. Los datos quedan en ${dir}. Ctrl-C corta todo en orden.`],
    roles: { manager: "encargado/a", waiter: "salón", cashier: "caja", cook: "cocina", technician: "técnico" },
  },
  en: {
    tagline: "The demo: three venues in the middle of dinner, on this machine.",
    paper: "Paper of the printers", rush: "Start the rush", calm: "Stop the rush", other: "Castellano",
    lost: "The demo does not answer. If you stopped it, run make demo again.",
    rushing: (n) => `People came: ${n.parties} parties, ${n.drafts} requests by QR, ${n.tickets} tickets made, ${n.paid} checks paid. Look at any screen.`,
    tour: ["Order as a guest", "Confirm it as the waiter", "Mark it done in the kitchen", "Charge it at the till"], tourAbout: "To begin",
    owner: "Owner", ownerApp: "Open the dashboard", now: (v) => `${v.open_checks} open checks · ${v.attention} to do`,
    apps: "Screens", guest: "Guest", guestAbout: (t) => `from table\u00a0${t}`, waiter: "Waiter", waiterAbout: "phone or tablet", pos: "Till", posAbout: "desktop", kds: "Kitchen", kdsAbout: "all stations", manage: "Back office", manageAbout: "menu, people, devices", pass: "One station:",
    people: "Staff and PINs: choose a name and type its PIN", qr: (t) => `Code of table ${t}`, enlarge: "Enlarge the code", open: "Open as a guest", close: "Close",
    waiting: "Screens that ask to be let in. Compare the code and approve:", approve: "Approve", copied: "Copied",
    parts: "How each part is", states: { starting: "starting", running: "runs", restarting: "starting again", stopped: "stopped" }, restarts: (n) => (n ? `${n} ${n === 1 ? "restart" : "restarts"}` : ""),
    names: { postgres: "Postgres", nats: "NATS", hub: "Hub", printers: "Printers" }, edge: (name) => `Server of ${name}`,
    more: (dir) => ["For a program, all of this and the credentials: ", "hos demo --describe", `. It is kept in ${dir}. Ctrl-C ends everything in order.`],
    roles: { manager: "manager", waiter: "floor", cashier: "till", cook: "kitchen", technician: "technician" },
  },
};
const icons = {
  guest: "M8 2h8a2 2 0 0 1 2 2v16a2 2 0 0 1-2 2H8a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2zM12 18h.01",
  waiter: "M3 18h18M4 18a8 8 0 0 1 16 0M12 10V7M10 7h4M3 21h18",
  pos: "M4 9h16v11H4zM7 9V4h10v5M8 13h.01M12 13h.01M16 13h.01M8 16.5h8",
  manage: "M6 4v16M12 4v16M18 4v16M3.5 9h5M9.5 15h5M15.5 8h5",
  kds: "M12 3c1 3.5 5 5.5 5 10a5 5 0 0 1-10 0c0-2 1-3.2 2-4 .2 1.6 1 2.4 2 2.6-.6-3 .2-6 1-8.6z",
};
let language = localStorage.getItem("language") ?? (navigator.language.startsWith("en") ? "en" : "es");
let state = null;
const chosen = {}; // table by venue
const order = ["hub", "edge", "nats", "postgres", "printers"];
const place = (one) => order.indexOf(one.name.split(":")[0]);
const $ = (id) => document.getElementById(id);

/** An element: a tag with classes after dots, its properties, its children. */
function make(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const element = Object.assign(document.createElement(name), properties);
  if (classes.length) element.className = classes.join(" ");
  element.append(...children.filter((child) => child !== null && child !== ""));
  return element;
}

function icon(path) {
  const holder = document.createElement("template");
  holder.innerHTML = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
  return holder.content.firstChild;
}

function copyable(text) {
  const w = words[language];
  const button = make("button.copy", { type: "button", textContent: text });
  button.onclick = async () => {
    await navigator.clipboard.writeText(text);
    button.textContent = w.copied;
    setTimeout(() => (button.textContent = text), 900);
  };
  return button;
}

function app(kind, about, href) {
  const w = words[language];
  return make("a.app", { href, target: "_blank", rel: "noopener" }, icon(icons[kind]), make("b", { textContent: w[kind] }), make("span", { textContent: about }));
}

function venueCard(venue) {
  const w = words[language];
  const table = venue.tables.find((one) => one.table_id === chosen[venue.id]) ?? venue.tables[0];
  const open = (name, station = "") => `/open/${venue.id}/${name}${station && `?station=${station}`}`;
  const stations = venue.stations.map((one) => make("a.chip", { href: open("kds", one.id), target: "_blank", rel: "noopener", textContent: one.name }));
  return make("section.venue", {},
    make("div.head", {}, make("h3", { textContent: venue.name }), make("p.now", { textContent: w.now(venue) })),
    venue.pairings.length ? waiting(venue) : null,
    make("div", {}, make("span.label", { textContent: w.apps }),
      make("div.apps", {}, app("guest", w.guestAbout(table.label), table.url), app("waiter", w.waiterAbout, open("waiter")), app("kds", w.kdsAbout, open("kds")), app("pos", w.posAbout, open("pos")), app("manage", w.manageAbout, open("manage"))),
      make("div.stations", {}, make("span.label", { textContent: w.pass, style: "align-self:center;margin:0" }), ...stations)),
    make("div", {}, make("span.label", { textContent: w.people }), make("ul.people", {}, ...venue.staff.map(person))),
    make("div", {}, make("span.label", { textContent: w.qr(table.label) }), qr(venue, table)));
}

function person(one) {
  return make("li", {}, make("span", {}, one.name, " ", make("small", { textContent: words[language].roles[one.role] })), make("span.pin", { textContent: one.pin }));
}

function qr(venue, table) {
  const w = words[language];
  const picture = `/qr/${venue.id}/${table.table_id}`;
  const code = make("button.code", { type: "button", title: w.enlarge }, make("img", { src: picture, alt: w.qr(table.label) }));
  code.onclick = () => enlarge(w.qr(table.label), picture, table.url);
  const rooms = Map.groupBy ? Map.groupBy(venue.tables, (one) => one.section) : grouped(venue.tables);
  const rows = [...rooms].map(([name, tables]) => make("div.tables", {}, make("em", { textContent: name }), make("div.chips", {}, ...tables.map((one) => {
    const chip = make("button.chip", { type: "button", textContent: one.label, ariaPressed: String(one === table), ariaLabel: w.qr(one.label) });
    chip.onclick = () => { chosen[venue.id] = one.table_id; draw(true); };
    return chip;
  }))));
  return make("div.qr", {}, code, make("div.which", {}, ...rows));
}

function grouped(tables) {
  const rooms = new Map();
  for (const table of tables) rooms.set(table.section, [...(rooms.get(table.section) ?? []), table]);
  return rooms;
}

function waiting(venue) {
  const w = words[language];
  const rows = venue.pairings.map((pairing) => {
    const button = make("button.button", { type: "button", textContent: w.approve });
    button.onclick = async () => {
      button.disabled = true;
      await fetch(`/pairings/${venue.id}/${pairing.pairing_id}`, { method: "POST" });
      await refresh();
    };
    const number = `${pairing.code.slice(0, 3)} ${pairing.code.slice(3)}`;
    return make("li", {}, make("span.number", { textContent: number }), make("span", { textContent: `${w[pairing.app]} · ${pairing.device_name}` }), button);
  });
  return make("div.waiting", { role: "status" }, make("b", { textContent: w.waiting }), make("ul", {}, ...rows));
}

function businessPart(business) {
  const w = words[language];
  const { owner } = business;
  const line = make("div.owner", {}, make("span", { textContent: `${w.owner}: ${owner.name}` }), copyable(owner.email), copyable(owner.password), make("a.button", { href: owner.app, target: "_blank", rel: "noopener", textContent: w.ownerApp }));
  return make("section.business", {}, make("div.head", {}, make("h2", { textContent: business.name }), line), make("div.venues", {}, ...business.venues.map(venueCard)));
}

function part(one) {
  const w = words[language];
  const venue = state.businesses.flatMap((business) => business.venues).find((found) => `edge:${found.id}` === one.name);
  const name = venue ? w.edge(venue.name) : w.names[one.name];
  const href = state.health[one.name];
  const small = make("small", { textContent: [w.states[one.state], w.restarts(one.restarts)].filter(Boolean).join(" · ") });
  const box = href ? make("a", { href, target: "_blank", rel: "noopener" }, name, small) : make("span", {}, name, small);
  if (one.state !== "running") box.className = "not";
  return make("li", {}, box);
}

function sum(counts) {
  const total = { parties: 0, drafts: 0, tickets: 0, paid: 0 };
  for (const venue of Object.values(counts)) for (const name of Object.keys(total)) total[name] += venue[name];
  return total;
}

function enlarge(title, picture, url) {
  const big = $("big");
  big.querySelector("h2").textContent = title;
  Object.assign(big.querySelector("img"), { src: picture, alt: title });
  Object.assign(big.querySelector("a"), { href: url, textContent: url });
  $("close").textContent = words[language].close;
  big.showModal();
}

let drawn = "";
/** Draws the page when what it shows changed; never under a finger or a focus that would be lost. */
function draw(isForced = false) {
  const w = words[language];
  $("rushing").hidden = !state.rush.is_on;
  $("rushing").textContent = w.rushing(sum(state.rush.counts));
  const now = JSON.stringify([{ ...state, rush: state.rush.is_on }, language]);
  if (now === drawn && !isForced) return;
  drawn = now;
  document.documentElement.lang = language === "es" ? "es-AR" : "en";
  for (const id of ["tagline", "lost"]) $(id).textContent = w[id];
  $("language").textContent = w.other;
  Object.assign($("paper"), { textContent: w.paper, href: state.paper });
  Object.assign($("rush"), { textContent: state.rush.is_on ? w.calm : w.rush, ariaPressed: String(state.rush.is_on) });
  $("tour").ariaLabel = w.tourAbout;
  $("tour").replaceChildren(...w.tour.map((step) => make("li", { textContent: step })));
  const focus = focusPath();
  $("businesses").replaceChildren(...state.businesses.map(businessPart));
  document.querySelectorAll("#businesses a, #businesses button")[focus]?.focus();
  $("parts-title").textContent = w.parts;
  $("parts").replaceChildren(...state.parts.toSorted((one, other) => place(one) - place(other)).map(part));
  const [before, command, after] = w.more(state.data_dir);
  $("more").replaceChildren(before, make("code", { textContent: command }), after);
}

function focusPath() {
  return [...document.querySelectorAll("#businesses a, #businesses button")].indexOf(document.activeElement);
}

async function refresh() {
  try {
    state = await (await fetch("/state")).json();
    $("lost").hidden = true;
    draw();
  } catch {
    $("lost").hidden = false;
    $("lost").textContent = words[language].lost;
  }
}

$("language").onclick = () => {
  language = language === "es" ? "en" : "es";
  localStorage.setItem("language", language);
  draw();
};
$("rush").onclick = async () => {
  $("rush").disabled = true;
  try {
    await fetch("/rush", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ is_on: !state.rush.is_on }) });
  } finally {
    $("rush").disabled = false;
    await refresh();
  }
};
$("close").onclick = () => $("big").close();
await refresh();
setInterval(refresh, 2000);
