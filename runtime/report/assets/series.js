// What is shown, which part of it, and how its numbers are read and labelled.
const model = JSON.parse(document.getElementById("timeline-data").textContent);
const canvas = document.getElementById("canvas");
const tip = document.getElementById("tip");
const shown = { fills: true, stops: true, limits: true, patterns: true };
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
const usualSpacing = (series) => { // the median time from one stretch to the next
  const steps = series.at.slice(1).map((at, i) => at - series.at[i]).sort((a, b) => a - b);
  return steps.length ? steps[Math.floor(steps.length / 2)] * series.width_ms : 0;
};
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
  const longest = Math.max(SILENCE, 4 * series.width_ms, 5 * usualSpacing(series));
  for (let i = Math.max(0, indexAfter(series, view.from) - 2); i < end; i++) {
    const at = x(timeAt(series, i) + series.width_ms / 2);
    const before = found[found.length - 1];
    if (before && Math.floor(before.x) === Math.floor(at)) {
      before.low = Math.min(before.low, series.low[i]);
      before.high = Math.max(before.high, series.high[i]);
      before.last = series.last[i];
    } else {
      const silence = before ? (series.at[i] - series.at[before.i]) * series.width_ms : 0;
      const resumes = silence > longest;
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
