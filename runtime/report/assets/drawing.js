// Draws price with fills and stops, equity, and drawdown over one axis of time.
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
    if (shown.patterns) drawPatterns(area);
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

function drawPatterns({ pen, colour, x, y }) { // a bar over the formation, a diamond where it was seen
  const visible = chart.patterns.filter((seen) => seen.ms >= view.from && seen.from_ms <= view.to);
  const size = visible.length > 150 ? 3 : 4.5;
  pen.strokeStyle = pen.fillStyle = colour("pattern");
  for (const seen of visible) {
    const away = { long: 16, short: -16, flat: 0 }[seen.direction];
    const [px, py] = [x(seen.ms), y(seen.price) + away];
    pen.globalAlpha = 0.45;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x(seen.from_ms), py);
    pen.lineTo(px, py);
    pen.stroke();
    pen.globalAlpha = 1;
    pen.beginPath();
    for (const [dx, dy] of [[0, -size], [size, 0], [0, size], [-size, 0]]) pen.lineTo(px + dx, py + dy);
    pen.closePath();
    pen.fill();
  }
  pen.lineWidth = 1;
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
