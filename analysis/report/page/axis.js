// Where an axis has its ticks: the same as axis.cpp, for charts that zoom.
const DAY = 86400;
const DATE_STEPS = [
  1,
  60,
  300,
  900,
  3600,
  3 * 3600,
  21600,
  43200,
  DAY,
  2 * DAY,
  7 * DAY,
  14 * DAY,
  30 * DAY,
  91 * DAY,
  365 * DAY,
  3650 * DAY,
];
const stepOf = (steps, least) => steps.find(step => step >= least) || steps.at(-1);

function niceStep(least) {
  const decade = 10 ** Math.floor(Math.log10(least));
  return decade * ([1, 2, 5].find(factor => factor * decade >= least * (1 - 1e-9)) || 10);
}

function linearTicks(lo, hi, unit, wanted) {
  const least = (hi - lo) / wanted;
  const step =
    unit === BYTES
      ? Math.max(1, 2 ** Math.ceil(Math.log2(least)))
      : unit === DATE
        ? stepOf(DATE_STEPS, least)
        : unit === COUNT
          ? Math.max(1, niceStep(least))
          : niceStep(least);
  const at = [];
  for (let k = Math.ceil(lo / step); k * step <= hi && at.length < 1000; ++k) at.push(k * step);
  return at;
}

function powersOfTwo(lo, hi, wanted) {
  const first = Math.ceil(Math.log2(lo)),
    last = Math.floor(Math.log2(hi)),
    at = [];
  const step = stepOf([1, 2, 4, 5, 10], (last - first) / wanted);
  for (let e = Math.ceil(first / step) * step; e <= last; e += step) at.push(2 ** e);
  return at;
}

function decades(lo, hi, wanted) {
  const span = Math.log10(hi / lo),
    step = Math.max(1, Math.ceil(span / wanted)),
    at = [];
  for (let e = Math.floor(Math.log10(lo)); e <= Math.ceil(Math.log10(hi)); e += step)
    for (const factor of 3 * span <= wanted ? [1, 2, 5] : [1]) {
      const value = Number(`${factor}e${e}`);
      if (value >= lo && value <= hi) at.push(value);
    }
  return at;
}

function ticks(lo, hi, axis, wanted) {
  wanted = Math.max(wanted, 2);
  if (!axis.log) return linearTicks(lo, hi, axis.unit, wanted);
  const at = axis.unit === BYTES ? powersOfTwo(lo, hi, wanted) : decades(lo, hi, wanted);
  return at.length < 2 ? linearTicks(lo, hi, axis.unit, wanted) : at;
}

function tickLabels(at, axis) {
  const own = at.map(value => formatNumber(value, axis.unit));
  if (axis.unit === BYTES || axis.unit === DATE || (axis.log && new Set(own).size === own.length)) return own;
  const largest = Math.max(...at.map(Math.abs)),
    step = at.length > 1 ? at[1] - at[0] : 1;
  const scales = axis.unit === TIME ? TIMES : axis.unit === RATE ? RATES.slice(1) : [[1, '']];
  const [size, name] = scales.find(scale => largest >= scale[0]) || scales.at(-1);
  const decimals = Math.min(9, Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9)));
  return at.map(value => {
    const text = (value / size).toFixed(decimals);
    return axis.unit === PERCENT ? signed(value, `${text}%`) : name ? `${text} ${name}` : text;
  });
}

function withMargin(least, most, axis) {
  if (axis.log) {
    const factor = most > least ? (most / least) ** 0.04 : 1.5;
    return [least / factor, most * factor];
  }
  const margin = most > least ? 0.05 * (most - least) : Math.abs(most) * 0.05 || 1;
  return [least - margin, most + margin];
}
