// Draws price with fills and stops, equity, and drawdown over one axis of time, and moves along it.
"use strict";
(() => {
  const model = JSON.parse(document.getElementById("timeline-data").textContent);
  const canvas = document.getElementById("canvas");
  const tip = document.getElementById("tip");
  const shown = { fills: true, stops: true, limits: true };
  const MARGIN = { left: 4, right: 78, bottom: 24 };
  const PANES = [
    { name: "Price", share: 0.6 },
    { name: "Equity", share: 0.24 },
    { name: "Drawdown", share: 0.16 },
  ];
  const SECOND = 1000, MINUTE = 60 * SECOND, HOUR = 60 * MINUTE, DAY = 24 * HOUR;
  const SILENCE = 2 * HOUR; // a line across a longer one would show prices that nobody quoted
  const TIME_STEPS = [
    SECOND, 5 * SECOND, 15 * SECOND, 30 * SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE,
    30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY,
    30 * DAY, 91 * DAY, 182 * DAY, 365 * DAY, 730 * DAY, 1825 * DAY,
  ];
  let chart = model.charts[0] ?? null;
  let account = model.accounts[0] ?? null;
  let view = { from: 0, to: 1 };
  let pointer = null;

  // ---- series: stretch i begins at start_ms + at[i] * width_ms and lies in low[i]..high[i]
  const timeAt = (series, i) => series.start_ms + series.at[i] * series.width_ms;
  const valueOf = (series, mantissa) => mantissa / 10 ** series.digits;
  const isEmpty = (series) => !series || series.at.length === 0;

  function indexAfter(series, ms) { // of the first stretch that begins after ms
    let low = 0, high = series.at.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (timeAt(series, middle) > ms) high = middle; else low = middle + 1;
    }
    return low;
  }

  function columns(series, x) { // visible stretches, several in one pixel made one
    const found = [];
    const end = Math.min(series.at.length, indexAfter(series, view.to) + 1);
    for (let i = Math.max(0, indexAfter(series, view.from) - 2); i < end; i++) {
      const at = x(timeAt(series, i) + series.width_ms / 2);
      const before = found[found.length - 1];
      if (before && Math.floor(before.x) === Math.floor(at)) {
        before.low = Math.min(before.low, series.low[i]);
        before.high = Math.max(before.high, series.high[i]);
        before.last = series.last[i];
      } else {
        const silence = before ? (series.at[i] - series.at[before.i]) * series.width_ms : 0;
        const resumes = silence > Math.max(SILENCE, 4 * series.width_ms);
        found.push({ x: at, low: series.low[i], high: series.high[i], last: series.last[i], resumes });
      }
      found[found.length - 1].i = i;
    }
    for (const column of found) {
      for (const key of ["low", "high", "last"]) column[key] = valueOf(series, column[key]);
    }
    return found;
  }

  // ---- view
  function wholeRun() {
    const all = [chart?.price, account?.equity].filter((series) => !isEmpty(series));
    if (all.length === 0) return { from: 0, to: 1 };
    const from = Math.min(...all.map((series) => timeAt(series, 0)));
    const to = Math.max(...all.map((s) => timeAt(s, s.at.length - 1) + s.width_ms));
    return { from, to: Math.max(to, from + SECOND) };
  }

  function show(from, to) {
    const whole = wholeRun();
    const span = Math.min(Math.max(to - from, 10 * SECOND), whole.to - whole.from);
    const start = Math.min(Math.max(from, whole.from), whole.to - span);
    view = { from: start, to: start + span };
    draw();
  }

  function zoom(factor, centre) {
    const span = (view.to - view.from) * factor;
    show(centre - (centre - view.from) * factor, centre - (centre - view.from) * factor + span);
  }

  // ---- labels
  const two = (number) => String(number).padStart(2, "0");
  function clock(ms, seconds) {
    const at = new Date(ms);
    const text = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
    return seconds ? `${text}:${two(at.getUTCSeconds())}` : text;
  }
  const date = (ms) => new Date(ms).toISOString().slice(0, 10);
  const number = (value, digits) =>
    value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

  function timeTicks(width) {
    const wanted = (view.to - view.from) / Math.max(2, width / 110);
    const step = TIME_STEPS.find((each) => each >= wanted) ?? TIME_STEPS[TIME_STEPS.length - 1];
    const ticks = [];
    for (let ms = Math.ceil(view.from / step) * step; ms <= view.to; ms += step) {
      const isDay = ms % DAY === 0;
      ticks.push({ ms, isDay, label: isDay || step >= DAY ? date(ms) : clock(ms, step < MINUTE) });
    }
    return ticks;
  }

  function valueTicks(low, high, height) {
    const wanted = (high - low) / Math.max(2, height / 46);
    const power = 10 ** Math.floor(Math.log10(wanted));
    const step = power * ([1, 2, 2.5, 5, 10].find((each) => each * power >= wanted) ?? 10);
    const ticks = [];
    for (let k = Math.ceil(low / step); k * step <= high; k++) ticks.push(k * step);
    return ticks;
  }

  // ---- drawing
  function draw() {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const pen = canvas.getContext("2d");
    pen.scale(ratio, ratio);
    pen.font = "11px Inter, system-ui, sans-serif";
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(`--${name}`).trim();
    const right = width - MARGIN.right;
    const x = (ms) => MARGIN.left + ((ms - view.from) / (view.to - view.from)) * (right - MARGIN.left);
    const area = { pen, colour, x, right, width, height };
    drawTimes(area);
    let top = 0;
    for (const pane of PANES) {
      const bottom = top + (height - MARGIN.bottom) * pane.share;
      drawPane({ ...area, top: top + 20, bottom: bottom - 10, label: pane.name, edge: bottom });
      top = bottom;
    }
    drawCrosshair(area);
  }

  function drawTimes({ pen, colour, x, right, height }) {
    pen.textAlign = "center";
    for (const { ms, isDay, label } of timeTicks(right - MARGIN.left)) {
      pen.strokeStyle = colour(isDay ? "line" : "faint");
      line(pen, x(ms), 0, x(ms), height - MARGIN.bottom);
      pen.fillStyle = colour(isDay ? "ink" : "soft");
      if (x(ms) > 26 && x(ms) < right - 20) pen.fillText(label, x(ms), height - 7);
    }
  }

  function drawPane(area) {
    const { pen, colour, label, edge, right, top } = area;
    pen.strokeStyle = colour("line");
    line(pen, 0, edge, area.width, edge);
    const paint = { Price: drawPrice, Equity: drawEquity, Drawdown: drawDrawdown }[label];
    paint(area);
    const title = { Price: chart?.name, Equity: account && `Equity, ${account.currency}` }[label];
    pen.fillStyle = colour("soft");
    pen.textAlign = "left";
    pen.fillText(title ?? label, MARGIN.left + 4, top - 6);
    pen.strokeStyle = colour("line");
    line(pen, right, 0, right, edge);
  }

  function scaled(area, low, high, label) { // value to y, with its axis drawn
    const { pen, colour, right, top, bottom } = area;
    const room = high > low ? (high - low) * 0.06 : Math.abs(high) * 0.001 || 1;
    const floor = low - room, ceiling = high + room;
    const y = (value) => bottom - ((value - floor) / (ceiling - floor)) * (bottom - top);
    pen.textAlign = "left";
    for (const tick of valueTicks(floor, ceiling, bottom - top)) {
      pen.strokeStyle = colour("faint");
      line(pen, MARGIN.left, y(tick), right, y(tick));
      pen.fillStyle = colour("soft");
      pen.fillText(label(tick, ceiling - floor), right + 8, y(tick) + 4);
    }
    return y;
  }

  const digitsFor = (span, most) =>
    Math.min(most, Math.max(0, 2 - Math.floor(Math.log10(span))));

  function drawPrice(area) {
    if (!chart || isEmpty(chart.price)) return;
    const { pen, colour, x } = area;
    const found = columns(chart.price, x);
    if (found.length === 0) return;
    const fills = chart.fills.filter((fill) => fill.ms >= view.from && fill.ms <= view.to);
    const prices = [
      ...found.flatMap((column) => [column.low, column.high]), ...fills.map((fill) => fill.price),
    ];
    const [low, high] = widened(Math.min(...prices), Math.max(...prices));
    const y = scaled(area, low, high, (v, span) => number(v, digitsFor(span, chart.digits)));
    area.y = y;
    clipped(area, () => {
      for (const stretch of unbroken(found)) band(pen, stretch, y, colour("price"));
      if (shown.stops) drawLevels(area, "stop");
      if (shown.limits) drawLevels(area, "limit");
      if (shown.fills) drawFills(area, fills);
    });
  }

  function widened(low, high) { // so that working orders near the price are in the picture
    const reach = high - low;
    let [floor, ceiling] = [low, high];
    for (const level of chart.levels) {
      if (!shown[`${level.role}s`] || level.end_ms < view.from || level.points[0][0] > view.to) continue;
      for (const [, price] of level.points) {
        if (price < low - reach || price > high + reach) continue;
        floor = Math.min(floor, price);
        ceiling = Math.max(ceiling, price);
      }
    }
    return [floor, ceiling];
  }

  function unbroken(found) { // split where the market was silent
    const stretches = [];
    for (const column of found) {
      if (column.resumes || stretches.length === 0) stretches.push([]);
      stretches[stretches.length - 1].push(column);
    }
    return stretches;
  }

  function drawLevels({ pen, colour, x, y }, role) {
    pen.strokeStyle = colour(role);
    pen.globalAlpha = 0.75;
    pen.setLineDash([4, 3]);
    for (const level of chart.levels) {
      if (level.role !== role || level.end_ms < view.from || level.points[0][0] > view.to) continue;
      pen.beginPath();
      level.points.forEach(([ms, price], i) => {
        if (i) pen.lineTo(x(ms), y(level.points[i - 1][1]));
        else pen.moveTo(x(ms), y(price));
        pen.lineTo(x(ms), y(price));
      });
      pen.lineTo(x(level.end_ms), y(level.points[level.points.length - 1][1]));
      pen.stroke();
    }
    pen.setLineDash([]);
    pen.globalAlpha = 1;
  }

  function drawFills({ pen, colour, x, y }, fills) {
    const size = fills.length > 300 ? 3.2 : fills.length > 80 ? 4.5 : 6;
    for (const fill of fills) {
      const up = fill.side === "buy" ? 1 : -1;
      const [px, py] = [x(fill.ms), y(fill.price)];
      pen.beginPath();
      pen.moveTo(px, py);
      pen.lineTo(px - size, py + up * size * 1.7);
      pen.lineTo(px + size, py + up * size * 1.7);
      pen.closePath();
      pen.lineWidth = 1.4;
      pen.strokeStyle = colour(up > 0 ? "gain" : "loss");
      pen.fillStyle = fill.opens ? pen.strokeStyle : colour("card");
      pen.fill();
      pen.stroke();
      pen.lineWidth = 1;
    }
  }

  function drawEquity(area) {
    if (!account || isEmpty(account.equity)) return;
    const found = columns(account.equity, area.x);
    if (found.length === 0) return;
    const low = Math.min(...found.map((c) => c.low)), high = Math.max(...found.map((c) => c.high));
    const y = scaled(area, low, high, (v, span) => number(v, digitsFor(span, 2)));
    clipped(area, () => {
      wash(area, found, (c) => y(c.last), area.bottom + 10, area.colour("price"), 0.08);
      band(area.pen, found, y, area.colour("price"));
    });
  }

  function drawDrawdown(area) {
    if (!account || isEmpty(account.drawdown)) return;
    const found = columns(account.drawdown, area.x);
    if (found.length === 0) return;
    const deepest = Math.max(...found.map((c) => c.high), 1e-6);
    const digits = digitsFor(deepest * 100, 3);
    const y = scaled(area, -deepest, 0, (v) => `${number(v * 100, digits).replace("-", "−")} %`);
    clipped(area, () => {
      wash(area, found, (c) => y(-c.high), y(0), area.colour("loss"), 0.22);
      stroke(area.pen, found, (c) => y(-c.high), area.colour("loss"));
    });
  }

  function clipped({ pen, right, top, bottom }, paint) {
    pen.save();
    pen.beginPath();
    pen.rect(MARGIN.left, top - 8, right - MARGIN.left, bottom - top + 18);
    pen.clip();
    paint();
    pen.restore();
  }

  function line(pen, x1, y1, x2, y2) {
    pen.beginPath();
    pen.moveTo(Math.round(x1) + 0.5, Math.round(y1) + 0.5);
    pen.lineTo(Math.round(x2) + 0.5, Math.round(y2) + 0.5);
    pen.stroke();
  }

  function stroke(pen, found, at, colour) {
    pen.strokeStyle = colour;
    pen.lineWidth = 1.3;
    pen.lineJoin = "round";
    pen.beginPath();
    for (const column of found) pen.lineTo(column.x, at(column));
    pen.stroke();
    pen.lineWidth = 1;
  }

  function band(pen, found, y, colour) {
    pen.fillStyle = colour;
    pen.globalAlpha = 0.28;
    pen.beginPath();
    for (const column of found) pen.lineTo(column.x, y(column.high));
    for (const column of [...found].reverse()) pen.lineTo(column.x, y(column.low));
    pen.fill();
    pen.globalAlpha = 1;
    stroke(pen, found, (column) => y(column.last), colour);
  }

  function wash({ pen }, found, at, base, colour, alpha) {
    pen.fillStyle = colour;
    pen.globalAlpha = alpha;
    pen.beginPath();
    pen.moveTo(found[0].x, base);
    for (const column of found) pen.lineTo(column.x, at(column));
    pen.lineTo(found[found.length - 1].x, base);
    pen.fill();
    pen.globalAlpha = 1;
  }

  // ---- what the pointer is over
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
    for (const fill of nearby(x)) {
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

  function nearby(x) {
    if (!chart || !shown.fills) return [];
    return chart.fills.filter((fill) => Math.abs(x(fill.ms) - pointer.x) < 5).slice(0, 3);
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
  reset();
})();
