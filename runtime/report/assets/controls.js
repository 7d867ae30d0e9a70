// What the pointer is over, and moving along the axis of time.
function drawCrosshair({ pen, colour, x, right, height }) {
  tip.hidden = true;
  if (!pointer || pointer.x > right || pointer.x < MARGIN.left) return;
  pen.strokeStyle = colour("soft");
  pen.setLineDash([2, 3]);
  line(pen, pointer.x, 0, pointer.x, height - MARGIN.bottom);
  pen.setLineDash([]);
  const ms = timeUnder(pointer.x);
  const rows = [[`${date(ms)} ${clock(ms, true)} UTC`, ""]];
  for (const [name, series, say] of readings()) {
    const i = indexAfter(series, ms) - 1;
    if (i >= 0) rows.push([name, say(valueOf(series, series.last[i]))]);
  }
  for (const seen of under(chart?.patterns, "patterns", x)) {
    rows.push(["pattern", seen.says], ["show", seen.id]);
  }
  for (const fill of under(chart?.fills, "fills", x)) {
    const price = number(Number(fill.price), chart.digits);
    rows.push([`${fill.side} ${fill.quantity}`, `at ${price}`], ["why", fill.order]);
  }
  showTip(rows, right);
}

function readings() {
  const found = [];
  if (chart && !isEmpty(chart.price)) {
    found.push(["price", chart.price, (v) => number(v, chart.digits)]);
  }
  if (account && !isEmpty(account.equity)) {
    found.push(["equity", account.equity, (v) => number(v, 2)]);
    found.push(["drawdown", account.drawdown, (v) => `${number(v * 100, 3)} %`]);
  }
  return found;
}

function under(marks, what, x) {
  if (!marks || !shown[what]) return [];
  return marks.filter((mark) => Math.abs(x(mark.ms) - pointer.x) < 5).slice(0, 3);
}

function showTip(rows, right) {
  tip.replaceChildren(...rows.map(([name, value], i) => {
    const row = document.createElement("div");
    const label = document.createElement(i ? "span" : "b");
    const said = document.createElement("b");
    label.textContent = name;
    said.textContent = value;
    row.append(label, said);
    return row;
  }));
  tip.hidden = false;
  const left = pointer.x + 16 + tip.offsetWidth > right ? pointer.x - 16 - tip.offsetWidth : pointer.x + 16;
  tip.style.left = `${Math.max(0, left)}px`;
  tip.style.top = `${Math.max(4, Math.min(pointer.y - 20, canvas.clientHeight - tip.offsetHeight - 30))}px`;
}

// ---- moving about
const plotWidth = () => canvas.clientWidth - MARGIN.right - MARGIN.left;
const timeUnder = (px) => view.from + ((px - MARGIN.left) / plotWidth()) * (view.to - view.from);

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  zoom(Math.exp(event.deltaY * 0.0015), timeUnder(event.offsetX));
}, { passive: false });
canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
canvas.addEventListener("pointermove", (event) => {
  pointer = { x: event.offsetX, y: event.offsetY };
  if (event.buttons) {
    const moved = (-event.movementX / plotWidth()) * (view.to - view.from);
    show(view.from + moved, view.to + moved);
  } else {
    draw();
  }
});
canvas.addEventListener("pointerleave", () => { pointer = null; draw(); });
canvas.addEventListener("dblclick", reset);
canvas.addEventListener("keydown", (event) => {
  const step = (view.to - view.from) / 8, centre = (view.from + view.to) / 2;
  const act = {
    ArrowLeft: () => show(view.from - step, view.to - step),
    ArrowRight: () => show(view.from + step, view.to + step),
    "+": () => zoom(0.7, centre), "=": () => zoom(0.7, centre), "-": () => zoom(1.4, centre),
    Home: reset,
  }[event.key];
  if (act) { event.preventDefault(); act(); }
});
document.getElementById("reset").addEventListener("click", reset);
for (const what of Object.keys(shown)) {
  document.getElementById(`show-${what}`).addEventListener("change", (event) => {
    shown[what] = event.target.checked;
    draw();
  });
}
for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; }, 1500);
  });
}

function tabs(id, items, name, choose) {
  if (items.length < 2) return;
  const holder = document.getElementById(id);
  for (const item of items) {
    const button = document.createElement("button");
    button.type = "button";
    button.role = "tab";
    button.textContent = name(item);
    button.setAttribute("aria-selected", String(item === items[0]));
    button.addEventListener("click", () => {
      for (const each of holder.children) each.setAttribute("aria-selected", String(each === button));
      choose(item);
      reset();
    });
    holder.append(button);
  }
}

function reset() {
  const whole = wholeRun();
  show(whole.from, whole.to);
}

tabs("instruments", model.charts, (item) => item.name, (item) => { chart = item; });
tabs("accounts", model.accounts, (item) => `${item.name} ${item.currency}`, (item) => { account = item; });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
new ResizeObserver(draw).observe(canvas);
if (!model.charts.some((each) => each.patterns.length)) {
  for (const part of document.querySelectorAll(".about-patterns")) part.remove();
}
reset();
